import type { Item } from '@hongmi/sdk';
import { useFilter } from '@hongmi/ui/address.ts';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { Segmented } from 'antd';
import { hongmi } from '../../../app/api.ts';
import type { Column } from '../../../design/column.ts';
import { Card } from '../../../design/page.tsx';
import { Table } from '../../../design/table.tsx';
import { Tag } from '../../../design/tag.tsx';
import { None, Points, When } from '../../../design/values.tsx';
import { useCode } from '../me.ts';
import { PointType, usePointScale } from '../point-type.tsx';
import { Exact, TermsOf } from '../values.tsx';
import { words } from './words.ts';

type Pair = Item<'listGuardedPairs'>;

/** What the platform is left with of each point that one gave and another took. */
export function MarginsCard() {
  const t = useWords(words);
  const code = useCode();
  const scaleOf = usePointScale();
  const [asked, setAsked] = useFilter('pairs');
  const all = asked === 'all' ? true : undefined;
  const columns: readonly Column<Pair>[] = [
    {
      key: 'payer',
      title: t.payer,
      render: ({ payer }) => <TermsOf merchantId={payer} />,
      value: ({ payer }) => payer,
    },
    {
      key: 'taker',
      title: t.taker,
      render: ({ taker }) => <TermsOf merchantId={taker} />,
      value: ({ taker }) => taker,
    },
    {
      key: 'type',
      title: t.type,
      render: ({ pointType }) => <PointType code={pointType} />,
      value: ({ pointType }) => pointType,
    },
    {
      key: 'margin',
      title: t.margin,
      align: 'right',
      render: ({ marginMicroFen }) => (
        <>
          {marginMicroFen < 0 ? <Tag tone="bad">{t.loss}</Tag> : null}{' '}
          <Exact microFen={marginMicroFen} />
        </>
      ),
      value: ({ marginMicroFen }) => marginMicroFen,
      sortable: true,
    },
    {
      key: 'points',
      title: t.points,
      align: 'right',
      render: ({ points, pointType }) => <Points value={points} scale={scaleOf(pointType)} />,
      value: ({ points, pointType }) => points / 10 ** scaleOf(pointType),
      sortable: true,
    },
    {
      key: 'last',
      title: t.last,
      render: ({ lastAt }) => (lastAt === null ? <None /> : <When at={lastAt} />),
      value: ({ lastAt }) => lastAt,
    },
  ];
  return (
    <Card
      title={t.pairs}
      flush
      actions={
        <Segmented
          aria-label={t.which}
          value={asked ?? 'active'}
          onChange={(value) => setAsked(value === 'active' ? undefined : value)}
          options={[
            { value: 'active', label: t.active },
            { value: 'all', label: t.every },
          ]}
        />
      }
    >
      <p className="hm-card-note hm-soft">{t.pairsMore}</p>
      <Table
        label={t.pairs}
        columns={columns}
        rowKey={({ payer, taker, pointType }) => `${payer} ${taker} ${pointType}`}
        queryKey={['guard', 'pairs', code, all]}
        load={(cursor, signal) =>
          hongmi.listGuardedPairs({ programme: code, all, cursor, limit: 50 }, { signal })
        }
        exportAs="margins"
        empty={<Empty title={t.noPairs} />}
      />
    </Card>
  );
}
