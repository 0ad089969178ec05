import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';

type Body = Answered['body'];

let t: PointsTestApp;
let programme: string;
let merchantId: string;
let memberId: string;
let numbers = 0;
beforeAll(async () => {
  t = await createPointsTestApp();
});
beforeEach(async () => {
  numbers += 1;
  programme = `dated-${numbers}`;
  const expiryPolicy = { kind: 'rolling', years: 2 };
  const pointTypes = [
    { code: 'points', name: '积分', expiryPolicy },
    { code: 'leaves', name: '绿叶' },
  ];
  const conversions = [{ from: 'points', to: 'leaves', num: 1, den: 2 }];
  await t.ok('POST', '/programmes', { code: programme, name: programme, pointTypes, conversions });
  merchantId = await t.merchant({ programme });
  memberId = (await t.ok('POST', '/members', { programme })).id;
});
afterAll(() => t.close());

const iso = (at: number): string => new Date(at).toISOString();
const shown = async (): Promise<Body> =>
  (await t.ok('GET', '/programmes')).items.find(({ code }: Body) => code === programme);
const patch = (body: object): Promise<Answered> =>
  t.call('PATCH', `/programmes/${programme}`, body);
const patchPoints = (body: object): Promise<Answered> =>
  t.call('PATCH', `/programmes/${programme}/point-types/points`, body);
const order = (more: object = {}): Promise<Body> => {
  numbers += 1;
  const lines = [{ lineNo: 1, sku: 'melon', quantity: 1, amountFen: 10_000 }];
  const paidAt = iso(t.clock.now());
  return t.ok('POST', '/orders', {
    ...{ merchantId, memberId, orderNo: `O-${numbers}`, paidAt, lines, ...more },
  });
};
const lapses = async (): Promise<string[]> =>
  (await t.ok('GET', `/members/${memberId}/lots`)).items.map(({ expiresAt }: Body) =>
    expiresAt.slice(0, 4),
  );
const inbox = async (): Promise<Body[]> => {
  const { items } = await t.ok('GET', `/members/${memberId}/messages`);
  return items.filter(({ kind }: Body) => kind === 'terms_change');
};
/** The soonest that a notice of 7 days allows: the beginning of the 8th day after today. */
const earliest = (): number => {
  const day = Math.floor((t.clock.now() + 8 * 3600_000) / 86_400_000);
  return (day + 8) * 86_400_000 - 8 * 3600_000;
};

describe('what becomes worse for members', () => {
  it.each([
    ['points that lapse sooner', { expiryPolicy: { kind: 'rolling', years: 1 } }],
    ['points that lapse otherwise', { expiryPolicy: { kind: 'fixed', date: '2050-12-31' } }],
    ['points that cannot be given away', { transferable: false }],
  ])('counts after the notice, of which members are told: %s', async (_, terms) => {
    const from = earliest();
    const early = { ...terms, from: iso(from - 1) };
    for (const body of [terms, early]) {
      const { status, body: told } = await patchPoints(body);
      expect([status, told.code]).toEqual([422, 'notice_needed']);
      expect(told).toMatchObject({ earliest: iso(from), noticeDays: 7 });
    }
    expect(await inbox()).toEqual([]);
    const before = (await shown()).pointTypes;
    const { status, body } = await patchPoints({ ...terms, from: iso(from) });
    expect([status, body]).toEqual([200, before[0]]);
    expect(await shown()).toMatchObject({
      pointTypes: before,
      announced: [{ from: iso(from), after: { pointTypes: [{ code: 'points', ...terms }] } }],
    });
    const [told] = await inbox();
    expect(told).toMatchObject({ facts: { pointType: '积分' } });
    // Points that members have lapse as they did, but cannot be given away any more either.
    expect(told.zh.text.includes('仍按原约定')).toBe('expiryPolicy' in terms);
    t.clock.set(from - 1);
    expect((await shown()).pointTypes).toEqual(before);
    t.clock.set(from);
    expect(await shown()).toMatchObject({ pointTypes: [{ ...terms }, {}], announced: [] });
  });

  it.each([
    ['returns', { returnPolicy: 'debt' }],
    ['refund_grace', { refundGraceDays: 5 }],
    ['conversions', { conversions: [{ from: 'points', to: 'leaves', num: 49, den: 100 }] }],
    ['conversions', { conversions: [] }],
  ])('counts after the notice, of which members are told: %s', async (what, settings) => {
    await patch({ returnPolicy: 'pending_only' });
    expect((await patch(settings)).body.code).toBe('notice_needed');
    const before = await shown();
    await t.ok('PATCH', `/programmes/${programme}`, { ...settings, from: iso(earliest()) });
    const { announced, ...rest } = await shown();
    expect({ ...rest, announced: [] }).toEqual(before);
    expect(announced).toEqual([{ from: iso(earliest()), after: settings }]);
    expect(await inbox()).toMatchObject([{ facts: { what } }]);
    t.clock.set(earliest());
    expect(await shown()).toMatchObject({ ...settings, announced: [] });
  });

  it('is told of a merchant’s lower ratio as well', async () => {
    const earnRatio = { points: 1, perFen: 200 };
    const path = `/merchants/${merchantId}`;
    expect((await t.call('PATCH', path, { earnRatio })).body.code).toBe('notice_needed');
    expect(await inbox()).toEqual([]);
    await t.ok('PATCH', path, { earnRatio, from: iso(earliest()) });
    const { name } = await t.ok('GET', path);
    expect(await inbox()).toMatchObject([{ facts: { what: 'earn_ratio', merchant: name } }]);
  });
});

