import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { showInstant } from '../kernel/clock.ts';
import { readId } from '../kernel/id.ts';
import { PUBLICATION_LEAD_MS } from '../platform/publishing/lead.ts';
import { workOff } from '../rules/simulation/work-off.ts';
import type { Answered } from './test-app.ts';
import { createPointsTestApp, type PointsTestApp } from './test-points-app.ts';

type Body = Answered['body'];
const DAY_MS = 86_400_000;
const ORDERS = 1_000;
const DAYS = 95;

let t: PointsTestApp;
let named = 0;
let shop: string;
let programme: string;
/** Orders of melons, of one yuan and more, paid over some months. */
let period: { readonly from: string; readonly until: string };

const melons = (earn: object, more: object = {}): object => ({
  name: 'melons',
  on: 'order',
  when: { lines: { categories: ['melon'] } },
  earn,
  ...more,
});
const DOUBLE = { kind: 'times', num: 2, den: 1 };
const ONE_PER_YUAN = { kind: 'extra', points: 1, perFen: 100 };

async function makeRule(body: object, more: object = { merchantId: shop }): Promise<string> {
  named += 1;
  return (await t.ok('POST', '/rules', { code: `rule-${named}`, body, ...more })).id;
}
const draft = (id: string, body: object) => t.ok('PUT', `/rules/${id}/draft`, { body });
const publish = (id: string, body: object = {}, options?: { auth: string }): Promise<Answered> =>
  t.call('POST', `/rules/${id}/publish`, body, options);
async function inForce(body: object): Promise<string> {
  const id = await makeRule(body);
  expect((await publish(id)).status).toBe(200);
  t.clock.advance(PUBLICATION_LEAD_MS);
  await t.rules.refresh();
  return id;
}
async function simulate(id: string, more: object = {}): Promise<string> {
  const asked = { merchantId: shop, ...period, rules: 'now', drafts: [id], ...more };
  const { id: simulation } = await t.ok('POST', '/rules/simulations', asked);
  expect(await workOff(t.simulations)).toBe(1);
  return simulation;
}

beforeAll(async () => {
  t = await createPointsTestApp();
  programme = 'proofs';
  await t.ok('POST', '/programmes', {
    code: programme,
    name: programme,
    timeZone: 'Asia/Shanghai',
  });
  shop = await t.merchant({ programme });
  const members = await Promise.all(
    ['a', 'b', 'c'].map(async (name) => {
      const told = { externalIds: { test: name }, merchantId: shop };
      return (await t.ok('POST', '/members', told)).id;
    }),
  );
  const from = t.clock.now();
  t.clock.advance(DAYS * DAY_MS);
  for (let done = 0; done < ORDERS; done += 500) {
    const orders = Array.from({ length: 500 }, (_, place) => {
      const number = done + place;
      return {
        merchantId: shop,
        memberId: members[number % members.length],
        orderNo: `no-${number}`,
        paidAt: showInstant(from + Math.floor((number * DAYS * DAY_MS) / ORDERS)),
        idempotencyKey: `no-${number}`,
        lines: [
          { lineNo: 1, sku: 'M', category: 'melon', quantity: 1, amountFen: 100 + number },
          { lineNo: 2, sku: 'B', category: 'bread', quantity: 1, amountFen: 50 + (number % 50) },
        ],
      };
    });
    const { results } = await t.ok('POST', '/orders/bulk', { orders });
    expect(results.filter((each: Body) => each.status !== 'applied')).toEqual([]);
  }
  period = { from: showInstant(from), until: showInstant(t.clock.now()) };
});
afterAll(() => t.close());

let id: string;
beforeEach(async () => {
  id = await inForce(melons(DOUBLE));
});

