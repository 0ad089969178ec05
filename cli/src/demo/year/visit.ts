import { type Date10, type Festival, momentOf, weekdayOf } from './calendar.ts';
import type { Dice } from './dice.ts';
import type { Line, Order } from './event.ts';
import type { Habit, Person } from './person.ts';
import { DAYS } from './plan.ts';
import type { Good, Trade } from './trade.ts';

/** How often somebody comes, compared with who is regular. */
const OFTEN: Readonly<Record<Habit, number>> = {
  regular: 1,
  occasional: 0.4,
  lapsed: 1,
  growing: 1,
  generous: 1.6,
};
/** Who comes more and more: from so much in the beginning to so much in the end. */
const GROWS = [0.3, 2.4] as const;
const WEEKEND = 6;

/** How many times as many as usual a trade has on this day, on which these are celebrated. */
export function crowdOf(trade: Trade, date: Date10, festivals: readonly Festival[]): number {
  const { weekend } = trade;
  // The mean of a week stays 1.
  const usual = 7 / (5 + 2 * weekend);
  const day = weekdayOf(date) >= WEEKEND ? usual * weekend : usual;
  return festivals.reduce((crowd, festival) => crowd * (trade.festivals[festival] ?? 1), day);
}

/** How much somebody comes on this day, so many days after the first: 0 before they joined, and after they left. */
export function presenceOf(person: Person, date: Date10, passed: number): number {
  const { habit, joins, lastDay } = person;
  if (date <= joins || (lastDay !== null && date > lastDay)) return 0;
  if (habit !== 'growing') return OFTEN[habit];
  const [from, to] = GROWS;
  return from + ((to - from) * passed) / DAYS;
}

/** A minute of the day at which the trade is open, mostly one of its busy ones. */
export function minuteOf(trade: Trade, dice: Dice): number {
  const [from, to] = trade.hours;
  const peak = dice.weigh(trade.peaks);
  const off = dice.next() + dice.next() + dice.next() - 1.5;
  const minute = Math.round(peak.at + off * peak.width);
  return minute >= from && minute < to ? minute : dice.int(from, to - 1);
}

/** What somebody buys at a trade. */
export function orderOf(
  trade: Trade,
  person: Person,
  dice: Dice,
  when: { readonly date: Date10; readonly minute: number; readonly second: number },
  orderNo: string,
): Order {
  return {
    at: trade.pack,
    member: person.key,
    orderNo,
    paidAt: momentOf(when.date, when.minute, when.second),
    store: dice.weigh(trade.stores).code,
    channel: dice.weigh(trade.channels).code,
    tenders: [tenderOf(person, dice)],
    lines: linesOf(trade, person, dice, Number(when.date.slice(5, 7))),
  };
}

function tenderOf({ hasGreenCard }: Person, dice: Dice): string {
  if (hasGreenCard && dice.chance(0.6)) return 'green-bank-card';
  return dice.pick(['wechat', 'wechat', 'alipay', 'card', 'cash']);
}

function linesOf(trade: Trade, { habit }: Person, dice: Dice, month: number): readonly Line[] {
  let left = trade.goods.filter(({ months }) => months === undefined || months.includes(month));
  const lines: Line[] = [];
  const wanted = dice.int(1, Math.min(trade.lines, left.length));
  while (lines.length < wanted) {
    const good = dice.weigh(left);
    left = left.filter((each) => each !== good);
    const quantity = dice.int(1, good.most ?? 1);
    lines.push(lineOf(good, lines.length + 1, quantity, priceOf(good, habit, dice)));
  }
  return lines;
}

/** Of one piece, in steps of ten fen; who is generous takes the dearer ones. */
function priceOf({ fen: [least, most] }: Good, habit: Habit, dice: Dice): number {
  const place = habit === 'generous' ? Math.max(dice.next(), dice.next()) : dice.next();
  return Math.round((least + place * (most - least)) / 10) * 10;
}

export function lineOf(good: Good, lineNo: number, quantity: number, fen: number): Line {
  const { sku, name, category, brand, zone, greenCertificate } = good;
  return {
    lineNo,
    sku,
    name,
    category,
    quantity,
    amountFen: fen * quantity,
    ...(brand === undefined ? {} : { brand }),
    ...(zone === undefined ? {} : { zone }),
    ...(greenCertificate === undefined ? {} : { greenCertificate }),
  };
}

export const netFenOf = ({ lines }: Pick<Order, 'lines'>): number =>
  lines.reduce((sum, { amountFen }) => sum + amountFen, 0);