describe('what is no worse', () => {
  it('counts at once, or when it is asked to, and nobody is told', async () => {
    const conversions = [{ from: 'points', to: 'leaves', num: 2, den: 3 }];
    const better = { returnPolicy: 'within_balance', refundGraceDays: 31, conversions };
    expect((await patch(better)).body).toMatchObject(better);
    const from = iso(t.clock.now() + 1000);
    await t.ok('PATCH', `/programmes/${programme}`, { returnPolicy: 'pending_only', from });
    expect(await shown()).toMatchObject({ returnPolicy: 'within_balance' });
    t.clock.advance(1000);
    expect(await shown()).toMatchObject({ returnPolicy: 'pending_only' });
    expect((await patchPoints({ expiryPolicy: { kind: 'none' } })).status).toBe(200);
    expect(await inbox()).toEqual([]);
  });
});

describe('an order', () => {
  it('goes by what was promised when it was paid, also when it is told later', async () => {
    const from = earliest();
    await order();
    const expiryPolicy = { kind: 'rolling', years: 1 };
    expect((await patchPoints({ expiryPolicy, from: iso(from) })).status).toBe(200);
    await order();
    t.clock.set(from);
    await order();
    await order({ paidAt: iso(from - 1) });
    // 2026 and two years; from then on one.
    expect((await lapses()).sort()).toEqual(['2027', '2028', '2028', '2028']);
  });

  it('that is returned goes by the policy of that moment', async () => {
    await patch({ returnPolicy: 'pending_only' });
    const from = earliest();
    await t.ok('PATCH', `/programmes/${programme}`, { returnPolicy: 'debt', from: iso(from) });
    const owes = async (): Promise<number> => {
      const { id } = await order();
      const burn = { kind: 'burn', merchantId, memberId, points: 100 };
      await t.ok('POST', '/transactions', burn);
      await t.ok('POST', `/orders/${id}/returns`, {
        returnNo: `R-${id}`,
        lines: [{ lineNo: 1, quantity: 1 }],
      });
      const { balances } = await t.ok('GET', `/members/${memberId}/balance`);
      return balances.find(({ programme: code }: Body) => code === programme).debt;
    };
    expect(await owes()).toBe(0);
    t.clock.set(from);
    expect(await owes()).toBe(100);
  });
});

describe('what is announced', () => {
  it('is not overtaken: another change of it counts from then on, and may take it back', async () => {
    const from = iso(earliest());
    const was = (await shown()).pointTypes[0].expiryPolicy;
    await patchPoints({ expiryPolicy: { kind: 'rolling', years: 1 }, from });
    const now = await patchPoints({ expiryPolicy: { kind: 'none' } });
    expect([now.status, now.body.code]).toEqual([409, 'change_announced']);
    expect(now.body.from).toBe(from);
    expect((await patch({ refundGraceDays: 60 })).body.code).toBe('change_announced');
    // What promises nothing is not held up.
    expect((await patch({ adjustLimit: 5 })).status).toBe(200);
    expect((await patchPoints({ name: '红米积分' })).status).toBe(200);
    expect((await patchPoints({ expiryPolicy: was, from })).status).toBe(200);
    t.clock.set(Date.parse(from));
    expect((await shown()).pointTypes[0].expiryPolicy).toEqual(was);
  });

  it('is never in the past, and only what promises something has a date', async () => {
    const past = iso(t.clock.now() - 1);
    expect((await patch({ refundGraceDays: 60, from: past })).body.code).toBe('terms_in_past');
    const later = iso(earliest());
    for (const body of [{ adjustLimit: 5 }, { adjustLimit: 5, refundGraceDays: 60 }])
      expect((await patch({ ...body, from: later })).body.code).toBe('invalid_request');
    const terms = { name: '红米积分', expiryPolicy: { kind: 'none' }, from: later };
    expect((await patchPoints(terms)).body.code).toBe('invalid_request');
    expect((await shown()).announced).toEqual([]);
  });

  it('can be rehearsed, and nobody is told', async () => {
    const body = { expiryPolicy: { kind: 'rolling', years: 1 }, from: iso(earliest()) };
    expect((await patchPoints({ ...body, dryRun: true })).body).toMatchObject({ dryRun: true });
    expect((await shown()).announced).toEqual([]);
    expect(await inbox()).toEqual([]);
  });
});