describe('a change of which its form leaves doubt', () => {
  it('is proven by a simulation that leaves no order worse off, and says so for ever', async () => {
    await draft(id, melons(ONE_PER_YUAN));
    const soon = showInstant(t.clock.now() + DAY_MS);
    expect((await publish(id, { from: soon })).body).toMatchObject({
      code: 'notice_needed',
      reasons: '/earn/kind other_effect',
    });
    const simulation = await simulate(id);
    const tried = await publish(id, { simulation, dryRun: true });
    expect(tried.body).toMatchObject({ dryRun: true, draft: null });
    const { status, body } = await publish(id, { simulation });
    expect(status).toBe(200);
    const [version] = body.announced;
    expect(Date.parse(version.from) - t.clock.now()).toBeLessThanOrEqual(
      PUBLICATION_LEAD_MS + 1_000,
    );
    expect(version).toMatchObject({ noticeDays: 0 });
    expect(version.comparison).toEqual({
      verdict: 'better_or_equal',
      reasons: [{ path: '/earn/kind', reason: 'other_effect', againstVersionId: body.current.id }],
      provenBy: 'simulation',
      simulation: { id: simulation, ...period, asOf: expect.any(String), orders: ORDERS },
    });
    expect(body.current.comparison).toMatchObject({ provenBy: 'form', simulation: null });
    // Nobody was told of it, and what it goes by outlives the simulation.
    const { rows } = await t.pool.query('select from message');
    expect(rows).toEqual([]);
    await t.pool.query('delete from rule_simulation where id = $1', [
      readId('simulation', simulation),
    ]);
    const kept = await t.ok('GET', `/rule-versions/${version.id}`);
    expect(kept.comparison).toEqual(version.comparison);
  });

  it('needs its notice when one order would be worse off, or when it was not tried', async () => {
    const flawOf = async (body: object, asked: object = {}): Promise<Body> => {
      await draft(id, body);
      const simulation = await simulate(id, asked);
      const answer = await publish(id, { simulation });
      expect([answer.status, answer.body.code]).toEqual([422, 'simulation_proves_nothing']);
      return answer.body;
    };
    // Of a melon for ¥1.00 it gives nothing.
    expect(await flawOf(melons({ ...ONE_PER_YUAN, perFen: 101 }))).toMatchObject({
      flaw: 'somebody_worse',
    });
    expect(await flawOf(melons(ONE_PER_YUAN), { rules: 'then' })).toMatchObject({
      flaw: 'other_rules',
    });
    expect(
      await flawOf(melons(ONE_PER_YUAN), { from: showInstant(t.clock.now() - 80 * DAY_MS) }),
    ).toMatchObject({
      flaw: 'too_short',
    });
    // A season that history has not had.
    const when = { lines: { categories: ['melon'] }, dates: { from: '2027-12-01' } };
    expect(await flawOf(melons(ONE_PER_YUAN, { when }))).toMatchObject({
      flaw: 'not_about_amounts',
      path: '/when/dates',
      reason: 'narrower',
    });
    // Without the proof it may still be published, with notice.
    await draft(id, melons(ONE_PER_YUAN));
    const { announced } = (await publish(id, { dryRun: true })).body;
    expect(announced[0]).toMatchObject({
      noticeDays: 7,
      comparison: { verdict: 'worse', provenBy: null, simulation: null },
    });
  });

  it('is proven of the draft and beside the rules that there are, not of what they were', async () => {
    await draft(id, melons(ONE_PER_YUAN));
    const first = await simulate(id);
    await draft(id, melons({ ...ONE_PER_YUAN, points: 2, perFen: 150 }));
    expect((await publish(id, { simulation: first })).body.flaw).toBe('other_draft');
    await draft(id, melons(ONE_PER_YUAN));
    expect((await publish(id, { simulation: first, dryRun: true })).status).toBe(200);
    // A rule about other orders changes nothing; one about the same does.
    const elsewhere = await t.merchant({ programme });
    const far = await makeRule(melons(ONE_PER_YUAN), { merchantId: elsewhere });
    expect((await publish(far)).status).toBe(200);
    expect((await publish(id, { simulation: first, dryRun: true })).status).toBe(200);
    const near = await makeRule(melons(ONE_PER_YUAN));
    expect((await publish(near)).status).toBe(200);
    expect((await publish(id, { simulation: first })).body).toMatchObject({
      flaw: 'rules_changed',
    });
  });

  it('is not proven by what is not finished, or not the caller’s', async () => {
    await draft(id, melons(ONE_PER_YUAN));
    const asked = { merchantId: shop, ...period, rules: 'now', drafts: [id] };
    const { id: waiting } = await t.ok('POST', '/rules/simulations', asked);
    expect((await publish(id, { simulation: waiting })).body.flaw).toBe('not_done');
    await workOff(t.simulations);
    const auth = await t.apiKey(['rules:publish', 'rules:read'], shop);
    // The operator asked for it; the merchant does not see it.
    expect((await publish(id, { simulation: waiting }, { auth })).body.code).toBe(
      'simulation_not_found',
    );
    expect((await publish(id, { simulation: waiting, dryRun: true })).status).toBe(200);
  });
});
