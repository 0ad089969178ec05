import { useWords } from '@hongmi/ui/language.ts';
import { useRefusalWords } from '@hongmi/ui/refusal-words.ts';
import type { Recorded } from '@hongmi/ui/transaction.ts';
import { Alert } from 'antd';
import { Link } from 'wouter';
import { useMay } from '../../app/session.ts';
import { Facts } from '../../design/page.tsx';
import { Code, Points } from '../../design/values.tsx';
import { WhyShown } from './why-shown.tsx';
import { words } from './words.ts';

/** What is to be known of a transaction besides its row: why it was refused or gave points, its lots, its receipt. */
export function TransactionDetails({
  transaction,
  member,
}: {
  readonly transaction: Recorded;
  readonly member: string;
}) {
  const t = useWords(words);
  const may = useMay();
  const { lotId, lots = [], takes = [], restored = [], source, problem, receipt } = transaction;
  const made = lotId === undefined ? [] : [{ lotId, points: transaction.points }];
  const touched = [...made, ...lots, ...takes, ...restored];
  const explains =
    (source?.kind === 'order' && may('orders:read')) ||
    (source?.kind === 'activity' && may('activities:read'));
  return (
    <div className="hm-stack">
      {problem === undefined ? null : <Refused code={problem} />}
      {explains && source !== undefined && transaction.kind === 'issue' ? (
        <WhyShown source={source} />
      ) : null}
      <Facts
        rows={[
          [t.reason, transaction.reason],
          [t.actor, transaction.actor],
          [t.reference, transaction.reference],
          [
            t.lotsTouched,
            touched.length === 0
              ? undefined
              : touched.map((part) => (
                  <div key={part.lotId}>
                    <Link href={`/${member}/lots/${part.lotId}`}>…{part.lotId.slice(-8)}</Link>{' '}
                    <Points value={part.points} />
                  </div>
                )),
          ],
          [
            t.receipt,
            <Code key="receipt">{t.receiptAt(String(receipt.shard), String(receipt.block))}</Code>,
          ],
        ]}
      />
    </div>
  );
}

function Refused({ code }: { readonly code: string }) {
  return <Alert type="warning" showIcon title={useRefusalWords({ code, title: code })} />;
}
