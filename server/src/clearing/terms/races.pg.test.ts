import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Answered } from '../../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp, START } from '../../http/test-points-app.ts';
import { manualClock, showInstant } from '../../kernel/clock.ts';
import { readId, type Uuid } from '../../kernel/id.ts';
import { lockPrices } from '../../ledger/price-list.ts';
import { findBreaches } from '../../ledger/testing/invariants.ts';
import { withTransaction } from '../../platform/database.ts';
import { applyPrices } from './apply-prices.ts';

const MICRO = 1_000_000;
let t: PointsTestApp;
beforeAll(async () => {
  t = await createPointsTestApp({ clock: movingClock() });
});
afterAll(async () => {
  const breaches = await findBreaches(t.pool);
  await t.close();
  expect(breaches).toEqual([]);
});

/** Who reads it later reads later: as the machine's, where a block's own commit takes longer than a millisecond. */
function movingClock(): ReturnType<typeof manualClock> {
  const clock = manualClock(START);
  return {
    ...clock,
    now() {
      clock.advance(1);
      return clock.now();
    },
  };
}

const terms = (more: object = {}, price: object = {}) => ({
  points: [
    {
      ...{ pointType: 'points', issuePriceMicroFen: 10 * MICRO, reimbursementMicroFen: 9 * MICRO },
      ...{ feeBasisPoints: 0, ...price },
    },
  ],
  ...{ settlement: 'postpaid', cycle: 'month', paymentTermDays: 10, actor: 'Li Lei', ...more },
});
const publish = (body: object): Promise<Answered> => t.call('POST', '/clearing/terms', body);

it('lets one of those through that publish the same at once', async () => {
  await publish(terms());
  const from = showInstant(t.clock.now() + 1_000);
  const told = await Promise.all(Array.from({ length: 6 }, () => publish(terms({ from }))));
  expect(told.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  expect(new Set(told.map(({ body }) => body.code))).toEqual(new Set([undefined, 'terms_overlap']));
});

it('decides everything by one list, whoever publishes while points are issued and used', async () => {
  const merchants = [await t.merchant(), await t.merchant()];
  const members = await Promise.all(Array.from({ length: 8 }, () => t.member()));
  const moves = members.flatMap((memberId) =>
    merchants.map(async (merchantId) => {
      for (let round = 0; round < 6; round += 1) {
        await t.ok('POST', '/transactions', { kind: 'issue', memberId, merchantId, points: 7 });
        await t.ok('POST', '/transactions', { kind: 'burn', memberId, merchantId, points: 3 });
      }
    }),
  );
  const prices = async (): Promise<void> => {
    for (let round = 1; round <= 8; round += 1) {
      const [merchantId] = merchants;
      const price = { issuePriceMicroFen: (10 + round) * MICRO };
      expect((await publish(terms({ merchantId }, price))).status).toBe(201);
    }
  };
  await Promise.all([prices(), ...moves]);
  // A lot costs what the list says of the instant at which it was issued.
  const { rows } = await t.pool.query(
    `select l.id from ledger.lot l join ledger.transaction x on x.id = l.transaction and x.shard = l.shard
      where l.unit_cost is distinct from (select p.issue_price from ledger.price p
        where p.programme = l.programme and p.point_type = l.point_type
          and p.merchant in (l.issuer, '00000000-0000-0000-0000-000000000000') and p.from_ms <= x.effective_at_ms
        order by (p.merchant = l.issuer) desc, p.from_ms desc limit 1)`,
  );
  expect(rows).toEqual([]);
});

it('writes nothing a second time, and never changes what was in force', async () => {
  const merchantId = await t.merchant();
  await publish(terms({ merchantId }, { acceptedPointsMax: 100 }));
  await t.ok('POST', '/clearing/departures', {
    ...{ merchantId, at: showInstant(t.clock.now() + 100), reason: 'moves', actor: 'Li Lei' },
  });
  const merchant = readId('merchant', merchantId) as Uuid;
  const all = async () =>
    (await t.pool.query('select * from ledger.price order by 1, 2, 3, 4')).rows;
  const before = await all();
  const apply = (changed: readonly Uuid[] | null): Promise<number> =>
    withTransaction(t.pool, async (tx) => {
      await lockPrices(tx);
      return applyPrices(tx, 1, t.clock.now(), changed);
    });
  expect(await apply([merchant])).toBe(0);
  expect(await apply(null)).toBe(0);
  t.clock.set(t.clock.now() + 50);
  expect(await apply(null)).toBe(0);
  expect(await all()).toEqual(before);
});
