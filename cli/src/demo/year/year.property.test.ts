import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays } from './calendar.ts';
import type { Day } from './event.ts';
import { DAYS, type Plan } from './plan.ts';
import { tradeOf } from './trades.ts';
import { everybodyOf, yearOf } from './year.ts';

const plans: fc.Arbitrary<Plan> = fc.record({
  seed: fc.string({ maxLength: 8 }),
  until: fc.integer({ min: 0, max: 4_000 }).map((days) => addDays('2024-01-01', days)),
  members: fc.integer({ min: 50, max: 60 }),
});
const RUNS = { numRuns: 5 };

const minuteOf = (time: string): number =>
  Number(time.slice(11, 13)) * 60 + Number(time.slice(14, 16));

test('the same plan gives the same year', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const people = everybodyOf(plan);
      const told = (): string => JSON.stringify([...yearOf(plan, everybodyOf(plan))]);
      expect(JSON.stringify(everybodyOf(plan)) === JSON.stringify(people)).toBe(true);
      const once = told();
      expect(told() === once).toBe(true);
    }),
    { numRuns: 2 },
  );
});

test('in every year people join before they buy, trades are open, and sums add up', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const people = everybodyOf(plan);
      const joined = new Map(people.map(({ key, joins }) => [key, joins]));
      expect(joined.size).toBe(people.length);
      expect(new Set(people.map(({ phone }) => phone)).size).toBe(people.length);
      const days = [...yearOf(plan, people)];
      expect(days.flatMap(({ joins }) => joins)).toHaveLength(people.length);
      const keys = new Set<string>();
      for (const day of days) checkDay(day, joined, keys);
      expect(days.map(({ date }) => date)).toEqual(
        Array.from({ length: DAYS }, (_, day) => addDays(plan.until, day - DAYS)),
      );
    }),
    RUNS,
  );
});

/** What happens on a day happens on it, to people who are there, and has a number of its own. */
function checkDay(day: Day, joined: ReadonlyMap<string, string>, keys: Set<string>): void {
  const isFresh = (key: string): boolean => !keys.has(key) && keys.add(key) !== undefined;
  const isThere = (member: string): boolean => (joined.get(member) ?? '9999') < day.date;
  for (const order of day.orders) {
    const [opens, closes] = tradeOf(order.at).hours;
    const minute = minuteOf(order.paidAt);
    expect(order.paidAt.startsWith(day.date) && minute >= opens && minute < closes).toBe(true);
    expect(isThere(order.member) && isFresh(`${order.at} ${order.orderNo}`)).toBe(true);
    expect(tradeOf(order.at).stores.map(({ code }) => code)).toContain(order.store);
    expect(new Set(order.lines.map(({ sku }) => sku)).size).toBe(order.lines.length);
    for (const { quantity, amountFen } of order.lines) {
      expect(quantity > 0 && Number.isSafeInteger(amountFen) && amountFen > 0).toBe(true);
      expect(amountFen % quantity).toBe(0);
    }
  }
  for (const { member, activityNo, occurredAt, kind, referred } of day.deeds) {
    expect(occurredAt.startsWith(day.date) && isThere(member) && isFresh(activityNo)).toBe(true);
    expect(kind === 'referral').toBe(referred !== undefined);
    if (referred !== undefined) expect(joined.get(referred)).toBe(day.date);
  }
  for (const { giver, receiver, points } of day.gifts)
    expect(isThere(giver) && isThere(receiver) && giver !== receiver && points > 0).toBe(true);
  for (const { member, points, key } of day.redeemed)
    expect(isThere(member) && points > 0 && isFresh(key)).toBe(true);
}

test('nothing comes back that was not bought, nor more of it, nor twice', () => {
  fc.assert(
    fc.property(plans, (plan) => {
      const bought = new Map<string, number>();
      const early = new Set<string>();
      for (const day of yearOf(plan, everybodyOf(plan))) {
        for (const { returnNo } of day.early) early.add(returnNo);
        for (const { at, orderNo, lines } of day.orders)
          for (const { sku, quantity } of lines) bought.set(`${at} ${orderNo} ${sku}`, quantity);
        for (const { at, returnNo, lines } of day.returns) {
          expect(early.has(returnNo)).toBe(false);
          for (const { sku, quantity } of lines) {
            const key = `${at} ${returnNo.slice(1)} ${sku}`;
            expect(bought.get(key)).toBeGreaterThanOrEqual(quantity);
            bought.delete(key);
          }
        }
      }
    }),
    RUNS,
  );
});
