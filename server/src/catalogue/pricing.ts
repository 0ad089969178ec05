import { type LocalTime, localTime } from '../kernel/calendar.ts';
import type { Instant } from '../kernel/clock.ts';
import type { PointsPart, PriceOption, RewardVersion } from '../kernel/reward.ts';
import type { PromotionPrice, PromotionTimes, PromotionVersion } from './promotion.ts';
import { haveRoom, type Spending, type Spent, spendingOf } from './promotion-budget.ts';

/** Whom a promotion is looked at for, and when. */
export interface Occasion {
  /** By a clock on the wall of the programme. */
  readonly local: LocalTime;
  readonly timeZone: string;
  /** `MM-DD`, null when the member did not say. */
  readonly birthday: string | null;
  readonly joinedAt: Instant;
  readonly creditBand: string | null;
}

/** What one unit of a reward costs a member now, in one of the ways there are. */
export interface OfferedPrice {
  /** The place of the option in the terms. */
  readonly option: number;
  readonly points: readonly PointsPart[];
  readonly cashFen: number;
  /** What it costs when nothing makes it cheaper. */
  readonly plain: readonly PointsPart[];
  /** What makes it cheaper; null: nothing. What that is worth: claim.ts. */
  readonly promotion: PromotionVersion | null;
  /** What that spends of the promotion's budget. */
  readonly spending: readonly Spending[];
}

/** Whether a promotion holds for a member at that moment. */
export function holdsNow({ when }: PromotionVersion['body'], occasion: Occasion): boolean {
  const { date, month, day, weekday } = occasion.local;
  const { dates, months, monthDays, weekdays, memberMonth } = when;
  return (
    dates?.some(({ from = '', to = '9999-12-31' }) => date >= from && date <= to) !== false &&
    months?.includes(month) !== false &&
    monthDays?.includes(day) !== false &&
    weekdays?.includes(weekday) !== false &&
    isMembersMonth(memberMonth, occasion)
  );
}

function isMembersMonth(
  asked: PromotionTimes['memberMonth'],
  { local, timeZone, birthday, joinedAt }: Occasion,
): boolean {
  if (asked === undefined) return true;
  if (asked === 'birthday')
    return birthday !== null && Number(birthday.slice(0, 2)) === local.month;
  const joined = localTime(joinedAt, timeZone);
  return joined.month === local.month && joined.year < local.year;
}

/** Whether a promotion is of this reward: both have one owner, and it names it, or its kind, or nothing. */
export function isOf(
  { body: { rewards, kinds }, merchant }: PromotionVersion,
  { reward, body, merchant: owner }: RewardVersion,
): boolean {
  return (
    merchant === owner &&
    rewards?.includes(reward) !== false &&
    kinds?.includes(body.kind) !== false
  );
}

/** How many units are asked for, and what budgets have spent of which they would spend. */
export interface Demand {
  readonly units: number;
  readonly spent: Spent;
}
const NOTHING_SPENT: Demand = { units: 1, spent: new Map() };

/**
 * What each option that is open to a member costs, by the best of these promotions, which hold now and whose budgets have room
 * for what is asked for: promotions are not combined, and of two that are as good the first counts.
 */
export function pricesOf(
  version: RewardVersion,
  promotions: readonly PromotionVersion[],
  { creditBand }: Pick<Occasion, 'creditBand'>,
  demand: Demand = NOTHING_SPENT,
): readonly OfferedPrice[] {
  const own = promotions.filter((promotion) => isOf(promotion, version));
  const open: OfferedPrice[] = [];
  for (const [option, price] of version.body.prices.entries()) {
    const { creditBands } = price;
    const isOpen =
      creditBands === undefined || (creditBand !== null && creditBands.includes(creditBand));
    if (isOpen) open.push(offer(price, option, own, demand));
  }
  return open;
}

function offer(
  { points: plain, cashFen }: PriceOption,
  option: number,
  promotions: readonly PromotionVersion[],
  { units, spent }: Demand,
): OfferedPrice {
  let best: {
    readonly points: readonly PointsPart[];
    readonly by: PromotionVersion | null;
    readonly spending: readonly Spending[];
  } = { points: plain, by: null, spending: [] };
  let least = totalOf(plain);
  for (const by of promotions) {
    const points = promoted(plain, by.body.price);
    const total = totalOf(points);
    if (total >= least) continue;
    const spending = spendingOf(by, plain, points);
    if (!haveRoom(spending, spent, units)) continue;
    least = total;
    best = { points, by, spending };
  }
  return {
    option,
    points: best.points,
    cashFen,
    plain,
    promotion: best.by,
    spending: best.spending,
  };
}

/** What is to be paid by a promotion: never more than the plain price. */
export function promoted(
  plain: readonly PointsPart[],
  price: PromotionPrice,
): readonly PointsPart[] {
  if (price.kind === 'ratio')
    return plain.map(({ pointType, points }) => ({
      pointType,
      points: Math.min(points, ceilingOf(points, price.num, price.den)),
    }));
  const [only, ...others] = plain;
  const isFor = only?.pointType === price.pointType && others.length === 0;
  return isFor && price.points < only.points
    ? [{ pointType: price.pointType, points: price.points }]
    : plain;
}

/** ⌈points × num / den⌉, exact; with big integers only where it must be, for they cost thirty times as much. */
function ceilingOf(points: number, num: number, den: number): number {
  const product = points * num;
  if (Number.isSafeInteger(product)) {
    const rest = product % den;
    return (product - rest) / den + (rest === 0 ? 0 : 1);
  }
  return Number((BigInt(points) * BigInt(num) + BigInt(den) - 1n) / BigInt(den));
}

/** Compared alone: what it loses beyond the safe range makes nobody pay more. */
function totalOf(parts: readonly PointsPart[]): number {
  let sum = 0;
  for (const { points } of parts) sum += points;
  return sum;
}
