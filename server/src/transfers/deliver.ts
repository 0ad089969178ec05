import type { Uuid } from '../kernel/id.ts';
import type { Leftovers } from '../kernel/leftovers.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import { LOTS_SENT_MAX } from '../ledger/kinds/transfer.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type MadeTerms, readTermsOfLots } from '../ledger/read-terms.ts';
import type { Answer, Entry } from '../ledger/transaction.ts';
import type { Pool } from '../platform/database.ts';
import { createLane } from '../platform/lane.ts';
import { endTransfers, readOpenTransfers } from './store.ts';
import { type Ended, inCommand, outCommand, returnCommand, type Transfer } from './transfer.ts';

/** Brings what was written down to its end. */
export interface Delivery {
  /**
   * Brings transfers to their ends from wherever they are: each leaves its giver, and arrives or comes
   * back. Answers in order, each as far as it came; one giver's leave in this order. Every step is a
   * command whose key is that of the transfer, so whoever begins again from the start, after a crash
   * between any two steps or beside another process, is answered what was done. Never ended by time.
   */
  deliver(transfers: readonly Transfer[]): Promise<Transfer[]>;
  /** What a crash left open, and what could neither arrive nor come back. */
  readonly leftovers: Leftovers<Transfer>;
}

/** Attempts at giving back that were recorded as refused. Only a lost race records more than the first. */
const RETURNS_MAX = 100;

interface Sent {
  readonly transfer: Transfer;
  readonly answer: Extract<Answer, { status: 'applied' }>;
}

/**
 * `lotsMax`: of how many lots a gift may be; what is of more comes back. Whether it arrives is decided by it
 * anew after a crash, so another one would need no transfer to be under way.
 */
export function createDelivery({
  pool,
  ledger,
  lotsMax = LOTS_SENT_MAX,
}: {
  readonly pool: Pool;
  readonly ledger: Ledger;
  readonly lotsMax?: number;
}): Delivery {
  // Both by transfer: however many lots one has, whatever fits the ledger's lanes fits these.
  const terms = createLane<readonly Entry[], ReadonlyMap<Uuid, MadeTerms>>({
    run: async (lists) => {
      const lots = lists.flatMap((entries) => entries.map((entry) => entry.lot));
      const found = await readTermsOfLots(pool, lots);
      return lists.map(() => found);
    },
    maxBatch: 500,
    maxQueue: 20_000,
  });
  const endings = createLane<Ended, void>({
    run: async (ended) => {
      await endTransfers(pool, ended);
      return ended.map(() => undefined);
    },
    maxBatch: 1_000,
    maxQueue: 20_000,
  });

  /** How transfers that were sent end; null for one that has to wait. */
  async function arrive(sent: readonly Sent[]): Promise<(Ended | null)[]> {
    const entries = sent.map(({ answer }) => answer.transaction.entries);
    const found = await terms.pushAll(entries);
    const commands = sent.map(({ transfer, answer }, place) =>
      inCommand(transfer, answer.transaction, found[place] ?? new Map()),
    );
    const arrivals = await ledger.submitAll(commands);
    return Promise.all(
      sent.map(async ({ transfer }, place) => {
        const arrived = arrivals[place] as Answer;
        return arrived.status === 'applied'
          ? endOf(transfer, 'arrived', null)
          : giveBack(transfer, arrived.refusal);
      }),
    );
  }

  async function giveBack(transfer: Transfer, why: Refusal): Promise<Ended | null> {
    for (let attempt = 0; attempt < RETURNS_MAX; attempt += 1) {
      const command = returnCommand(transfer, attempt);
      // What stands in the way may stand there for long. It is asked first, so that not every minute
      // leaves a refusal behind.
      const [likely] = attempt === 0 ? [] : await ledger.preview([command]);
      if (likely?.status === 'refused' && !likely.replayed) return null;
      const returned = await ledger.submit(command);
      if (returned.status === 'applied') return endOf(transfer, 'returned', why);
      if (!returned.replayed) return null;
    }
    throw new Error(`transfer ${transfer.id} was refused its way back ${RETURNS_MAX} times`);
  }

  async function deliver(transfers: readonly Transfer[]): Promise<Transfer[]> {
    const open = transfers.filter((transfer) => transfer.status === 'open');
    const answers = await ledger.submitAll(open.map(outCommand));
    const ends = new Map<Uuid, Ended>();
    const sent: Sent[] = [];
    const tooLarge: Sent[] = [];
    for (const [place, transfer] of open.entries()) {
      const answer = answers[place] as Answer;
      if (answer.status === 'refused')
        ends.set(transfer.id, endOf(transfer, 'refused', answer.refusal));
      else if (answer.transaction.entries.length <= lotsMax) sent.push({ transfer, answer });
      else tooLarge.push({ transfer, answer });
    }
    const arrivals = await arrive(sent);
    // No transaction could make that many lots.
    const why = refusal('too_many_lots', `a gift is of at most ${lotsMax} lots`, { max: lotsMax });
    const returns = await Promise.all(tooLarge.map(({ transfer }) => giveBack(transfer, why)));
    for (const end of [...arrivals, ...returns]) if (end !== null) ends.set(end.id, end);
    await endings.pushAll([...ends.values()]);
    return transfers.map((transfer) => ({ ...transfer, ...ends.get(transfer.id) }));
  }

  return {
    deliver,
    leftovers: {
      read: (before, after, limit) => readOpenTransfers(pool, before, after, limit),
      async finish(open) {
        const delivered = await deliver(open);
        return delivered.filter((transfer) => transfer.status !== 'open').length;
      },
    },
  };
}

function endOf({ id }: Transfer, status: Ended['status'], refusal: Refusal | null): Ended {
  return { id, status, refusal };
}
