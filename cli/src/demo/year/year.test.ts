import { describe, expect, test } from 'vitest';
import { readPack } from '../../packs/pack.ts';
import { addDays, festivalsOf, momentOf, weekdayOf } from './calendar.ts';
import type { Day } from './event.ts';
import { visitsAt } from './live.ts';
import { DAYS, firstDayOf, type Plan } from './plan.ts';
import { WISHES } from './reward.ts';
import { STORIES, springGoodsOf } from './stories.ts';
import { TRADES, tradeOf } from './trades.ts';
import { netFenOf } from './visit.ts';
import { everybodyOf, yearOf } from './year.ts';

const plan: Plan = { seed: 'hongmi', until: '2026-11-22', members: 400 };
const people = everybodyOf(plan);
const days = [...yearOf(plan, people)];
const all = <T>(of: (day: Day) => readonly T[]): T[] => days.flatMap((day) => [...of(day)]);
const orders = all((day) => day.orders);

test('the calendar knows the feasts of both calendars', () => {
  expect(festivalsOf('2026-02-17')).toEqual(['spring']);
  expect(festivalsOf('2026-02-14')).toEqual(['spring-goods']);
  expect(festivalsOf('2025-10-06')).toEqual(['national', 'mid-autumn']);
  expect(festivalsOf('2026-11-11')).toEqual(['double-eleven']);
  expect(festivalsOf('2026-03-10')).toEqual([]);
  expect(weekdayOf('2026-11-22')).toBe(7);
  expect(addDays('2024-02-28', 2)).toBe('2024-03-01');
  expect(momentOf('2026-11-22', 20 * 60 + 5)).toBe('2026-11-22T20:05:00+08:00');
});

test('a year ends before the day it is played until, and every trade lives in it', () => {
  expect(days).toHaveLength(DAYS);
  expect([days[0]?.date, days.at(-1)?.date]).toEqual(['2025-11-22', '2026-11-21']);
  for (const { pack } of TRADES)
    expect(orders.filter(({ at }) => at === pack).length, pack).toBeGreaterThan(10);
  const sold = orders.reduce((sum, order) => sum + netFenOf(order), 0);
  const redeemed = all((day) => day.redeemed);
  expect({ orders: orders.length, sold, redeemed: redeemed.length }).toMatchSnapshot();
});

test('what is redeemed by chance is in the packs, open to everybody, at no higher price', async () => {
  for (const { at, reward, points, billFen = 0 } of WISHES) {
    const { rewards } = await readPack(at);
    const body = rewards.find(({ code }) => code === reward)?.body;
    const [price] = body?.prices ?? [];
    expect([reward, price]).toEqual([
      reward,
      { points: [{ pointType: 'points', points }], cashFen: 0 },
    ]);
    expect([reward, body?.eligibility]).toEqual([reward, undefined]);
    const { fulfilment } = body ?? {};
    expect(['code', 'voucher']).toContain(fulfilment?.kind);
    if (fulfilment?.kind === 'voucher' && fulfilment.voucher.form === 'full_reduction')
      expect(billFen).toBeGreaterThanOrEqual(fulfilment.voucher.overFen);
  }
});

test('many redeem on the redemption day and while there are hampers, nobody twice in a fortnight', () => {
  const redeemed = days.flatMap((day) => day.redeemed.map((each) => ({ ...each, on: day.date })));
  const crowd = redeemed.filter(({ member }) => !member.startsWith('S'));
  expect(crowd.length).toBeGreaterThan(200);
  const last = new Map<string, string>();
  for (const { member, on } of crowd) {
    expect(on > addDays(last.get(member) ?? '2000-01-01', 15)).toBe(true);
    last.set(member, on);
  }
  const at = crowd.filter((each) => each.at === 'supermarket' && each.reward !== 'festival-hamper');
  const onTheDay = at.filter(({ on }) => on.endsWith('-08'));
  expect(onTheDay.length).toBeGreaterThan(at.length / 10);
  const { from, to } = springGoodsOf(plan);
  const hampers = crowd.filter(({ reward }) => reward === 'festival-hamper');
  expect(hampers.every(({ on }) => on >= from && on <= to)).toBe(true);
  expect(new Set(hampers.map(({ option }) => option))).toEqual(new Set([0, 1]));
});

