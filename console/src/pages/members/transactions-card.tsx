import { Empty } from '@hongmi/ui/empty.tsx';
import { useWords } from '@hongmi/ui/language.ts';
import { isChange, type Recorded, signedPoints } from '@hongmi/ui/transaction.ts';
import { hongmi } from '../../app/api.ts';
import { usePointTypeNames } from '../../app/point-types.ts';
import { Card } from '../../design/page.tsx';
import { Table } from '../../design/table.tsx';
import { Tag } from '../../design/tag.tsx';
import { None, Points, When } from '../../design/values.tsx';
import { Merchant } from '../../design/who.tsx';
import { TransactionDetails } from './transaction-details.tsx';
import { words } from './words.ts';

/** Everything that happened to a member's points, the newest first; each opens to say why. */
export function TransactionsCard({ id }: { readonly id: string }) {
  const t = useWords(words);
  const names = usePointTypeNames();
  return (
    <div className="hm-stack">
      <p className="hm-soft">{t.transactionsAbout}</p>
      <Card flush>
        <Table<Recorded>
          label={t.tabs.transactions}
          queryKey={['member', id, 'transactions']}
          rowKey={(each) => each.id}
          load={(cursor, signal) =>
            hongmi.listTransactions({ id, ...(cursor && { cursor }) }, { signal })
          }
          empty={<Empty title={t.transactionsNone} />}
          exportAs={`transactions-${id}`}
          expanded={(each) => <TransactionDetails transaction={each} member={id} />}
          columns={[
            {
              key: 'when',
              title: t.when,
              value: ({ effectiveAt }) => effectiveAt,
              render: ({ effectiveAt }) => <When at={effectiveAt} />,
            },
            {
              key: 'kind',
              title: t.kind,
              value: ({ kind }) => t.kinds[kind],
              render: ({ kind, status }) => (
                <>
                  {t.kinds[kind]} {status === 'refused' ? <Tag tone="bad">{t.refused}</Tag> : null}
                </>
              ),
            },
            {
              key: 'merchant',
              title: t.merchant,
              value: ({ merchantId }) => merchantId ?? null,
              render: ({ merchantId }) =>
                merchantId === undefined ? <None /> : <Merchant id={merchantId} />,
            },
            {
              key: 'type',
              title: t.pointType,
              value: ({ pointType }) => pointType,
              render: ({ pointType }) => names.get(pointType) ?? pointType,
            },
            {
              key: 'points',
              title: t.points,
              align: 'right',
              value: (each) => signedPoints(each),
              render: (each) => <Points value={signedPoints(each)} signed={isChange(each)} />,
            },
            {
              key: 'after',
              title: t.after,
              align: 'right',
              value: ({ balanceAfter }) => balanceAfter,
              render: ({ balanceAfter }) => <Points value={balanceAfter} />,
            },
          ]}
        />
      </Card>
    </div>
  );
}
