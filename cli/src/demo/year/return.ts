import { addDays, type Date10, momentOf } from './calendar.ts';
import type { Dice } from './dice.ts';
import type { GoodsReturn, Order } from './event.ts';
import type { Trade } from './trade.ts';

/** Goods come back within the week in which they may. */
const DAYS_MAX = 7;
/** Share of returns that are told before the order is known, as when a till was offline: then told once more. */
const EARLY = 0.03;

/** What comes back of an order, and on which day. */
export interface Planned {
  readonly date: Date10;
  readonly isEarly: boolean;
  readonly back: GoodsReturn;
  readonly fen: number;
}

/** The whole order, a line of it, or some pieces of a line. */
export function returnOf(order: Order, date: Date10, trade: Trade, dice: Dice): Planned {
  const [from, to] = trade.hours;
  const isEarly = dice.chance(EARLY);
  const on = addDays(date, isEarly ? 1 : dice.int(1, DAYS_MAX));
  const isWhole = dice.chance(0.5);
  const line = dice.pick(order.lines);
  const quantity = isWhole ? line.quantity : dice.int(1, line.quantity);
  const lines = isWhole
    ? order.lines.map((each) => ({ sku: each.sku, quantity: each.quantity }))
    : [{ sku: line.sku, quantity }];
  const fen = isWhole
    ? order.lines.reduce((sum, { amountFen }) => sum + amountFen, 0)
    : (line.amountFen / line.quantity) * quantity;
  const back: GoodsReturn = {
    at: order.at,
    member: order.member,
    returnNo: `R${order.orderNo}`,
    returnedAt: momentOf(on, dice.int(from, to - 1)),
    lines,
  };
  return { date: on, isEarly, back, fen };
}

/** How a return is told while its order is not known: under a number of its own. */
export function earlyOf(planned: Planned, order: Order): GoodsReturn {
  return { ...planned.back, returnNo: `${planned.back.returnNo}-0`, returnedAt: order.paidAt };
}