test('there is a festival for credit in every year, also in one without a Spring Festival', () => {
  expect(springGoodsOf(plan)).toEqual({ from: '2026-02-03', to: '2026-02-16' });
  const without = { ...plan, until: '2034-01-31' };
  expect(springGoodsOf(without)).toEqual({ from: '2033-04-01', to: '2033-04-08' });
});

test('who lapses was silent for three months, and who grows comes more often in the end', () => {
  const ordersOf = new Map<string, string[]>();
  for (const { member, paidAt } of orders)
    ordersOf.set(member, [...(ordersOf.get(member) ?? []), paidAt]);
  const of = (habit: string) =>
    people.filter((each) => each.habit === habit && each.goes.length > 0);
  for (const { key } of of('lapsed'))
    for (const paidAt of ordersOf.get(key) ?? [])
      expect(paidAt < addDays(plan.until, -91)).toBe(true);
  const middle = addDays(firstDayOf(plan), DAYS / 2);
  const growing = of('growing').filter(({ joins }) => joins === firstDayOf(plan));
  const times = growing.flatMap(({ key }) => ordersOf.get(key) ?? []);
  const late = times.filter((paidAt) => paidAt >= middle).length;
  expect(late).toBeGreaterThan(1.4 * (times.length - late));
});

describe('members with a story', () => {
  const by = (key: string) => orders.filter(({ member }) => member === key);
  const fen = (key: string): number => by(key).reduce((sum, order) => sum + netFenOf(order), 0);
  const spent = (key: string): number =>
    all((day) => day.redeemed)
      .filter(({ member }) => member === key)
      .reduce((sum, { points }) => sum + points, 0);

  test.each([
    ['S1', 12, 1_200_000, 10_000],
    ['S2', 30, 60_000, 500],
    ['S3', 2, 800_000, 0],
    ['S4', 1, 80_000, 0],
    ['S5', 1, 19_900, 100],
    ['S6', 50, 100_000, 900],
    ['S9', 4, 550_000, 5_000],
    ['S10', 3, 30_000, 200],
    ['S14', 1, 50_000, 400],
  ])('%s buys %i times for %i fen, and redeems for %i', (key, count, net, points) => {
    expect([by(key).length, fen(key), spent(key)]).toEqual([count, net, points]);
  });

  test('they are there from S1 to S14, and do nothing by chance', () => {
    const keys = STORIES.map(({ person }) => person(plan).key);
    for (let number = 1; number <= 14; number += 1) expect(keys).toContain(`S${number}`);
    expect(
      people.filter(({ key }) => key.startsWith('S')).every(({ goes }) => goes.length === 0),
    ).toBe(true);
  });
});

test('visits go on in the hours of the trades: many in the evening, few at night', () => {
  const visits = (from: number): number => {
    let count = 0;
    for (let minute = from; minute < from + 60; minute += 1) {
      const found = visitsAt(plan, people, { date: '2026-11-23', minute });
      count += found.length;
      const isOpen = found.every(({ at }) => {
        const [opens, closes] = tradeOf(at).hours;
        return minute >= opens && minute < closes;
      });
      expect(isOpen).toBe(true);
    }
    return count;
  };
  const [night, evening] = [visits(3 * 60), visits(18 * 60)];
  expect(evening).toBeGreaterThan(100);
  expect(night).toBeLessThan(evening / 10);
  const again = visitsAt(plan, people, { date: '2026-11-23', minute: 1_100 });
  expect(visitsAt(plan, people, { date: '2026-11-23', minute: 1_100 })).toEqual(again);
});
