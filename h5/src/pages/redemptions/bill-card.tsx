import { useWords } from '@hongmi/ui/language.ts';
import { Facts } from '../../design/facts.tsx';
import { Card } from '../../design/page.tsx';
import { Money } from '../../design/values.tsx';
import type { Redemption } from './standing.ts';
import { words } from './words.ts';

/** What was taken off a bill. */
export function BillCard({ redemption: { particulars } }: { readonly redemption: Redemption }) {
  const t = useWords(words);
  if (particulars?.kind !== 'bill') return null;
  const { billNo, billFen, offFen, toPayFen } = particulars;
  return (
    <Card title={t.bill}>
      <Facts
        rows={[
          [t.billFen, <Money key="bill" fen={billFen} />],
          [t.offFen, <Money key="off" fen={-offFen} />],
          [t.toPayFen, <Money key="pay" fen={toPayFen} />],
          [
            t.billNo,
            <span key="no" className="hm-code">
              {billNo}
            </span>,
          ],
        ]}
      />
      <p className="hm-soft">{t.billReturns}</p>
    </Card>
  );
}
