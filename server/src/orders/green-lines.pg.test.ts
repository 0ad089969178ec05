import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { lockReceipts } from '../certificates/lock-receipts.ts';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { gives, publishRules } from '../http/test-rules.ts';
import { settle } from '../jobs/run-jobs.ts';
import { readId } from '../kernel/id.ts';
import type { RuleBody } from '../rules/rule.ts';

type Body = Answered['body'];

const DAY_MS = 24 * 3_600_000;
/** A point more for each yuan of green goods. */
const GREEN: RuleBody = {
  name: 'green goods',
  on: 'order',
  when: { lines: { green: true } },
  earn: { kind: 'extra', points: 1, perFen: 100 },
};

let t: PointsTestApp;
let shop: string;
let memberId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());
beforeEach(async () => {
  shop = await t.merchant();
  memberId = await t.member();
  await publishRules(t, shop, [GREEN]);
});

const at = (ms = 0): string => new Date(t.clock.now() + ms).toISOString();
let count = 0;
const fresh = (): string => {
  count += 1;
  return `G-${count}`;
};

/** Writes a certificate down that covers detergents. */
const certify = (more: object = {}): Promise<Body> =>
  t.ok('POST', '/certificates', {
    merchantId: shop,
    number: fresh(),
    issuingBody: 'CQC',
    scope: ['detergent'],
    validFrom: at(-10 * DAY_MS),
    validUntil: at(10 * DAY_MS),
    lastCheckedAt: at(),
    ...more,
  });
const revoke = (id: string): Promise<Body> =>
  t.ok('PATCH', `/certificates/${id}`, { revocation: { reason: 'withdrawn', actor: 'Han Mei' } });

const line = (lineNo: number, greenCertificate: string | undefined, more: object = {}): object => ({
  lineNo,
  sku: `D-${lineNo}`,
  category: 'detergent',
  ...(greenCertificate === undefined ? {} : { greenCertificate }),
  quantity: 1,
  amountFen: 1_000,
  ...more,
});
const told = (lines: readonly object[], more: object = {}): object => ({
  merchantId: shop,
  memberId,
  orderNo: fresh(),
  paidAt: at(),
  lines,
  ...more,
});
const buy = (lines: readonly object[], more: object = {}): Promise<Body> =>
  t.ok('POST', '/orders', told(lines, more));
const available = async (): Promise<number> => (await t.balance(memberId)).available;
const standings = async ({ id }: Body): Promise<(string | undefined)[]> =>
  (await t.ok('GET', `/orders/${id}`)).lines.map((each: Body) => each.green);
const ruleOf = async ({ id }: Body): Promise<Body> =>
  (await t.ok('GET', `/orders/${id}/explanation`)).rules.find((each: Body) => each.ruleVersionId);

