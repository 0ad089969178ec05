import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { readId, type Uuid } from '../kernel/id.ts';
import { publishRule } from './testing/publish-rule.ts';

type Body = Answered['body'];
type Rule = Parameters<typeof publishRule>[1];

let t: PointsTestApp;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());

let numbers = 0;
const gift = (points: number, when: Rule['when'], terms?: Rule['terms']): Rule => ({
  when,
  earn: { kind: 'fixed', points, per: 'order' },
  ...(terms === undefined ? {} : { terms }),
});
const basket = [{ lineNo: 1, sku: 'a', quantity: 1, amountFen: 100 }];

/** A shop in a time zone, with rules that have been in force for long, and what its orders of one yuan earn on top of a point. */
async function shopIn(timeZone: string, ...rules: Rule[]) {
  numbers += 1;
  const programme = `zone-${numbers}`;
  await t.ok('POST', '/programmes', { code: programme, name: programme, timeZone });
  const merchantId = await t.merchant({ programme });
  const told = { externalIds: { test: programme }, merchantId };
  const memberId = (await t.ok('POST', '/members', told)).id;
  const merchant = readId('merchant', merchantId) as Uuid;
  for (const rule of rules) await publishRule(t, rule, { programme, merchant });
  const place = (paidAt: string): Promise<Body> => {
    numbers += 1;
    const order = { merchantId, memberId, orderNo: `no-${numbers}`, paidAt, lines: basket };
    return t.ok('POST', '/orders', order);
  };
  return {
    merchantId,
    place,
    async balance(): Promise<Body> {
      const { balances } = await t.ok('GET', `/members/${memberId}/balance`);
      return balances.find((each: Body) => each.programme === programme);
    },
    /** Bought at that moment; told at once. */
    async earns(at: string): Promise<number> {
      if (Date.parse(at) > t.clock.now()) t.clock.set(Date.parse(at));
      return (await place(at)).points - 1;
    },
  };
}

describe('a day of a programme', () => {
  it('begins and ends at midnight of its zone, to the millisecond', async () => {
    const s = await shopIn(
      'Asia/Shanghai',
      gift(10, { dates: { from: '2026-06-01', to: '2026-06-01' } }),
      gift(100, { monthDays: [1] }, { caps: [{ per: 'day', points: 150 }] }),
    );
    expect(await s.earns('2026-05-31T15:59:59.999Z')).toBe(0);
    expect(await s.earns('2026-05-31T16:00:00Z')).toBe(110);
    expect(await s.earns('2026-06-01T15:59:59.999Z')).toBe(60);
    expect(await s.earns('2026-06-01T16:00:00Z')).toBe(0);
    // What is told late counts on its day, and on that day's cap.
    expect(await s.earns('2026-06-01T15:00:00Z')).toBe(10);
  });

  it('has 25 hours or 23 where the clocks change, and one cap', async () => {
    const s = await shopIn(
      'Europe/Berlin',
      gift(10, { hours: { from: '02:00', to: '03:00' } }, { caps: [{ per: 'day', points: 15 }] }),
      gift(100, { weekdays: [7] }, { caps: [{ per: 'day', points: 250 }] }),
    );
    // 25 October 2026: the hour from two to three comes twice.
    expect(await s.earns('2026-10-24T21:59:59.999Z')).toBe(0);
    expect(await s.earns('2026-10-24T22:00:00Z')).toBe(100);
    expect(await s.earns('2026-10-25T00:30:00Z')).toBe(110);
    expect(await s.earns('2026-10-25T01:30:00Z')).toBe(55);
    expect(await s.earns('2026-10-25T02:00:00Z')).toBe(0);
    expect(await s.earns('2026-10-25T22:59:59.999Z')).toBe(0);
    expect(await s.earns('2026-10-25T23:00:00Z')).toBe(0);
    // 28 March 2027: it does not come at all.
    expect(await s.earns('2027-03-27T23:00:00Z')).toBe(100);
    expect(await s.earns('2027-03-28T00:59:59.999Z')).toBe(100);
    expect(await s.earns('2027-03-28T01:00:00Z')).toBe(50);
    expect(await s.earns('2027-03-28T21:59:59.999Z')).toBe(0);
    expect(await s.earns('2027-03-28T22:00:00Z')).toBe(0);
  });

  it('may be the 29th of February, which every fourth year has', async () => {
    const s = await shopIn(
      'America/Sao_Paulo',
      gift(10, { monthDays: [29] }),
      gift(100, {}, { caps: [{ per: 'year', points: 150 }] }),
      gift(1000, { dates: { from: '2028-02-28', to: '2028-02-29' } }),
    );
    expect(await s.earns('2027-02-28T15:00:00Z')).toBe(100);
    expect(await s.earns('2027-03-01T15:00:00Z')).toBe(50);
    expect(await s.earns('2028-02-29T02:59:59.999Z')).toBe(1100);
    expect(await s.earns('2028-02-29T03:00:00Z')).toBe(1060);
    expect(await s.earns('2028-03-01T02:59:59.999Z')).toBe(1010);
    expect(await s.earns('2028-03-01T03:00:00Z')).toBe(0);
  });
});

