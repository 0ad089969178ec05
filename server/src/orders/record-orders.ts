import { lockReceipts } from '../certificates/lock-receipts.ts';
import type { Clock } from '../kernel/clock.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { type Pool, withTransaction } from '../platform/database.ts';
import { problem } from '../platform/web/problem.ts';
import { type BackingDeps, receiptsOf } from './back-lines.ts';
import type { Candidate } from './candidate.ts';
import { insertOrders } from './insert-store.ts';
import type { Order } from './order.ts';
import { findTaken } from './store.ts';

/** `known`: recorded before, by a request that told the same. `awaited`: returns were told before it, and wait for it. */
export type Recorded =
  | { readonly order: Order; readonly known: boolean; readonly awaited: boolean }
  | { readonly refusal: Refusal };

export interface RecordDeps extends Pick<BackingDeps, 'areShown'> {
  readonly pool: Pool;
  readonly clock: Clock;
}

/**
 * Records orders durably: whoever gets the row has claimed the number at its merchant for good. An order
 * that is there already is answered as known when it was told the same, whatever the key and the time. Null
 * where a certificate behind its goods was revoked, or its receipt was shown as evidence, since it was looked up.
 */
export async function recordOrders(
  deps: RecordDeps,
  candidates: readonly Candidate[],
): Promise<(Recorded | null)[]> {
  const { pool } = deps;
  const wanted = candidates.filter((each) => each.refusal === null).map((each) => each.order);
  const placed = wanted.length === 0 ? new Map<Uuid, boolean>() : await insert(deps, wanted);
  const rest = candidates.filter((each) => !placed.has(each.order.id));
  const judge = rest.length === 0 ? undefined : await judgeOf(pool, rest);
  return candidates.map((candidate): Recorded | null => {
    const { order } = candidate;
    const awaited = placed.get(order.id);
    if (awaited !== undefined) return { order, known: false, awaited };
    const found = judge?.(candidate) ?? null;
    if (found === null && order.lines.every(({ certificate }) => certificate === null))
      throw new Error('an order was neither recorded nor found');
    return found;
  });
}

/** Inserts orders, but for those whose receipts were shown as evidence just now. */
async function insert(
  { pool, clock, areShown }: RecordDeps,
  orders: readonly Candidate['order'][],
): Promise<Map<Uuid, boolean>> {
  const green = orders.flatMap((order) => receiptsOf(order).map((receipt) => ({ order, receipt })));
  if (green.length === 0) return insertOrders(pool, orders, clock.now());
  const receipts = green.map(({ receipt }) => receipt);
  return withTransaction(pool, async (tx) => {
    await lockReceipts(tx, receipts);
    const shown = await areShown(tx, receipts);
    const lost = new Set(green.flatMap(({ order }, place) => (shown[place] === true ? order : [])));
    const rest = orders.filter((order) => !lost.has(order));
    return rest.length === 0 ? new Map() : insertOrders(tx, rest, clock.now());
  });
}

/** What recording would answer to each; null: the order would be new. Nothing is written. */
export async function findRecorded(
  pool: Pool,
  candidates: readonly Candidate[],
): Promise<(Recorded | null)[]> {
  return candidates.length === 0 ? [] : candidates.map(await judgeOf(pool, candidates));
}

/** Judges candidates by the orders that have their keys or numbers. */
async function judgeOf(
  pool: Pool,
  candidates: readonly Candidate[],
): Promise<(candidate: Candidate) => Recorded | null> {
  const taken = await findTaken(
    pool,
    candidates.map((each) => each.order),
  );
  const byKey = new Map(taken.map((order) => [order.requestKey, order]));
  const byNumber = new Map(taken.map((order) => [numberKey(order), order]));
  return ({ order, refusal }) => {
    const keyed = byKey.get(order.requestKey);
    const found = keyed ?? byNumber.get(numberKey(order));
    if (found?.fingerprint.equals(order.fingerprint) === true)
      return { order: found, known: true, awaited: false };
    if (keyed !== undefined) return { refusal: problem('idempotency_key_reused') };
    if (found !== undefined) {
      const facts = { orderId: showId('order', found.id) };
      return {
        refusal: problem(
          'order_exists',
          'the merchant has an order of this number, told otherwise',
          facts,
        ),
      };
    }
    return refusal === null ? null : { refusal };
  };
}

export function numberKey(order: { readonly merchant: Uuid; readonly orderNo: string }): string {
  return `${order.merchant} ${order.orderNo}`;
}
