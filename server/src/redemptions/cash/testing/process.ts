import type { Clock } from '../../../kernel/clock.ts';
import { finishLeftovers } from '../../../kernel/leftovers.ts';
import type { Ledger } from '../../../ledger/ledger.ts';
import type { Members } from '../../../members/registry.ts';
import type { Pool } from '../../../platform/database.ts';
import type { Payments } from '../../../platform/payment/payment.ts';
import type { ProgrammeRegistry } from '../../../programs/registry.ts';
import type { OfferOf } from '../../offer.ts';
import type { Asked } from '../../redeem.ts';
import type { Redemption } from '../../redemption.ts';
import { type Counter, openCounter } from '../../testing/counter.ts';
import { type CashDesk, createCashDesk } from '../desk.ts';

export interface Process extends Counter {
  readonly desk: CashDesk;
  /** As the route does: redeems, and opens the payment of what waits for it. */
  ask(asked: Asked): Promise<Redemption | null>;
  /** What the minute's jobs do. */
  settle(): Promise<void>;
}

/** A process that redeems for points and cash: everything that it keeps in memory is its own. */
export function openProcess(deps: {
  readonly pool: Pool;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly members: Members;
  readonly programmes: Pick<ProgrammeRegistry, 'byId' | 'programmeClock'>;
  readonly offerOf: OfferOf;
  readonly payments: Payments;
}): Process {
  const counter = openCounter(deps);
  const errors: unknown[] = [];
  const desk = createCashDesk({ ...deps, ...counter, onError: (error) => errors.push(error) });
  return {
    ...counter,
    desk,
    async ask(asked) {
      const [answer] = await counter.redeem([asked]);
      if (answer === undefined || 'code' in answer) return null;
      if (answer.redemption.state !== 'paying') return answer.redemption;
      return (await desk.open(answer.redemption, asked.cash?.payer ?? '')).redemption;
    },
    async settle() {
      const before = deps.clock.now() + 1;
      for (const list of [...desk.leftovers, counter.saga.leftovers])
        await finishLeftovers(list, before);
      const [failed] = errors.splice(0);
      if (failed !== undefined) throw failed;
    },
  };
}
