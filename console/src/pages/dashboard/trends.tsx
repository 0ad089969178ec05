import type { components } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { ChartCard } from '../../design/chart.tsx';
import { Card } from '../../design/page.tsx';
import { words } from './words.ts';

type Overview = components['schemas']['InsightSeries'];

/** What became of points over time. */
export function Flow({ series, scale }: { readonly series: Overview; readonly scale: number }) {
  const t = useWords(words);
  const f = useFormat();
  const { items } = series;
  const columns = [
    ['issued', t.figures.issued, ({ issued }: Figures) => issued],
    ['redeemed', t.figures.redeemed, ({ redeemed }: Figures) => redeemed],
    ['expired', t.figures.expired, ({ expired }: Figures) => expired],
  ] as const;
  const isStill = items.every(({ figures }) =>
    columns.every(([, , value]) => value(figures) === 0),
  );
  if (isStill)
    return (
      <Card title={t.flow}>
        <Empty title={t.nothing}>{t.nothingWhy}</Empty>
      </Card>
    );
  return (
    <ChartCard
      title={t.flow}
      label={t.flowLabel}
      exportAs="points-over-time"
      height={300}
      categories={categoriesOf(series)}
      series={columns.map(([key, name, value], tone) => ({
        key,
        name,
        kind: 'line' as const,
        tone,
        values: items.map(({ figures }) => value(figures)),
      }))}
      format={(value) => f.points(value, scale)}
      short={(value) => f.compact(value / 10 ** scale)}
    />
  );
}
type Figures = Overview['items'][number]['figures'];

/** What points not yet redeemed cost, as it came to be. */
export function LiabilityTrend({ series }: { readonly series: Overview }) {
  const t = useWords(words);
  const f = useFormat();
  return (
    <ChartCard
      title={t.liability}
      label={t.liabilityLabel}
      exportAs="liability"
      height={220}
      categories={categoriesOf(series)}
      series={[
        {
          key: 'liability',
          name: t.liability,
          kind: 'line',
          tone: 3,
          values: series.items.map(({ outstanding }) => outstanding.liabilityFen),
        },
      ]}
      format={(value) => f.money(value)}
      short={(value) => f.compact(value / 100)}
    />
  );
}

export function ActiveTrend({ series }: { readonly series: Overview }) {
  const t = useWords(words);
  const f = useFormat();
  return (
    <ChartCard
      title={t.active}
      label={t.activeLabel}
      exportAs="active-members"
      height={220}
      categories={categoriesOf(series)}
      series={[
        {
          key: 'active',
          name: t.active,
          kind: 'bar',
          tone: 1,
          values: series.items.map(({ active }) => active),
        },
      ]}
      format={(value) => f.number(value)}
      short={(value) => f.compact(value)}
    />
  );
}

/** Days as 03-01, months as 2026-03. */
function categoriesOf({ items, by }: Overview) {
  return items.map(({ from }) => ({
    key: from,
    name: by === 'month' ? from.slice(0, 7) : from.slice(5),
  }));
}
