import { setTimeout } from 'node:timers/promises';
import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Answer } from '../ledger/transaction.ts';
import type { Pool } from '../platform/database.ts';
import { createLane } from '../platform/lane.ts';
import { clawBackCommands, type GoodsReturn } from './goods-return.ts';
import { earnCommand, type Order } from './order.ts';
import { readReturns } from './return-store.ts';
import { markSettled, readUnsettledOrders, readWaiting, UNSETTLED } from './store.ts';

/** The ledger's answer to an order's earn; null when it earned nothing. */
export type EarnAnswer = Answer | null;

/** The ledger's answers to a return, by the order whose points it took back. */
export type ClawBacks = ReadonlyMap<Uuid, Answer>;

/** Brings what was recorded into the ledger. Everything here can be repeated: the ledger knows each command by its key. */
export interface Settling {
  /** Answers in order. */
  orders(orders: readonly Order[]): Promise<EarnAnswer[]>;
  /** For each return, the ledger's answer for every order that lost points. */
  returns(returns: readonly GoodsReturn[]): Promise<ClawBacks[]>;
  /** Sends again what a crash left behind: at most `limit` of what waits since before `before`. Answers how many. */
  resume(before: Instant, limit: number): Promise<number>;
  drain(): Promise<void>;
}

export interface SettlingOptions {
  readonly pool: Pool;
  readonly ledger: Ledger;
  /** Told when the note that something is settled failed; the settle job will send it again. */
  readonly onError: (error: unknown) => void;
}

const NOTE_EVERY_MS = 20;

export function createSettling({ pool, ledger, onError }: SettlingOptions): Settling {
  // Nobody waits for this: the answer is in the ledger, and the note only spares the settle job work.
  const notes = createLane<Uuid, void>({
    run: async (ids) => {
      // One statement for what is answered within this time, instead of one every other millisecond.
      await setTimeout(NOTE_EVERY_MS);
      await markSettled(pool, ids);
      return ids.map(() => undefined);
    },
    maxBatch: 1000,
    maxQueue: 100_000,
  });
  const unsettled = createLane<readonly Uuid[], readonly Order[]>({
    run: async (lists) => {
      const found = new Map(
        (await readUnsettledOrders(pool, lists.flat())).map((each) => [each.id, each]),
      );
      return lists.map((ids) => ids.flatMap((id) => found.get(id) ?? []));
    },
    maxBatch: 64,
    maxQueue: 8192,
  });
  const note = (id: Uuid): void => void notes.push(id).catch(onError);

  async function orders(list: readonly Order[]): Promise<EarnAnswer[]> {
    const earning = list.filter((order) => order.pointsEarned > 0);
    const answers = await ledger.submitAll(earning.map(earnCommand));
    const byId = new Map<Uuid, Answer>();
    for (const [index, order] of earning.entries()) {
      byId.set(order.id, answers[index] as Answer);
      note(order.id);
    }
    return list.map((order) => byId.get(order.id) ?? null);
  }

  async function returns(list: readonly GoodsReturn[]): Promise<ClawBacks[]> {
    const commands = list.map(clawBackCommands);
    const earns = await unsettled.push(commands.flat().map((command) => command.earn));
    // One member's commands execute in this order, so every earn is there before it is clawed back.
    const answers = await ledger.submitAll([...earns.map(earnCommand), ...commands.flat()]);
    for (const order of earns) note(order.id);
    const clawedBack = answers.slice(earns.length).values();
    return commands.map((own, index) => {
      if (own.length > 0) note((list[index] as GoodsReturn).id);
      return new Map(own.map((command) => [command.earn, clawedBack.next().value as Answer]));
    });
  }

  return {
    orders,
    returns,
    async resume(before, limit) {
      const lateOrders = await readWaiting(pool, UNSETTLED.order, before, limit);
      await orders(await readUnsettledOrders(pool, lateOrders));
      const lateReturns = await readWaiting(pool, UNSETTLED.return, before, limit);
      await returns(await readReturns(pool, lateReturns));
      await notes.drain();
      return lateOrders.length + lateReturns.length;
    },
    drain: () => notes.drain(),
  };
}