describe('points that wait', () => {
  it('can be spent after so many days by the calendar, and never when the order was cancelled before', async () => {
    const s = await shopIn('Europe/Berlin', gift(10, {}, { pendingDays: 7 }));
    // A week later the clocks have changed: it is the same time of day.
    t.clock.set(Date.parse('2029-03-20T11:00:00Z'));
    await s.place('2029-03-20T11:00:00Z');
    const cancelled = await s.place('2029-03-20T11:00:00Z');
    expect(await s.balance()).toMatchObject({ available: 2, pending: 20 });
    numbers += 1;
    const body = { returnNo: `ret-${numbers}`, lines: [{ lineNo: 1, quantity: 1 }] };
    await t.ok('POST', `/orders/${cancelled.id}/returns`, body);
    expect(await s.balance()).toMatchObject({ available: 1, pending: 10, debt: 0 });
    t.clock.set(Date.parse('2029-03-27T09:59:59.999Z'));
    expect(await s.balance()).toMatchObject({ available: 1, pending: 10 });
    t.clock.advance(1);
    expect(await s.balance()).toMatchObject({ available: 11, pending: 0 });
  });
});

describe('a rule that changes', () => {
  const draft = (points: number) => ({ name: 'gift', on: 'order', ...gift(points, {}) });

  async function publish(id: string): Promise<void> {
    const { announced } = await t.ok('POST', `/rules/${id}/publish`, {});
    t.clock.set(Date.parse(announced[0].from));
    await t.rules.refresh();
  }
  async function published(points: number) {
    const s = await shopIn('Asia/Shanghai');
    numbers += 1;
    const rule = { code: `gift-${numbers}`, merchantId: s.merchantId, body: draft(points) };
    const { id } = await t.ok('POST', '/rules', rule);
    await publish(id);
    return { ...s, id };
  }
  const now = (): string => new Date(t.clock.now()).toISOString();

  it('between looking and buying ends for what is paid then, not for what was paid before', async () => {
    const s = await published(7);
    const examined = async () => {
      const { awards } = await t.ok('POST', '/rules/examine', {
        merchantId: s.merchantId,
        lines: [{ sku: 'a', quantity: 1, amountFen: 100 }],
      });
      return awards.map(({ points }: Body) => points);
    };
    await t.ok('POST', `/rules/${s.id}/retire`, {});
    const [standing] = (await t.ok('GET', `/rules/${s.id}/versions`)).items;
    t.clock.set(Date.parse(standing.until) - 1);
    expect(await examined()).toEqual([1, 7]);
    const before = now();
    t.clock.advance(1);
    expect(await s.earns(now())).toBe(0);
    expect(await examined()).toEqual([1]);
    // The till was cut off: it was paid while the rule was in force.
    const late = await s.place(before);
    expect(late.points).toBe(8);
    const { rules } = await t.ok('GET', `/orders/${late.id}/explanation`);
    expect(rules[1]).toMatchObject({ fired: true, points: 7 });
  });

  it('is not looked at when goods come back that an earlier version gave points for', async () => {
    const s = await published(7);
    const order = await s.place(now());
    const [, { ruleVersionId: first }] = order.awards;
    await t.ok('PUT', `/rules/${s.id}/draft`, { body: draft(50) });
    await publish(s.id);
    const newer = await s.place(now());
    expect([order.points, newer.points]).toEqual([8, 51]);
    expect(newer.awards[1].ruleVersionId).not.toBe(first);
    const giveBack = (id: string, more: object): Promise<Body> => {
      numbers += 1;
      const body = { returnNo: `ret-${numbers}`, lines: [{ lineNo: 1, ...more }] };
      return t.ok('POST', `/orders/${id}/returns`, body);
    };
    // A part of the price: by the version of its day the gift stays.
    const [part] = (await giveBack(order.id, { amountFen: 50 })).orders;
    expect(part.awards.map((each: Body) => [each.pointsBefore, each.pointsAfter])).toEqual([
      [1, 0],
      [7, 7],
    ]);
    await giveBack(order.id, { quantity: 1 });
    expect(await s.balance()).toMatchObject({ available: 51 });
    await giveBack(newer.id, { quantity: 1 });
    expect(await s.balance()).toMatchObject({ available: 0, debt: 0 });
  });
});
