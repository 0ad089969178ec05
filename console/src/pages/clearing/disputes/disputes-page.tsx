import { useFilter } from '@hongmi/ui/address.ts';
import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { Select } from 'antd';
import { Link } from 'wouter';
import { hongmi } from '../../../app/api.ts';
import { useMerchantNames } from '../../../app/names.ts';
import type { Column } from '../../../design/column.ts';
import { Card, Page } from '../../../design/page.tsx';
import { Table } from '../../../design/table.tsx';
import { Tag } from '../../../design/tag.tsx';
import { Money, None, When } from '../../../design/values.tsx';
import { useCode } from '../me.ts';
import { Party } from '../values.tsx';
import { AdjustmentsCard } from './adjustments-card.tsx';
import { DISPUTE_STATES, type Dispute, DisputeState, isOpen } from './dispute-state.tsx';
import { words } from './words.ts';

/** What merchants say is wrong, what came of it, and what was put right otherwise. */
export function DisputesPage() {
  const t = useWords(words);
  return (
    <Page title={t.title} about={t.about}>
      <DisputesCard />
      <AdjustmentsCard />
    </Page>
  );
}

function DisputesCard() {
  const t = useWords(words);
  const code = useCode();
  const [asked, setState] = useFilter('state');
  const state = DISPUTE_STATES.find((each) => each === asked);
  const columns = useColumns();
  return (
    <Card
      title={t.disputes}
      flush
      actions={
        <div className="hm-filters">
          <label>
            {t.state}
            <Select
              value={state ?? ''}
              onChange={(value) => setState(value === '' ? undefined : value)}
              options={[
                { value: '', label: t.any },
                ...DISPUTE_STATES.map((value) => ({ value, label: t.states[value] })),
              ]}
              style={{ width: 140 }}
            />
          </label>
        </div>
      }
    >
      <Table
        label={t.disputes}
        columns={columns}
        rowKey={({ id }) => id}
        queryKey={['disputes', code, state]}
        load={(cursor, signal) =>
          hongmi.listDisputes({ programme: code, state, cursor, limit: 50 }, { signal })
        }
        exportAs="disputes"
        empty={<Empty title={t.empty}>{t.emptyWhy}</Empty>}
      />
    </Card>
  );
}

function useColumns(): readonly Column<Dispute>[] {
  const t = useWords(words);
  const names = useMerchantNames();
  const nameOf = (id: string): string => names.get(id) ?? (id === 'platform' ? t.platform : id);
  return [
    {
      key: 'merchant',
      title: t.merchant,
      render: ({ id, merchantId }) => (
        <Link href={`/disputes/${id}`}>
          <Party id={merchantId} />
        </Link>
      ),
      value: ({ merchantId }) => nameOf(merchantId),
      sortable: true,
    },
    {
      key: 'state',
      title: t.state,
      render: ({ state }) => <DisputeState state={state} />,
      value: ({ state }) => t.states[state],
    },
    {
      key: 'other',
      title: t.other,
      render: ({ other }) => <Party id={other} />,
      value: ({ other }) => nameOf(other),
      sortable: true,
    },
    {
      key: 'reason',
      title: t.reason,
      render: ({ reason }) => <div className="hm-clip">{reason}</div>,
      value: ({ reason }) => reason,
    },
    {
      key: 'fen',
      title: t.fen,
      render: ({ fen }) => <Money fen={fen} />,
      value: ({ fen }) => fen / 100,
      sortable: true,
      align: 'right',
    },
    {
      key: 'upheld',
      title: t.upheldFen,
      render: ({ upheldFen }) => (upheldFen === null ? <None /> : <Money fen={upheldFen} />),
      value: ({ upheldFen }) => (upheldFen === null ? null : upheldFen / 100),
      align: 'right',
    },
    {
      key: 'raised',
      title: t.raisedAt,
      render: ({ raisedAt }) => <When at={raisedAt} />,
      value: ({ raisedAt }) => raisedAt,
      sortable: true,
    },
    {
      key: 'due',
      title: t.dueAt,
      render: (row) => (
        <>
          <When at={row.dueAt} dayOnly />{' '}
          {isOpen(row) && row.state === 'escalated' ? <Tag tone="bad">{t.overdue}</Tag> : null}
        </>
      ),
      value: ({ dueAt }) => dueAt,
    },
  ];
}
