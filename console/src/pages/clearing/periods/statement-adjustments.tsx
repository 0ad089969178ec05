import { useWords } from '@hongmi/ui/language.ts';
import { Link } from 'wouter';
import { Card } from '../../../design/page.tsx';
import { PlainTable } from '../../../design/table.tsx';
import { Code, Money, None, When } from '../../../design/values.tsx';
import { Party } from '../values.tsx';
import type { Statement } from './read.ts';
import { words } from './statement-words.ts';

/** Corrections that fell into the period. */
export function StatementAdjustments({
  statement: { adjustments, period },
  names,
}: {
  readonly statement: Statement;
  readonly names: ReadonlyMap<string, string>;
}) {
  const t = useWords(words);
  if (adjustments.length === 0) return null;
  return (
    <Card title={t.adjustments} flush>
      <PlainTable
        label={t.adjustments}
        rowKey={({ id }) => id}
        rows={adjustments}
        exportAs={`adjustments-${period.id}`}
        columns={[
          {
            key: 'at',
            title: t.madeAt,
            render: ({ madeAt }) => <When at={madeAt} />,
            value: ({ madeAt }) => madeAt,
          },
          {
            key: 'payer',
            title: t.payer,
            render: ({ payer }) => <Party id={payer} names={names} />,
            value: ({ payer }) => names.get(payer) ?? payer,
          },
          {
            key: 'payee',
            title: t.payee,
            render: ({ payee }) => <Party id={payee} names={names} />,
            value: ({ payee }) => names.get(payee) ?? payee,
          },
          {
            key: 'reason',
            title: t.reason,
            render: ({ reason }) => reason,
            value: (row) => row.reason,
          },
          {
            key: 'dispute',
            title: t.dispute,
            render: ({ disputeId }) =>
              disputeId === null ? (
                <None />
              ) : (
                <Link href={`/disputes/${disputeId}`}>
                  <Code short>{disputeId}</Code>
                </Link>
              ),
            value: ({ disputeId }) => disputeId,
          },
          {
            key: 'fen',
            title: t.amount,
            render: ({ fen }) => <Money fen={fen} />,
            value: ({ fen }) => fen / 100,
            align: 'right',
          },
        ]}
      />
    </Card>
  );
}
