import type { components } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { useQuery } from '@tanstack/react-query';
import { hongmi } from '../../app/api.ts';
import type { Programme } from '../../app/programme.tsx';
import { Loaded } from '../../design/loaded.tsx';
import { Card, Facts } from '../../design/page.tsx';
import { PlainTable } from '../../design/table.tsx';
import { Code, When } from '../../design/values.tsx';
import { words } from './words.ts';

type Scheme = components['schemas']['TierScheme'];
type Tier = components['schemas']['Tier'];

/** The tiers that hold now, and by what they are reached. */
export function TiersCard({ programme: { code } }: { readonly programme: Programme }) {
  const t = useWords(words);
  const query = useQuery({
    queryKey: ['settings', 'tiers', code],
    queryFn: ({ signal }) => hongmi.getTiers({ code }, { signal }),
  });
  return (
    <Card title={t.tiers}>
      <Loaded query={query}>
        {({ current, versions }) => {
          const scheme = versions.find(({ number }) => number === current);
          return scheme === undefined ? (
            <Empty title={t.tiersNone}>{t.tiersWhy}</Empty>
          ) : (
            <Known scheme={scheme} />
          );
        }}
      </Loaded>
    </Card>
  );
}

function Known({ scheme }: { readonly scheme: Scheme }) {
  const t = useWords(words);
  const f = useFormat();
  const { window } = scheme;
  const windowShown = (): string => {
    if (window.kind === 'calendar') return t.calendars[window.unit];
    return window.kind === 'rolling'
      ? t.windows.rolling(f.number(window.months))
      : t.windows.anniversary;
  };
  const qualification = ({ qualify }: Tier): string => {
    const parts = [
      qualify.spendFen === undefined ? [] : t.spend(f.money(qualify.spendFen)),
      qualify.visits === undefined ? [] : t.visits(f.number(qualify.visits)),
      qualify.points === undefined ? [] : t.earned(f.number(qualify.points)),
    ].flat();
    if (parts.length < 2) return parts.join('');
    return t.named(qualify.match === 'any' ? t.anyOf : t.allOf, parts.join(' · '));
  };
  return (
    <>
      <Facts
        rows={[
          [t.version, f.number(scheme.number)],
          [t.from, <When key="from" at={scheme.from} />],
          [t.window, windowShown()],
        ]}
      />
      <div style={{ height: 16 }} />
      <PlainTable<Tier>
        label={t.tiers}
        rows={scheme.tiers}
        rowKey={({ code }) => code}
        columns={[
          { key: 'name', title: t.tier, render: ({ name }) => name, value: ({ name }) => name },
          {
            key: 'code',
            title: t.code,
            render: ({ code }) => <Code>{code}</Code>,
            value: ({ code }) => code,
          },
          {
            key: 'qualify',
            title: t.qualify,
            render: (tier) => qualification(tier),
            value: (tier) => qualification(tier),
          },
        ]}
      />
    </>
  );
}
