import { addDays, type Date10, festivalsOf, momentOf } from './calendar.ts';
import { deedsOf, deedsWith } from './deed.ts';
import { type Dice, diceOf } from './dice.ts';
import type { Day, Deed, Gift, Order, Redeemed } from './event.ts';
import { peopleOf } from './people.ts';
import type { Person } from './person.ts';
import { DAYS, firstDayOf, type Plan, REGISTERED_AT } from './plan.ts';
import { createPurses } from './purse.ts';
import { earlyOf, type Planned, returnOf } from './return.ts';
import { type Redeeming, redeemedAfter } from './reward.ts';
import { STORIES, springGoodsOf, type Telling, tellingsOf } from './stories.ts';
import type { Trade } from './trade.ts';
import { TRADES } from './trades.ts';
import { crowdOf, minuteOf, orderOf, presenceOf } from './visit.ts';

const GIFTS = 0.0015;
const GIFT_MAX = 500;

/** Everybody: those with a story first. */
export function everybodyOf(plan: Plan): readonly Person[] {
  return [...STORIES.map(({ person }) => person(plan)), ...peopleOf(plan)];
}

/**
 * A year of days, one after the other, that follows from the plan alone: the same plan gives the same year. What
 * returns and purses need is remembered from day to day, so a year is always told from its first day on.
 */
export function* yearOf(plan: Plan, people: readonly Person[]): Generator<Day> {
  const first = firstDayOf(plan);
  const tellings = tellingsOf(plan);
  const world: World = {
    ...{ plan, people, pending: new Map() },
    ...{ purses: createPurses(), last: new Map(), hampers: springGoodsOf(plan) },
  };
  for (let passed = 0; passed < DAYS; passed += 1) {
    const date = addDays(first, passed);
    yield dayOf(world, date, passed, tellings.get(date));
  }
}

interface World extends Redeeming {
  readonly plan: Plan;
  readonly people: readonly Person[];
  /** Returns by the day on which they come. */
  readonly pending: Map<Date10, Planned[]>;
}

/** Who may come today, and how much they do. */
interface Present {
  readonly person: Person;
  readonly presence: number;
}

function dayOf(world: World, date: Date10, passed: number, told: Telling | undefined): Day {
  const { plan, people, purses, pending } = world;
  const dice = diceOf(`${plan.seed} ${date}`);
  const due = pending.get(date) ?? [];
  pending.delete(date);
  purses.begin(date);
  for (const { back, fen } of due) purses.returned(back.member, fen);
  const present: Present[] = [];
  for (const person of people) {
    const presence = presenceOf(person, date, passed);
    if (presence > 0) present.push({ person, presence });
  }
  const visits = visitsOf(world, date, present, dice);
  const deeds = [...(told?.deeds ?? []), ...visits.deeds];
  const gifts: Gift[] = [...(told?.gifts ?? [])];
  for (const { person, presence } of present) {
    deeds.push(...deedsOf(person, { date, presence }, dice));
    const gift = giftOf(person, date, present, purses, dice);
    if (gift !== null) gifts.push(gift);
  }
  const joins = people.filter((person) => person.joins === date);
  for (const person of joins) deeds.push(...referralOf(person, date));
  return {
    date,
    early: visits.early,
    orders: [...(told?.orders ?? []), ...visits.orders].sort(byTime(({ paidAt }) => paidAt)),
    returns: [...(told?.returns ?? []), ...due.map(({ back }) => back)],
    redeemed: [...(told?.redeemed ?? []), ...visits.redeemed],
    deeds: deeds.sort(byTime(({ occurredAt }) => occurredAt)),
    gifts,
    joins,
    promotions: told?.promotions ?? [],
  };
}

const byTime =
  <T>(time: (each: T) => string) =>
  (a: T, b: T): number =>
    time(a) < time(b) ? -1 : Number(time(a) > time(b));

interface CrowdedTrade {
  readonly trade: Trade;
  readonly crowd: number;
}

function visitsOf(world: World, date: Date10, present: readonly Present[], dice: Dice) {
  const { purses, pending } = world;
  const festivals = festivalsOf(date);
  const crowds = new Map<string, CrowdedTrade>(
    TRADES.map((trade) => [trade.pack, { trade, crowd: crowdOf(trade, date, festivals) }]),
  );
  const found = {
    orders: [] as Order[],
    early: [] as Planned['back'][],
    redeemed: [] as Redeemed[],
    deeds: [] as Deed[],
  };
  for (const { person, presence } of present) {
    for (const { pack, often } of person.goes) {
      const { trade, crowd } = crowds.get(pack) as CrowdedTrade;
      const chance = (trade.visits / DAYS) * often * presence * crowd;
      if (!dice.chance(chance)) continue;
      const when = { date, minute: minuteOf(trade, dice), second: dice.int(0, 59) };
      const order = orderOf(trade, person, dice, when, orderNoOf(trade, date, found.orders.length));
      found.orders.push(order);
      purses.bought(order);
      found.deeds.push(...deedsWith(order, person, when, dice));
      const redeemed = redeemedAfter(order, person, date, world, dice);
      if (redeemed !== null) found.redeemed.push(redeemed);
      if (!dice.chance(trade.returns)) continue;
      const planned = returnOf(order, date, trade, dice);
      if (planned.isEarly) found.early.push(earlyOf(planned, order));
      pending.set(planned.date, [...(pending.get(planned.date) ?? []), planned]);
    }
  }
  return found;
}

/** `FR20270601-0042`: letters of the trade's articles, the day, and a number that no other order of the day has. */
function orderNoOf({ goods }: Trade, date: Date10, number: number): string {
  const letters = goods[0]?.sku.slice(0, 2) ?? 'XX';
  return `${letters}${date.replaceAll('-', '')}-${String(number + 1).padStart(4, '0')}`;
}

function giftOf(
  { key, family }: Person,
  date: Date10,
  present: readonly Present[],
  purses: Redeeming['purses'],
  dice: Dice,
): Gift | null {
  if (family === null || !dice.chance(GIFTS)) return null;
  if (!present.some(({ person }) => person.key === family)) return null;
  const points = Math.min(Math.floor(purses.of(key) / 400) * 100, GIFT_MAX);
  if (points < 100) return null;
  purses.spent(key, points);
  return { key: `${date}-gift-${key}`, giver: key, receiver: family, points };
}

function referralOf({ key, referredBy }: Person, date: Date10): Deed[] {
  if (referredBy === null) return [];
  return [
    {
      at: 'car-shop',
      member: referredBy,
      kind: 'referral',
      activityNo: `${date}-referral-${key}`,
      occurredAt: momentOf(date, REGISTERED_AT),
      referred: key,
    },
  ];
}