describe('a line that names a certificate', () => {
  it('is green while that covers it: by category, article, brand, zone or how it was paid', async () => {
    const { number, id } = await certify({
      scope: ['detergent', 'BAG-1', 'leaf', 'green-zone', 'green-bank-card'],
    });
    const other = { category: 'other' };
    const orders = [
      await buy([line(1, number)]),
      await buy([line(1, id)]),
      await buy([line(1, number, { ...other, sku: 'BAG-1' })]),
      await buy([line(1, number, { ...other, brand: 'leaf' })]),
      await buy([line(1, number, { ...other, zone: 'green-zone' })]),
      await buy([line(1, number, other)], { tenders: ['cash', 'green-bank-card'] }),
    ];
    for (const order of orders) {
      expect(order.points).toBe(20);
      expect(await standings(order)).toEqual(['valid']);
    }
    const shown = await t.ok('GET', `/orders/${orders[0].id}`);
    expect(shown.lines[0]).toMatchObject({ greenCertificate: number, certificateId: id });
    expect(await ruleOf(orders[0])).toMatchObject({ fired: true, points: 10 });
  });

  it('is not where nothing stands behind it, and the explanation says why', async () => {
    const other = await t.merchant();
    const expired = await certify({ validUntil: at(-1) });
    const early = await certify({ validFrom: at(DAY_MS) });
    const bags = await certify({ scope: ['bag'] });
    const foreign = await certify({ merchantId: other });
    const revoked = await certify();
    await revoke(revoked.id);
    for (const [certificate, why] of [
      ['never-heard-of', 'unknown'],
      [expired.number, 'expired'],
      [early.number, 'not_valid_yet'],
      [bags.number, 'out_of_scope'],
      [foreign.number, 'unknown'],
      [foreign.id, 'unknown'],
      [revoked.number, 'revoked'],
    ] as const) {
      const order = told([line(1, certificate)]);
      const { merchantId, lines } = order as Body;
      const preview = await t.ok('POST', '/orders', { ...order, dryRun: true });
      const examined = await t.ok('POST', '/rules/examine', {
        merchantId,
        lines: lines.map(({ lineNo: _, ...each }: Body) => each),
      });
      const placed = await t.ok('POST', '/orders', order);
      expect([preview.points, placed.points]).toEqual([10, 10]);
      expect(await standings(placed)).toEqual([why]);
      const failed = { fired: false, failed: 'when.lines.green', found: `${certificate} ${why}` };
      expect(await ruleOf(placed)).toMatchObject(failed);
      expect(examined.rules.find((each: Body) => each.ruleVersionId)).toMatchObject(failed);
    }
    const [named, plain] = [
      await buy([line(1, bags.number), line(2, undefined)]),
      await buy([line(1, undefined)]),
    ];
    expect(await standings(named)).toEqual(['out_of_scope', undefined]);
    expect(await ruleOf(plain)).toMatchObject({ failed: 'when.lines.green', found: '-' });
  });

  it('is looked at when it was paid, not when it is told', async () => {
    const { number } = await certify({ validUntil: at(60_000) });
    const order = told([line(1, number)]);
    t.clock.advance(2 * 60_000);
    expect((await t.ok('POST', '/orders', order)).points).toBe(20);
    expect((await buy([line(1, number)])).points).toBe(10);
  });

  it('is rated again by what was true when it was sold', async () => {
    const { number, id } = await certify();
    const order = await buy([line(1, number, { quantity: 4, amountFen: 4_000 })]);
    expect(order.points).toBe(80);
    await revoke(id);
    const back = { returnNo: fresh(), lines: [{ lineNo: 1, quantity: 1 }] };
    await t.ok('POST', `/orders/${order.id}/returns`, back);
    expect(await available()).toBe(60);
    expect(await standings(order)).toEqual(['valid']);
    expect(await ruleOf(order)).toMatchObject({ fired: true, points: 40 });
  });

  it('may be one of several merchants, each of which answers for itself', async () => {
    const one = await certify();
    const other = await t.merchant();
    const two = await certify({ number: one.number, merchantId: other });
    await revoke(two.id);
    expect((await buy([line(1, one.number)])).points).toBe(20);
    const again = { number: one.number, merchantId: shop };
    await expect(certify(again)).rejects.toThrow('certificate_exists');
  });
});

