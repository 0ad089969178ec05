import { setTimeout } from 'node:timers/promises';
import { type Counting, countOrReport, type Touched, type Worth } from '../kernel/counting.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Leftovers } from '../kernel/leftovers.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readTransactions } from '../ledger/read.ts';
import type { Answer, Transaction } from '../ledger/transaction.ts';
import type { Pool, Sql } from '../platform/database.ts';
import { createLane } from '../platform/lane.ts';
import { markSettled, UNSETTLED, unsettledOf, type Waiting } from '../platform/unsettled.ts';
import { earnCommands } from './earns.ts';
import { clawBackCommands, type GoodsReturn, type Granted, lostBy } from './goods-return.ts';
import type { Order } from './order.ts';
import { readReturns } from './return-store.ts';
import { readUnsettledOrders } from './store.ts';

/** The ledger's answers to an order's earns, in the order of `earnsOf`; null: it has not answered yet. */
export type EarnAnswers = readonly (Answer | null)[];

/** The ledger's answers to a return, by the earn whose points it took back. */
export interface ClawBacks {
  readonly answers: ReadonlyMap<Uuid, Answer>;
  readonly granted: Granted;
}

/** Brings what was recorded into the ledger. Everything here can be repeated: the ledger knows each command by its key. */
export interface Settling {
  /** Answers in order. Of those that were recorded just now nothing needs to be read again. */
  orders(orders: readonly Settleable[]): Promise<EarnAnswers[]>;
  /** For each return, the ledger's answer for every earn that lost points. */
  returns(returns: readonly GoodsReturn[]): Promise<ClawBacks[]>;
  /** Orders, and then returns, that a crash left behind. */
  readonly leftovers: readonly Leftovers<Waiting>[];
  drain(): Promise<void>;
}

/** An order, and whether it was there before, or awaited: then returns may have changed it since it was read. */
export interface Settleable {
  readonly order: Order;
  readonly known: boolean;
}

export interface SettlingOptions {
  readonly pool: Pool;
  readonly ledger: Ledger;
  readonly counting: Counting;
  /** Told when the note that something is settled failed; the settle job will send it again. */
  readonly onError: (error: unknown) => void;
}

const NOTE_EVERY_MS = 20;
const NOTHING_GRANTED: Granted = new Map();

/** What the ledger granted of these earns: nothing where it refused them. Those that it has not got yet are left out. */
export async function readGranted(sql: Sql, earns: readonly Uuid[]): Promise<Granted> {
  const found = await readTransactions(sql, earns);
  return new Map([...found].map(([earn, { transaction }]) => [earn, grantedBy(transaction)]));
}

export function grantedBy({ points, refusal }: Pick<Transaction, 'points' | 'refusal'>): number {
  return refusal === null ? points : 0;
}

export function createSettling({ pool, ledger, counting, onError }: SettlingOptions): Settling {
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
  const counts = createLane<Touched, void>({
    run: async (orders) => {
      await counting.count(orders);
      return orders.map(() => undefined);
    },
    // A request in bulk is counted in one transaction.
    maxBatch: 512,
    maxQueue: 8192,
  });
  const note = (id: Uuid): void => void notes.push(id).catch(onError);

  /** What is not counted is not noted either, and so it is sent again. Answers whether it could be. */
  const count = (orders: readonly Touched[]): Promise<boolean> =>
    countOrReport({ ...counting, count: (list) => counts.pushAll(list) }, orders, onError);

  async function orders(list: readonly Settleable[]): Promise<EarnAnswers[]> {
    const commands = list.map(({ order }) => earnCommands(order));
    const answers = (await ledger.submitAll(commands.flat())).values();
    const own = commands.map((each) => each.map(() => answers.next().value as Answer));
    const isCounted = await count(
      list.map(({ order, known }, index) => {
        const { id: deed, member, merchant, programme } = order;
        const touched = { deed, member, merchant, programme };
        return known ? touched : { ...touched, worth: worthOfNew(order, own[index] ?? []) };
      }),
    );
    if (isCounted)
      for (const [index, { order }] of list.entries())
        if ((own[index]?.length ?? 0) > 0 || order.netFen > 0) note(order.id);
    return own;
  }

  async function returns(list: readonly GoodsReturn[]): Promise<ClawBacks[]> {
    const lost = list.map(lostBy);
    const earns = await unsettled.push([...new Set(lost.flat().map(({ order }) => order))]);
    const limited = lost.flat().filter(({ limits }) => limits.length > 0);
    let granted: Granted = NOTHING_GRANTED;
    // What limits left of an earn decides what can be taken back of it.
    if (limited.length > 0) {
      await orders(earns.map(asKnown));
      granted = await readGranted(
        pool,
        limited.map(({ earn }) => earn),
      );
      for (const { earn } of limited)
        if (!granted.has(earn)) throw new Error(`earn ${earn} is not in the ledger`);
    }
    const commands = list.map((each) => clawBackCommands(each, granted));
    const before = limited.length > 0 ? [] : earns.flatMap(earnCommands);
    // One member's commands execute in this order, so every earn is there before it is clawed back.
    const answers = await ledger.submitAll([...before, ...commands.flat()]);
    const isCounted = await count(
      list.flatMap(({ programme, merchant, orders: touched }) =>
        touched.map(({ order, member }) => ({ deed: order, member, merchant, programme })),
      ),
    );
    if (isCounted) for (const order of earns) note(order.id);
    const clawedBack = answers.slice(before.length).values();
    return commands.map((own, index) => {
      const { id, orders: touched } = list[index] as GoodsReturn;
      if (isCounted && touched.length > 0) note(id);
      const told = own.map((each) => [each.earn, clawedBack.next().value as Answer] as const);
      return { answers: new Map(told), granted };
    });
  }

  return {
    orders,
    returns,
    leftovers: [
      unsettledOf(pool, UNSETTLED.order, async (ids) => {
        await orders((await readUnsettledOrders(pool, ids)).map(asKnown));
        await notes.drain();
        return ids.length;
      }),
      unsettledOf(pool, UNSETTLED.return, async (ids) => {
        await returns(await readReturns(pool, ids));
        await notes.drain();
        return ids.length;
      }),
    ],
    drain: () => notes.drain(),
  };
}

const asKnown = (order: Order): Settleable => ({ order, known: true });

/** What the ledger granted of an order that nothing came back of yet. */
function worthOfNew({ paidAt: at, netFen }: Order, answers: readonly Answer[]): Worth {
  const points = new Map<number, number>();
  for (const answer of answers) {
    if (answer.status === 'refused') continue;
    const { pointType, points: granted } = answer.transaction;
    points.set(pointType, (points.get(pointType) ?? 0) + granted);
  }
  return { at, spendFen: netFen, points };
}
