import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Answered } from './test-app.ts';
import { createPointsTestApp, type PointsTestApp } from './test-points-app.ts';

type Body = Answered['body'];
const DAY_MS = 86_400_000;

let t: PointsTestApp;
let merchantId: string;
let memberId: string;
let second: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  second = await t.apiKey(['points:adjust', 'points:read']);
});
beforeEach(async () => {
  merchantId = await t.merchant();
  memberId = await t.member();
});
afterAll(() => t.close());

const propose = async (points = 100, more: object = {}): Promise<string> => {
  t.clock.advance(1);
  const body = { memberId, merchantId, points, reason: 'miscounted', actor: 'Li Lei', ...more };
  return (await t.ok('POST', '/adjustments', body)).id;
};
const list = (query: string, auth?: string): Promise<Body> =>
  t.ok('GET', `/adjustments?${query}`, undefined, auth === undefined ? {} : { auth });
const idsOf = ({ items }: Body): string[] => items.map((each: Body) => each.id);
const stateOf = async (id: string): Promise<string> =>
  (await t.ok('GET', `/adjustments/${id}`)).status;
const approve = (id: string, auth = second) =>
  t.call('POST', `/adjustments/${id}/approval`, {}, { auth });
const refuse = (id: string, auth = second) =>
  t.call('POST', `/adjustments/${id}/refusal`, { reason: 'counted again' }, { auth });

it('are listed newest first, by what became of them, of whom and where', async () => {
  const [waiting, approved, refused] = [await propose(), await propose(), await propose()];
  expect((await approve(approved)).status).toBe(201);
  expect((await refuse(refused)).status).toBe(200);
  const own = `merchantId=${merchantId}`;
  expect(idsOf(await list(own))).toEqual([refused, approved, waiting]);
  for (const [status, id] of [
    ['proposed', waiting],
    ['approved', approved],
    ['refused', refused],
  ]) {
    const { items } = await list(`${own}&status=${status}`);
    expect(items).toMatchObject([{ id, status, memberId, merchantId, points: 100 }]);
    expect(await t.ok('GET', `/adjustments/${id}`)).toEqual(items[0]);
  }
  expect(idsOf(await list(`memberId=${memberId}&status=proposed&programme=default`))).toEqual([
    waiting,
  ]);
  expect(idsOf(await list(`memberId=${await t.member()}`))).toEqual([]);
  const first = await list(`${own}&limit=2`);
  const rest = await list(`${own}&limit=2&cursor=${first.nextCursor}`);
  expect([...idsOf(first), ...idsOf(rest)]).toEqual([refused, approved, waiting]);
  expect(rest.nextCursor).toBeNull();
});

it('are refused by another or taken back by who proposed them, once and for all', async () => {
  const [id, own] = [await propose(), await propose()];
  const answer = await refuse(id);
  expect(answer.body).toMatchObject({ id, status: 'refused', refusalReason: 'counted again' });
  expect((await approve(id)).body.code).toBe('proposal_refused');
  expect((await refuse(id)).body).toEqual(answer.body);
  expect((await t.ok('POST', `/adjustments/${own}/refusal`, { reason: 'a slip' })).status).toBe(
    'refused',
  );
  expect(await t.balance(memberId)).toMatchObject({ available: 0, lifetimeEarned: 0 });
});

it('stay approved once they are', async () => {
  const id = await propose();
  await approve(id);
  expect((await refuse(id)).body.code).toBe('proposal_approved');
  expect(await stateOf(id)).toBe('approved');
  expect(await t.balance(memberId)).toMatchObject({ available: 100 });
});

it('end one way when they are approved and refused at one moment', async () => {
  for (let round = 0; round < 5; round += 1) {
    const id = await propose(10);
    const [yes, no] = await Promise.all([approve(id), refuse(id)]);
    const state = await stateOf(id);
    expect([yes.status, no.status, state]).toEqual(
      state === 'approved' ? [201, 409, 'approved'] : [409, 200, 'refused'],
    );
  }
});

it('are approved within thirty days, and can be refused later', async () => {
  const [id, other] = [await propose(), await propose()];
  t.clock.advance(30 * DAY_MS - 1);
  expect((await approve(other)).status).toBe(201);
  t.clock.advance(2);
  expect(await stateOf(id)).toBe('expired');
  expect(idsOf(await list(`merchantId=${merchantId}&status=expired`))).toEqual([id]);
  expect(idsOf(await list(`merchantId=${merchantId}&status=proposed`))).toEqual([]);
  expect((await approve(id)).body.code).toBe('proposal_expired');
  // What was approved is answered as it was, however late.
  expect((await approve(other)).headers['idempotency-replayed']).toBe('true');
  expect((await refuse(id)).body.status).toBe('refused');
});

it('say why the ledger did not apply what was approved', async () => {
  const id = await propose(-50);
  expect((await approve(id)).body.code).toBe('insufficient_points');
  const shown = { id, status: 'approved', notApplied: 'insufficient_points' };
  expect((await list(`memberId=${memberId}`)).items).toMatchObject([shown]);
});

it("are a programme's own", async () => {
  const id = await propose();
  const scopes = ['points:adjust'];
  await t.ok('POST', '/programmes', { code: 'elsewhere', name: 'Elsewhere' });
  const made = { name: 'else', scopes, programme: 'elsewhere' };
  const { secret } = await t.ok('POST', '/keys', made);
  expect(idsOf(await list('', secret))).toEqual([]);
  expect((await refuse(id, secret)).body.code).toBe('proposal_not_found');
  const asked = await t.call('GET', '/adjustments?programme=default', undefined, { auth: secret });
  expect(asked.body.code).toBe('programme_not_found');
  expect((await t.call('GET', '/adjustments?programme=nowhere')).body.code).toBe(
    'programme_not_found',
  );
});