describe('a revoked certificate', () => {
  it('stops issuing between examining and buying', async () => {
    const { number, id } = await certify();
    const lines = [
      {
        sku: 'D-1',
        category: 'detergent',
        greenCertificate: number,
        quantity: 1,
        amountFen: 1_000,
      },
    ];
    const examined = await t.ok('POST', '/rules/examine', { merchantId: shop, lines });
    expect(examined.awards).toMatchObject([{ points: 10 }, { points: 10 }]);
    await revoke(id);
    const order = await buy([line(1, number)]);
    expect(order.points).toBe(10);
    expect(await standings(order)).toEqual(['revoked']);
  });

  it('stops issuing between the look-up and the recording; the others of the request are recorded', async () => {
    const { number, id } = await certify();
    const client = await t.pool.connect();
    try {
      await client.query('begin');
      await client.query(
        `update certificate set revoked_at_ms = 1, revoked_by = 'Han Mei', revoked_why = 'forged' where id = $1`,
        [readId('certificate', id)],
      );
      const orders = [told([line(1, number)]), told([line(1, undefined)])];
      const placing = t.ok('POST', '/orders/bulk', { orders });
      const waiting = `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%fallen as %'`;
      await vi.waitFor(async () => expect((await t.pool.query(waiting)).rowCount).toBe(1), 10_000);
      await client.query('commit');
      const { results } = await placing;
      expect(results.map((each: Body) => [each.status, each.order.points])).toEqual([
        ['applied', 10],
        ['applied', 10],
      ]);
      expect(await standings(results[0].order)).toEqual(['revoked']);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  it('charges its merchant with what was given on it, less what came back; members keep theirs', async () => {
    const { number, id } = await certify();
    // Of one award, half was given on the certificate, and a quarter came back of that half.
    const order = await buy([
      line(1, number, { quantity: 4, amountFen: 4_000 }),
      line(2, undefined),
    ]);
    await t.ok('POST', `/orders/${order.id}/returns`, {
      returnNo: fresh(),
      lines: [{ lineNo: 1, quantity: 1 }],
    });
    await buy([line(1, number)]);
    await buy([line(1, undefined)]);
    const before = await available();
    await revoke(id);
    await settled();
    expect(await charged(id)).toBe(40);
    expect(await available()).toBe(before);
    // Once.
    await settled();
    expect(await charged(id)).toBe(40);
  });

  it('is charged the same whether goods come back before it is revoked or after, in whatever parts', async () => {
    const giveBack = (order: Body, lineNo: number, quantity: number): Promise<Body> =>
      t.ok('POST', `/orders/${order.id}/returns`, {
        returnNo: fresh(),
        lines: [{ lineNo, quantity }],
      });
    const lines = (number: string) => [
      line(1, number, { quantity: 4, amountFen: 4_150 }),
      line(2, undefined, { quantity: 2, amountFen: 3_099 }),
    ];
    const back = [
      [2, 1],
      [1, 1],
      [1, 2],
      [2, 1],
      [1, 1],
    ] as const;
    const seen: number[] = [];
    for (let after = 0; after <= back.length; after += 1) {
      const { number, id } = await certify();
      const order = await buy(lines(number));
      for (const [lineNo, quantity] of back.slice(0, after))
        await giveBack(order, lineNo, quantity);
      await revoke(id);
      await settled();
      seen[after] ??= await charged(id);
      for (const [place, [lineNo, quantity]] of back.slice(after).entries()) {
        await giveBack(order, lineNo, quantity);
        const now = await charged(id);
        seen[after + place + 1] ??= now;
        expect(now).toBe(seen[after + place + 1]);
      }
    }
    expect(seen).toEqual([41, 41, 31, 10, 10, 0]);
  });

  it('is charged less also when the server dies on the way, or the member became part of another one', async () => {
    const { number, id } = await certify();
    const [one, two] = [await buy([line(1, number)]), await buy([line(1, number)])];
    await revoke(id);
    await settled();
    expect(await charged(id)).toBe(20);
    const back = (order: Body): Parameters<typeof t.call> => [
      'POST',
      `/orders/${order.id}/returns`,
      { returnNo: fresh(), lines: [{ lineNo: 1, quantity: 1 }] },
    ];
    t.ledgerDown = true;
    expect((await t.call(...back(one))).status).toBe(503);
    t.ledgerDown = false;
    expect(await charged(id)).toBe(20);
    await settled();
    expect(await charged(id)).toBe(10);
    const survivor = await t.member();
    const told = { from: memberId, actor: 'Han Mei', reason: 'one person' };
    await t.ok('POST', `/members/${survivor}/merges`, told);
    await t.ok(...back(two));
    expect(await charged(id)).toBe(0);
  });

  it('is not charged with points that somebody took back by hand', async () => {
    const { number, id } = await certify();
    const order = await buy([line(1, number), line(2, undefined)]);
    const award = order.awards.find((each: Body) => each.ruleVersionId !== null);
    const byHand = (points: number): Promise<Body> =>
      t.ok('POST', '/transactions', {
        ...{ kind: 'return', memberId, transactionId: award.transactionId, points },
      });
    await revoke(id);
    await settled();
    expect(await charged(id)).toBe(10);
    await byHand(4);
    expect(await charged(id)).toBe(6);
    await byHand(6);
    expect(await charged(id)).toBe(0);
  });

  it('shares what one award gave on two certificates without a rest, whichever falls first', async () => {
    const [a, b] = [await certify(), await certify()];
    await buy([line(1, a.number, { amountFen: 150 }), line(2, b.number, { amountFen: 150 })]);
    expect(await available()).toBe(6);
    await revoke(a.id);
    await settled();
    await revoke(b.id);
    await settled();
    expect([await charged(a.id), await charged(b.id)]).toEqual([2, 1]);
  });

  it('is charged with what was on its way to the ledger when it was revoked', async () => {
    const { number, id } = await certify();
    t.ledgerDown = true;
    expect((await t.call('POST', '/orders', told([line(1, number)]))).status).toBe(503);
    await revoke(id);
    t.clock.advance(2 * 60_000);
    await settle(t.jobs).catch(() => {});
    expect(await charged(id)).toBe(0);
    t.ledgerDown = false;
    await settled();
    expect(await available()).toBe(20);
    expect(await charged(id)).toBe(10);
    expect((await t.pool.query('select from unsettled')).rowCount).toBe(0);
  });
});

describe('one receipt as order and as evidence', () => {
  const show = (number: string, behaviour: string, more: object = {}): Promise<Body> =>
    t.ok('POST', '/activities', {
      merchantId: shop,
      memberId,
      kind: 'green',
      activityNo: fresh(),
      occurredAt: at(),
      evidence: { behaviour, number },
      ...more,
    });
  const claimed = { awards: [], noPointsReason: 'already_claimed' };

  it('pays once for one behaviour, whoever shows it there and wherever its member does', async () => {
    await t.ok('POST', '/programmes', { code: 'village', name: 'Village' });
    const school = await t.merchant({ programme: 'village' });
    for (const merchant of [shop, school]) await publishRules(t, merchant, [gives('green', 30)]);
    const { number } = await certify({ scope: ['detergent', 'own-bag'] });
    await certify({ merchantId: school, scope: ['detergent'] });
    const orderNo = fresh();
    const lines = [line(1, number), line(2, undefined, { category: 'tea' })];
    expect((await buy(lines, { orderNo })).points).toBe(30);
    expect(await show(orderNo, 'detergent')).toMatchObject(claimed);
    expect(await show(orderNo, 'detergent', { merchantId: school })).toMatchObject(claimed);
    const other = { memberId: await t.member() };
    expect(await show(orderNo, 'detergent', other)).toMatchObject(claimed);
    // The same number of another merchant's receipt, shown by another member, is another receipt.
    const elsewhere = await show(orderNo, 'detergent', { ...other, merchantId: school });
    expect(elsewhere.awards).toMatchObject([{ granted: 30 }]);
    // What the order was not paid for, it may well prove.
    expect((await show(orderNo, 'own-bag')).awards).toMatchObject([{ granted: 30 }]);
  });

  it('pays once also when it was shown before the order was told', async () => {
    await publishRules(t, shop, [gives('green', 30)]);
    const { number } = await certify({ scope: ['detergent', 'own-bag'] });
    const [one, two, three] = [fresh(), fresh(), fresh()];
    await show(one, 'detergent');
    await show(two, 'own-bag');
    await show(three, 'detergent', { memberId: await t.member(), merchantId: await t.merchant() });
    const orders = await Promise.all(
      [one, two, three].map((orderNo) => buy([line(1, number)], { orderNo })),
    );
    expect(orders.map(({ points }) => points)).toEqual([10, 20, 20]);
    expect(await standings(orders[0])).toEqual(['claimed']);
    expect(await ruleOf(orders[0])).toMatchObject({ found: `${number} claimed` });
    // Told again it is answered as it was, whatever was shown since.
    const body = told([line(1, number)]) as Body;
    const placed = await t.ok('POST', '/orders', body);
    expect(await show(body.orderNo, 'detergent')).toMatchObject(claimed);
    expect(await t.ok('POST', '/orders', body)).toEqual(placed);
  });

  it('told as both in one moment pays one of them', async () => {
    await publishRules(t, shop, [gives('green', 30)]);
    const { number } = await certify();
    const orderNo = fresh();
    const client = await t.pool.connect();
    try {
      await client.query('begin');
      const [merchant, member] = [readId('merchant', shop), readId('member', memberId)];
      const receipt = { merchant, member, number: orderNo } as never;
      await lockReceipts(client as never, [receipt]);
      const both = [buy([line(1, number)], { orderNo }), show(orderNo, 'detergent')] as const;
      // Each has looked, and found nothing of the other.
      const waiting = `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%pg_advisory_xact_lock%'`;
      await vi.waitFor(async () => expect((await t.pool.query(waiting)).rowCount).toBe(2), 10_000);
      await client.query('commit');
      const [order, activity] = await Promise.all(both);
      const isOrder = order.points === 20;
      expect(activity.noPointsReason).toBe(isOrder ? 'already_claimed' : undefined);
      expect(await standings(order)).toEqual([isOrder ? 'valid' : 'claimed']);
      expect(await available()).toBe(isOrder ? 20 : 40);
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  it('is evidence where the order earned nothing green', async () => {
    await publishRules(t, shop, [gives('green', 30)]);
    const { number } = await certify({ scope: ['detergent'] });
    const [plain, expired] = [fresh(), fresh()];
    await buy([line(1, undefined)], { orderNo: plain });
    await buy([line(1, `not ${number}`)], { orderNo: expired });
    for (const each of [plain, expired])
      expect((await show(each, 'detergent')).awards).toMatchObject([{ granted: 30 }]);
  });
});

/** Two rounds: what the first settles is charged in the second. */
async function settled(): Promise<void> {
  t.clock.advance(2 * 60_000);
  await settle(t.jobs);
  await settle(t.jobs);
}

const charged = async (id: string): Promise<number> =>
  (await t.ok('GET', `/certificates/${id}`)).charged.reduce(
    (sum: number, { points }: Body) => sum + points,
    0,
  );
