import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Occasion, RatedLine } from '../rating.ts';
import type { RuleVersion } from '../rule.ts';
import { ALL_EXPRESSIONS } from './arbitraries.ts';

// What rules are worth, said again as plainly as possible: every rule is asked everything, fractions are kept
// whole, local time comes from Intl. It shares no code with what it checks.

export interface NaivePoints {
  readonly version: Uuid | null;
  readonly pointType: string;
  readonly points: bigint;
}

interface Wall {
  readonly date: string;
  readonly weekday: number;
  readonly minute: number;
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const formats = new Map<string, Intl.DateTimeFormat>();

function wallOf(at: Instant, timeZone: string): Wall {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    formats.set(timeZone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(at).map((each) => [each.type, each.value]));
  return {
    date: `${parts.year}-${parts.month}-${parts.day}`,
    weekday: DAYS.indexOf(String(parts.weekday)) + 1,
    minute: Number(parts.hour) * 60 + Number(parts.minute),
  };
}

const dayNumber = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000;
const sumOf = (lines: readonly RatedLine[]): number => lines.reduce((a, l) => a + l.amountFen, 0);
const isIn = <T>(list: readonly T[] | undefined, value: T | null): boolean =>
  list === undefined || (value !== null && list.includes(value));
const meet = <T>(list: readonly T[] | undefined, values: readonly T[]): boolean =>
  list === undefined || list.some((each) => values.includes(each));

function linesOf({ body }: RuleVersion, lines: readonly RatedLine[]): readonly RatedLine[] {
  const wanted = body.when.lines ?? {};
  return lines.filter(
    (line) =>
      isIn(wanted.skus, line.sku) &&
      isIn(wanted.brands, line.brand) &&
      isIn(wanted.categories, line.category) &&
      isIn(wanted.zones, line.zone) &&
      (wanted.green === undefined || line.green === 'valid'),
  );
}

function isBirthday(birthday: string | null, date: string, span: 'day' | 'month'): boolean {
  if (birthday === null) return false;
  if (span === 'month') return birthday.slice(0, 2) === date.slice(5, 7);
  const isLeapYear =
    dayNumber(`${date.slice(0, 4)}-03-01`) - dayNumber(`${date.slice(0, 4)}-02-28`) === 2;
  return (birthday === '02-29' && !isLeapYear ? '02-28' : birthday) === date.slice(5);
}

function minutes(time: string): number {
  const [hour, minute] = time.split(':').map(Number) as [number, number];
  return hour * 60 + minute;
}

function lasts({ body }: RuleVersion, wall: Wall): boolean {
  const { expiry, pendingDays = 0 } = body.terms ?? {};
  const today = dayNumber(wall.date);
  if (expiry === undefined || expiry.kind === 'none') return true;
  if (expiry.kind === 'fixed') return dayNumber(expiry.date) >= today + pendingDays;
  if (expiry.kind === 'rolling') return expiry.days === undefined || expiry.days >= pendingDays;
  return dayNumber(wall.date) + pendingDays < dayNumber(nextMonth(wall.date));
}

function nextMonth(date: string): string {
  const next = new Date(Date.UTC(Number(date.slice(0, 4)), Number(date.slice(5, 7)), 1));
  return next.toISOString().slice(0, 10);
}

function holds(version: RuleVersion, occasion: Occasion): boolean {
  const { body, merchant, from, until } = version;
  const { when } = body;
  const { member } = occasion;
  const wall = wallOf(occasion.at, occasion.timeZone);
  const own = linesOf(version, occasion.lines);
  const joined = dayNumber(wall.date) - dayNumber(wallOf(member.joinedAt, occasion.timeZone).date);
  const asked = when.member ?? {};
  const isOwn = merchant !== null && member.merchantTier !== undefined;
  const tier = isOwn ? (member.merchantTier ?? null) : member.tier;
  const seen = { ...occasion, member: { ...member, tier } };
  const net = sumOf(occasion.lines);
  const all = [
    occasion.at >= from && (until === null || occasion.at < until),
    body.on === occasion.on,
    merchant === null || merchant === occasion.merchant,
    isIn(when.merchants, occasion.merchant),
    isIn(when.merchantCategories, occasion.merchantCategory),
    isIn(when.stores, occasion.store),
    isIn(when.channels, occasion.channel),
    meet(when.tenders, occasion.tenders),
    (when.dates?.from ?? '0000') <= wall.date && (when.dates?.to ?? '9999') >= wall.date,
    isIn(when.weekdays, wall.weekday),
    isIn(when.monthDays, Number(wall.date.slice(8))),
    when.hours === undefined ||
      isWithin(wall.minute, minutes(when.hours.from), minutes(when.hours.to)),
    net >= (when.orderFen?.min ?? 0) && net <= (when.orderFen?.max ?? Number.MAX_VALUE),
    body.on !== 'order' || own.length > 0,
    sumOf(own) >= (when.lines?.minFen ?? 0),
    own.reduce((a, l) => a + l.quantity, 0) >= (when.lines?.minQuantity ?? 0),
    isIn(asked.tiers, tier),
    isIn(asked.creditBands, member.creditBand),
    meet(asked.segments, member.segments),
    asked.firstOrder === undefined || member.earlierOrders === 0,
    asked.birthday === undefined || isBirthday(member.birthday, wall.date, asked.birthday),
    asked.joinedWithinDays === undefined || (joined >= 0 && joined <= asked.joinedWithinDays),
    lasts(version, wall),
    when.expression === undefined || ALL_EXPRESSIONS.get(when.expression)?.(seen) === true,
  ];
  return all.every(Boolean);
}

function isWithin(minute: number, from: number, to: number): boolean {
  for (let each = from; each !== to; each = (each + 1) % 1440) if (each === minute) return true;
  return false;
}

/** Points by rule: the ratio's first, then bases, then the rest, each by priority and code. */
export function naiveRate(versions: readonly RuleVersion[], occasion: Occasion): NaivePoints[] {
  const before = (a: RuleVersion, b: RuleVersion): boolean => {
    const [p, q] = [a.body.priority ?? 0, b.body.priority ?? 0];
    if (p !== q) return p > q;
    const [x, y] = [a, b].map((v) => [v.code, v.merchant ?? '', v.id]) as [string[], string[]];
    const place = x.findIndex((text, index) => text !== y[index]);
    return place >= 0 && (x[place] as string) < (y[place] as string);
  };
  const fired = versions.filter((version) => holds(version, occasion));
  fired.sort((a, b) => (before(a, b) ? -1 : 1));
  const baseOf = (line: RatedLine): RuleVersion | undefined =>
    fired.find((v) => v.body.earn.kind === 'base' && linesOf(v, [line]).length > 0);
  const ratioOf = (line: RatedLine) => {
    const earn = baseOf(line)?.body.earn;
    return earn?.kind === 'base' ? earn : occasion.ratio;
  };
  const cut = (version: RuleVersion, points: bigint): bigint => {
    const cap = version.body.terms?.caps?.find(({ per }) => per === 'order');
    return cap !== undefined && BigInt(cap.points) < points ? BigInt(cap.points) : points;
  };
  /** Exactly what lines earn by their bases, as a fraction over the product of all denominators. */
  const exact = (lines: readonly RatedLine[]): [bigint, bigint] => {
    const den = lines.reduce((a, line) => a * BigInt(ratioOf(line).perFen), 1n);
    const parts = lines.map((line) => {
      const { points, perFen } = ratioOf(line);
      return (BigInt(line.amountFen) * BigInt(points) * den) / BigInt(perFen);
    });
    return [parts.reduce((a, b) => a + b, 0n), den];
  };
  const baseWorth = (lines: readonly RatedLine[]): bigint => {
    const [num, den] = exact(lines);
    return num / den;
  };

  const worths = fired.map((version) => {
    const { earn } = version.body;
    const own = linesOf(version, occasion.lines);
    let points: bigint;
    if (earn.kind === 'base')
      points = baseWorth(occasion.lines.filter((l) => baseOf(l) === version));
    else if (earn.kind === 'extra')
      points = (BigInt(sumOf(own)) * BigInt(earn.points)) / BigInt(earn.perFen);
    else if (earn.kind === 'times') {
      const [num, den] = exact(own);
      points = (num * BigInt(earn.num)) / 1n - num * BigInt(earn.den);
      points /= den * BigInt(earn.den);
    } else {
      const times = earn.per === 'order' ? 1 : own.reduce((a, l) => a + l.quantity, 0);
      points = BigInt(earn.points * times);
    }
    const given = cut(version, points);
    const left = occasion.member.left?.[version.rule];
    const payable = left === undefined || BigInt(left) > given ? given : BigInt(left);
    return { version, points: given, payable };
  });
  const isBeaten = ({ version, payable }: (typeof worths)[number]): boolean =>
    version.body.group !== undefined &&
    worths.some(
      (other) =>
        other.version !== version &&
        other.version.body.earn.kind !== 'base' &&
        other.version.merchant === version.merchant &&
        other.version.body.group === version.body.group &&
        (other.payable > payable || (other.payable === payable && before(other.version, version))),
    );
  const isBase = ({ version }: (typeof worths)[number]): boolean =>
    version.body.earn.kind === 'base';
  const own = baseWorth(occasion.lines.filter((line) => baseOf(line) === undefined));
  return [
    { version: null, pointType: 'points', points: own },
    ...[...worths.filter(isBase), ...worths.filter((each) => !isBase(each) && !isBeaten(each))].map(
      ({ version, points }) => ({
        version: version.id,
        pointType: version.body.terms?.pointType ?? 'points',
        points,
      }),
    ),
  ].filter(({ points }) => points > 0n);
}
