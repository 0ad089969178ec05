import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { readSurvivorsOf } from '../members/merged.ts';
import type { Sql } from '../platform/database.ts';
import { problem } from '../platform/web/problem.ts';
import type { ReturnTold } from './goods-return.ts';
import { findNamed, type NamedOrder } from './waiting-store.ts';

/** A return with the order that it names by number, and whose order that is. */
export interface FoundOrder {
  readonly told: ReturnTold;
  readonly owner: Uuid;
  /** The order is not recorded yet. */
  readonly waits: boolean;
  /** Why goods of that order cannot come back in this member's name. */
  readonly refusal: Refusal | null;
}

/** Looks up the orders that returns name by their merchants' numbers. */
export async function findNamedOrders(
  sql: Sql,
  returns: readonly ReturnTold[],
): Promise<(told: ReturnTold) => FoundOrder> {
  const asked = returns.flatMap(({ merchant, orderNo }) =>
    orderNo === null ? [] : [{ merchant, orderNo }],
  );
  const orders = await findNamed(sql, asked);
  const found = new Map(orders.map((order) => [`${order.merchant} ${order.orderNo}`, order]));
  const named = new Map(
    returns.flatMap((told) => {
      const order = found.get(`${told.merchant} ${told.orderNo}`);
      return told.orderNo === null || order === undefined ? [] : [[told, order] as const];
    }),
  );
  const isOwn = await ownersOf(sql, [...named]);
  return (told) => {
    const order = named.get(told);
    if (order === undefined)
      return { told, owner: told.member, waits: told.orderNo !== null, refusal: null };
    const refusal = isOwn(told, order) ? null : problem('order_of_another_member');
    return { told: { ...told, order: order.id }, owner: order.member, waits: false, refusal };
  };
}

/** Whether returns are told in the names of those whose orders they name, or of whom these are one person with by now. */
export async function ownersOf(
  sql: Sql,
  named: readonly (readonly [told: Pick<ReturnTold, 'member'>, order: NamedOrder])[],
): Promise<(told: Pick<ReturnTold, 'member'>, order: NamedOrder) => boolean> {
  const others = named.filter(([told, order]) => told.member !== order.member);
  const survivors =
    others.length === 0
      ? new Map<Uuid, Uuid>()
      : await readSurvivorsOf(
          sql,
          others.flatMap(([told, order]) => [told.member, order.member]),
        );
  const now = (member: Uuid): Uuid => survivors.get(member) ?? member;
  return (told, order) => now(told.member) === now(order.member);
}
