import { type Date10, festivalsOf } from './calendar.ts';
import { diceOf } from './dice.ts';
import type { Order } from './event.ts';
import type { Person } from './person.ts';
import type { Plan } from './plan.ts';
import type { Trade } from './trade.ts';
import { TRADES } from './trades.ts';
import { crowdOf, orderOf } from './visit.ts';

/** Visits in the busiest minutes of a usual day. */
const BUSIEST = 6;

/** Who buys in this minute, after the year is over: more at noon and in the evening than at night. */
export function visitsAt(
  plan: Plan,
  people: readonly Person[],
  { date, minute }: { readonly date: Date10; readonly minute: number },
): readonly Order[] {
  const dice = diceOf(`${plan.seed} live ${date} ${minute}`);
  const festivals = festivalsOf(date);
  const open = TRADES.filter(({ hours: [from, to] }) => minute >= from && minute < to).map(
    (trade) => ({ trade, weight: bustleOf(trade, minute) * crowdOf(trade, date, festivals) }),
  );
  const bustle = open.reduce((sum, { weight }) => sum + weight, 0) / busiestOf();
  const count = Math.floor(BUSIEST * Math.min(bustle, 1) + dice.next());
  const orders: Order[] = [];
  for (let number = 0; number < count; number += 1) {
    const { trade } = dice.weigh(open);
    const shoppers = people.filter(({ goes }) => goes.some(({ pack }) => pack === trade.pack));
    if (shoppers.length === 0) continue;
    const when = { date, minute, second: 0 };
    const orderNo = `L${trade.goods[0]?.sku.slice(0, 2)}${date.replaceAll('-', '')}-${minute}-${number}`;
    orders.push(orderOf(trade, dice.pick(shoppers), dice, when, orderNo));
  }
  return orders;
}

/** How busy a trade is at a minute of the day: its visits, more of them near its peaks. */
function bustleOf({ peaks, patrons, visits }: Trade, minute: number): number {
  const near = peaks.map(
    ({ at, width, weight }) => weight * Math.exp(-(((minute - at) / width) ** 2)),
  );
  const most = Math.max(...peaks.map(({ weight }) => weight));
  return patrons * visits * (0.05 + near.reduce((sum, each) => sum + each, 0) / most);
}

let busiest: number | undefined;

/** How busy all trades are in their busiest minute. */
function busiestOf(): number {
  busiest ??= Math.max(
    ...Array.from({ length: 24 * 60 }, (_, minute) =>
      TRADES.reduce((sum, trade) => sum + bustleOf(trade, minute), 0),
    ),
  );
  return busiest;
}
