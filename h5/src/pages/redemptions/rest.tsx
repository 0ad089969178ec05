import { AfterSalesCard } from './after-sales-card.tsx';
import { CancelCard } from './cancel-card.tsx';
import { CostCard } from './cost-card.tsx';
import { HistoryCard } from './history-card.tsx';
import type { Redemption } from './standing.ts';

/** What nobody at a till waits for: what it cost, what can be done about it, and what happened. */
export function Rest({
  id,
  redemption,
  now,
}: {
  readonly id: string;
  readonly redemption: Redemption;
  readonly now: number;
}) {
  return (
    <>
      <CostCard redemption={redemption} />
      <AfterSalesCard id={id} redemption={redemption} />
      <CancelCard id={id} redemption={redemption} now={now} />
      <HistoryCard id={id} redemption={redemption} />
    </>
  );
}
