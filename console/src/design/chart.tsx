import { useWords, wordsOf } from '@hongmi/ui/language.ts';
import { useScheme } from '@hongmi/ui/scheme.ts';
import { paletteOf } from '@hongmi/ui/tokens.ts';
import { Segmented } from 'antd';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { ChartProps } from './chart-series.ts';
import { Card } from './page.tsx';
import { PlainTable } from './table.tsx';

const chartWords = wordsOf({
  zh: { as: '显示方式', chart: '图', table: '表', when: '日期', failed: '图没有载入，请看表' },
  en: {
    as: 'Shown as',
    chart: 'Chart',
    table: 'Table',
    when: 'Date',
    failed: 'The chart did not load; see the table',
  },
});

type Engine = typeof import('./chart-engine.ts')['engine'];

/** Figures over time, as a chart or as the table behind it, which can be exported. */
export function ChartCard({
  title,
  exportAs,
  more,
  ...chart
}: ChartProps & {
  readonly title: string;
  readonly exportAs: string;
  readonly more?: ReactNode;
}) {
  const t = useWords(chartWords);
  const [shown, setShown] = useState<'chart' | 'table'>('chart');
  const { categories, series, format, label } = chart;
  return (
    <Card
      title={title}
      flush={shown === 'table'}
      actions={
        <Segmented
          size="small"
          aria-label={`${title}: ${t.as}`}
          value={shown}
          onChange={setShown}
          options={[
            { value: 'chart', label: t.chart },
            { value: 'table', label: t.table },
          ]}
        />
      }
    >
      {shown === 'chart' ? (
        <>
          {more}
          <Chart {...chart} />
        </>
      ) : (
        <PlainTable
          label={label}
          exportAs={exportAs}
          rowKey={({ key }) => key}
          rows={categories.map((category, at) => ({ ...category, at }))}
          columns={[
            {
              key: 'when',
              title: t.when,
              render: ({ name }) => name,
              value: ({ key }) => key,
              sortable: true,
            },
            ...series.map(({ key, name, values }) => ({
              key,
              title: name,
              align: 'right' as const,
              sortable: true,
              render: ({ at }: { readonly at: number }) => {
                const value = values[at] ?? null;
                return value === null ? '–' : <span className="hm-number">{format(value)}</span>;
              },
              value: ({ at }: { readonly at: number }) => values[at] ?? null,
            })),
          ]}
        />
      )}
    </Card>
  );
}

type Shown = Pick<ChartProps, 'categories' | 'series'>;

/** The chart alone. ECharts is fetched with the first one. */
function Chart({ label, categories, series, format, short, height = 280 }: ChartProps) {
  const t = useWords(chartWords);
  const scheme = useScheme();
  const place = useRef<HTMLDivElement>(null);
  const [engine, setEngine] = useState<Engine | 'failed'>();
  // Drawn again when what it shows is different, not whenever the page around it is.
  const shown = JSON.stringify({ categories, series } satisfies Shown);
  const words = useRef({ format, short });
  words.current = { format, short };
  const chart = useRef<ReturnType<Engine['createChart']>>(undefined);

  useEffect(() => {
    let isGone = false;
    // After the frame that shows the figures: it weighs as much as half of everything else.
    const frame = requestAnimationFrame(() => {
      import('./chart-engine.ts').then(
        (loaded) => isGone || setEngine(loaded.engine),
        () => isGone || setEngine('failed'),
      );
    });
    return () => {
      isGone = true;
      cancelAnimationFrame(frame);
    };
  }, []);
  useEffect(() => {
    if (engine === undefined || engine === 'failed' || place.current === null) return undefined;
    const element = place.current;
    const made = engine.createChart(element);
    chart.current = made;
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(element);
    return () => {
      watch.disconnect();
      made.dispose();
      chart.current = undefined;
    };
  }, [engine]);
  useEffect(() => {
    if (engine === undefined || engine === 'failed' || chart.current === undefined) return;
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const { format, short } = words.current;
    const drawn = { ...(JSON.parse(shown) as Shown), format, short };
    engine.drawChart(chart.current, drawn, paletteOf(scheme), isStill);
  }, [engine, scheme, shown]);

  if (engine === 'failed') return <p className="hm-soft">{t.failed}</p>;
  return <div ref={place} role="img" aria-label={label} style={{ height }} />;
}
