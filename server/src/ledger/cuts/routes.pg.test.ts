import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';

const HOUR = 3_600_000;
let t: PointsTestApp;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());

const at = (ms: number): string => new Date(t.clock.now() + ms).toISOString();
const cut = (body: object, options = {}) =>
  t.call('POST', '/ledger/cuts', { programme: 'default', ...body }, options);

it('closes a period, tells where, and moves what comes late to its end', async () => {
  const closed = at(0);
  const made = await cut({ at: closed }, { key: 'close' });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({ programme: 'default', at: closed, complete: true });
  expect(made.body.markers.map((each: { shard: number }) => each.shard)).toEqual([0, 1, 2, 3]);
  expect((await cut({ at: closed }, { key: 'close' })).body).toEqual(made.body);
  expect((await cut({ at: closed })).body).toEqual(made.body);
  expect(await t.ok('GET', `/ledger/cuts/${made.body.id}`)).toEqual(made.body);
  const [memberId, merchantId] = [await t.member(), await t.merchant()];
  const late = { kind: 'issue', memberId, merchantId, points: 5, effectiveAt: at(-HOUR) };
  const { transaction } = await t.ok('POST', '/transactions', late);
  expect(transaction.effectiveAt).toBe(closed);
});

it('refuses what is not over, what was closed before, and what is not there', async () => {
  expect((await cut({ at: at(HOUR) })).body.code).toBe('cut_in_future');
  expect(await cut({ at: at(-HOUR) })).toMatchObject({
    status: 409,
    body: { code: 'cut_not_after_last' },
  });
  expect((await cut({ programme: 'nowhere', at: at(0) })).body.code).toBe('programme_not_found');
  expect((await cut({ at: 'yesterday' })).status).toBe(400);
  const auth = await t.apiKey(['ledger:read']);
  expect((await cut({ at: at(0) }, { auth })).body.code).toBe('scope_missing');
  const gone = await t.call('GET', '/ledger/cuts/cut_01h455vb4pex5vsknk084sn02q');
  expect(gone.body.code).toBe('cut_not_found');
});
