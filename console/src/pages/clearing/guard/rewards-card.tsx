import type { Item } from '@hongmi/sdk';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useFormat } from '@hongmi/ui/format.ts';
import { useWords } from '@hongmi/ui/language.ts';
import { Link } from 'wouter';
import { hongmi } from '../../../app/api.ts';
import { useMay } from '../../../app/session.ts';
import type { Column } from '../../../design/column.ts';
import { Card } from '../../../design/page.tsx';
import { Table } from '../../../design/table.tsx';
import { Tag } from '../../../design/tag.tsx';
import { Money, Points } from '../../../design/values.tsx';
import { useCode } from '../me.ts';
import { PointType, usePointScale } from '../point-type.tsx';
import { Exact, Party } from '../values.tsx';
import { useRewardNames } from './reward-names.ts';
import { words } from './words.ts';

type Reward = Item<'listGuardedRewards'>;

/** What each reward took in 30 days and left the platform, whichever loses most first. */
export function RewardsCard() {
  const t = useWords(words);
  const f = useFormat();
  const code = useCode();
  const may = useMay();
  const scaleOf = usePointScale();
  const names = useRewardNames();
  const nameOf = ({ rewardId, code: known }: Reward): string =>
    rewardId === null ? t.none : (names.get(rewardId) ?? known ?? rewardId);
  const columns: readonly Column<Reward>[] = [
    {
      key: 'code',
      title: t.code,
      render: (row) =>
        row.rewardId === null ? (
          <span className="hm-soft">{t.none}</span>
        ) : may('rewards:read') ? (
          <Link href={`~/console/rewards/${row.rewardId}`}>{nameOf(row)}</Link>
        ) : (
          nameOf(row)
        ),
      value: nameOf,
    },
    {
      key: 'taker',
      title: t.taker,
      render: ({ taker }) => <Party id={taker} />,
      value: ({ taker }) => taker,
    },
    {
      key: 'type',
      title: t.type,
      render: ({ pointType }) => <PointType code={pointType} />,
      value: ({ pointType }) => pointType,
    },
    {
      key: 'points',
      title: t.recent,
      align: 'right',
      render: ({ points, pointType }) => <Points value={points} scale={scaleOf(pointType)} />,
      value: ({ points, pointType }) => points / 10 ** scaleOf(pointType),
      sortable: true,
    },
    {
      key: 'share',
      title: t.share,
      align: 'right',
      render: ({ shareBasisPoints }) => f.percent(shareBasisPoints / 10_000),
      value: ({ shareBasisPoints }) => shareBasisPoints / 10_000,
      sortable: true,
    },
    {
      key: 'margin',
      title: t.margin,
      align: 'right',
      render: ({ marginMicroFen }) => <Exact microFen={marginMicroFen} />,
      value: ({ marginMicroFen }) => marginMicroFen,
    },
    {
      key: 'marginFen',
      title: t.marginFen,
      align: 'right',
      render: ({ marginFen }) => (
        <>
          {marginFen < 0 ? <Tag tone="bad">{t.loss}</Tag> : null} <Money fen={marginFen} />
        </>
      ),
      value: ({ marginFen }) => marginFen / 100,
      sortable: true,
    },
  ];
  return (
    <Card title={t.rewards} flush>
      <Table
        label={t.rewards}
        columns={columns}
        rowKey={({ rewardId, taker, pointType }) => `${rewardId} ${taker} ${pointType}`}
        queryKey={['guard', 'rewards', code]}
        load={(cursor, signal) =>
          hongmi.listGuardedRewards({ programme: code, cursor, limit: 50 }, { signal })
        }
        exportAs="guarded-rewards"
        empty={<Empty title={t.noTakers} />}
      />
    </Card>
  );
}
