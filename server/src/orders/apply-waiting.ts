import type { Uuid } from '../kernel/id.ts';
import type { Leftovers } from '../kernel/leftovers.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Transaction } from '../platform/database.ts';
import { problem } from '../platform/web/problem.ts';
import { decideReturn } from './decide-return.ts';
import type { OpenLine } from './goods.ts';
import type { GoodsReturn } from './goods-return.ts';
import { ownersOf } from './named-order.ts';
import { personalShelves } from './personal-shelves.ts';
import type { Rerating } from './rates.ts';
import { linesTouchedBy, type RecordingReturns, withRerating } from './record-returns.ts';
import { applyReturns, readReturns } from './return-store.ts';
import type { Settling } from './settling.ts';
import { lockShelves, readOpenLines, shelfKey } from './shelf-store.ts';
import {
  findAwaiting,
  findCome,
  lockWaiting,
  type OrderNumber,
  readOverdue,
  refuseOverdue,
  refuseWaiting,
} from './waiting-store.ts';

/** Returns that were told before their orders. */
export interface WaitingReturns {
  /** Applies what waits for orders that were recorded just now; settles nothing. */
  applyTo(orders: readonly OrderNumber[]): Promise<GoodsReturn[]>;
  /** These returns as they are now: of those that wait, what can be applied is. Settles nothing. */
  applyAll(returns: readonly GoodsReturn[]): Promise<GoodsReturn[]>;
  /** What waits although its order is there, because of a crash or since both came at once, or has waited too long. */
  readonly leftovers: Leftovers<{ readonly id: Uuid }>;
}

export function createWaitingReturns(
  deps: RecordingReturns & { readonly settling: Pick<Settling, 'returns'> },
): WaitingReturns {
  const { pool, clock, settling } = deps;
  const apply = (ids: readonly Uuid[]): Promise<GoodsReturn[]> =>
    ids.length === 0
      ? Promise.resolve([])
      : withRerating(deps, (tx, rerates) => applyWaiting(tx, ids, clock.now(), rerates));

  return {
    applyTo: async (orders) => (orders.length === 0 ? [] : apply(await findAwaiting(pool, orders))),
    async applyAll(returns) {
      const waiting = returns.filter(({ state }) => state === 'waiting').map(({ id }) => id);
      if (waiting.length === 0) return [...returns];
      await apply(waiting);
      const now = new Map((await readReturns(pool, waiting)).map((each) => [each.id, each]));
      return returns.map((each) => now.get(each.id) ?? each);
    },
    leftovers: {
      read: (before, after, limit) =>
        readOverdue(pool, { before, now: clock.now() }, after?.id ?? null, limit),
      async finish(list) {
        const ids = list.map(({ id }) => id);
        const applied = await apply(ids);
        await settling.returns(applied);
        const never = problem('order_never_came');
        return applied.length + (await refuseOverdue(pool, ids, never, clock.now()));
      },
    },
  };
}

/**
 * Ends those of these returns whose orders are recorded by now, in the order in which they came: applied by the same
 * rules as any return of a named order, or refused with the reason. Answers those that were applied.
 */
async function applyWaiting(
  tx: Transaction,
  ids: readonly Uuid[],
  now: number,
  rerates: Rerating['rerates'],
): Promise<GoodsReturn[]> {
  const come = await findCome(tx, ids);
  if (come.length === 0) return [];
  const shelvesOf = await personalShelves(tx, come);
  await lockShelves(tx, come.flatMap(shelvesOf));
  // Somebody else may have ended some of them meanwhile.
  const waiting = await lockWaiting(
    tx,
    come.map((each) => each.returnId),
  );
  const due = come.flatMap((order) => {
    const returned = waiting.get(order.returnId);
    return returned === undefined ? [] : [{ order, returned }];
  });
  const isOwn = await ownersOf(
    tx,
    due.map(({ order, returned }) => [returned, order] as const),
  );
  const shelves = await readOpenLines(
    tx,
    [],
    due.map(({ order }) => order.id),
    rerates,
  );
  const applied: GoodsReturn[] = [];
  const refused: { readonly id: Uuid; readonly refusal: Refusal }[] = [];
  const touched = new Set<OpenLine>();
  for (const { order, returned } of due) {
    const { id, waited } = returned;
    if (waited === null) throw new Error(`return ${id} waits and has not kept what for`);
    const lines = shelves.get(shelfKey(order)) ?? [];
    const told = { ...returned, order: order.id, lines: waited.lines };
    const decided = isOwn(returned, order)
      ? decideReturn(told, lines)
      : problem('order_of_another_member');
    if ('code' in decided) {
      refused.push({ id, refusal: decided });
      continue;
    }
    const done: GoodsReturn = { ...returned, order: order.id, state: 'applied', ...decided };
    applied.push(done);
    for (const line of linesTouchedBy(done, lines)) touched.add(line);
  }
  if (applied.length > 0) await applyReturns(tx, applied, [...touched], now);
  if (refused.length > 0) await refuseWaiting(tx, refused, now);
  return applied;
}
