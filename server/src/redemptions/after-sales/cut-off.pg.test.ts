import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';
import { openShop, type Shop } from '../../http/test-shop.ts';
import type { Uuid } from '../../kernel/id.ts';
import { finishLeftovers } from '../../kernel/leftovers.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { findBreaches } from '../../ledger/testing/invariants.ts';
import { verifyLedger } from '../../ledger/verify.ts';
import { type Pool, withTransaction } from '../../platform/database.ts';
import { mustReadId } from '../../platform/web/schema.ts';
import { sealer } from '../testing/counter.ts';
import { dying } from '../testing/dying.ts';
import { answerCase } from './answer-case.ts';
import { cancelBySupplier } from './cancel-by-supplier.ts';
import type { Case } from './case.ts';
import { readCases } from './case-store.ts';
import { createSettling } from './settle-cases.ts';

const MINUTE = 60_000;

let t: PointsTestApp;
let shop: Shop;
beforeAll(async () => {
  t = await createPointsTestApp();
  shop = await openShop(t);
});
afterAll(async () => {
  const [breaches, { findings }] = [await findBreaches(t.pool), await verifyLedger(t.pool)];
  const { rows } = await t.pool.query('select 1 from unsettled');
  await t.close();
  expect(breaches).toEqual([]);
  expect(findings).toEqual([]);
  expect(rows).toEqual([]);
});

/** A process of its own over this world. */
function openDesk({ pool, ledger }: { readonly pool: Pool; readonly ledger: Ledger }) {
  const told: string[] = [];
  const deps = {
    ...{ pool, ledger, sealer, clock: t.clock, programmes: t.jobs.programmes },
    tell: async (_: unknown, news: readonly { readonly what: string }[]) => {
      told.push(...news.map(({ what }) => what));
    },
  };
  return { deps, told, settling: createSettling(deps) };
}

const said = { by: null, actor: 'Li Lei', note: null };

/** What is done with a redemption, by a process that may die at it. */
type Work = (
  desk: ReturnType<typeof openDesk>,
  redemption: Uuid,
  of: Case | undefined,
) => Promise<void>;

const accepts: Work = async ({ deps, settling }, _, of) => {
  if (of === undefined) throw new Error('there is a case');
  const answer = { answer: 'accept', remedy: 'refund' } as const;
  const told = await withTransaction(deps.pool, (tx) => answerCase(tx, deps, of, answer, said));
  if (!('code' in told)) await settling.settle([told.id]);
};
const cancels: Work = async ({ deps, settling }, redemption) => {
  const why = { reason: 'out_of_stock', said, onShelf: false, cancellation: null } as const;
  const told = await withTransaction(deps.pool, (tx) =>
    cancelBySupplier(tx, deps, redemption, why),
  );
  if (!('code' in told)) await settling.settle([told.id]);
};

it.each([
  ['a return', accepts, 0],
  ['a cancellation by the supplier', cancels, 200],
] as const)('%s that is cut off comes home whole, at whichever step', async (_, work, extra) => {
  await t.ok('POST', '/programmes/default/point-types', { code: `kind-${extra}`, name: 'Stars' });
  await t.jobs.programmes.refresh();
  const rewardId = await shop.reward({
    prices: [
      {
        points: [
          { pointType: 'points', points: 1_000 },
          { pointType: `kind-${extra}`, points: 5 },
        ],
        cashFen: 0,
      },
    ],
    compensation: { pointType: 'points', points: 100 },
  });
  const seen = new Set<string>();
  for (const after of [false, true])
    for (let at = 1; ; at += 1) {
      const memberId = await shop.member(2_000);
      await t.ok('POST', '/transactions', {
        ...{ kind: 'issue', memberId, merchantId: shop.merchantId, points: 10 },
        pointType: `kind-${extra}`,
      });
      const redeemed = await shop.redeem(memberId, rewardId, 2);
      const redemption = mustReadId('redemption', redeemed.id);
      const opened = work === accepts ? await shop.opened(redeemed.id) : undefined;
      const id = opened && mustReadId('afterSalesCase', opened.id);
      const of = id && (await readCases(t.pool, [id])).get(id);
      const answer = await work(openDesk(dying(t.pool, t.ledger, at, after)), redemption, of).catch(
        (error: Error) => error,
      );
      t.clock.set(t.clock.now() + 2 * MINUTE);
      // Two processes find it at once.
      const desks = [openDesk(t), openDesk(t)];
      await Promise.all(
        desks.map(({ settling }) => finishLeftovers(settling.leftovers, t.clock.now() - MINUTE)),
      );
      const { rows } = await t.pool.query(
        'select state from after_sales_case where redemption = $1',
        [redemption],
      );
      const state: string = rows[0]?.state ?? 'none';
      seen.add(state);
      const isBack = state === 'refunded';
      expect(await shop.available(memberId)).toBe(isBack ? 2_000 + extra : 0);
      const { balances } = await t.ok('GET', `/members/${memberId}/balance`);
      const stars = balances.find(
        (each: { pointType: string }) => each.pointType === `kind-${extra}`,
      );
      expect(stars.available).toBe(isBack ? 10 : 0);
      const { vouchers } = await t.ok('GET', `/redemptions/${redeemed.id}`);
      expect(vouchers.map((each: { state: string }) => each.state)).toEqual(
        Array(2).fill(isBack ? 'void' : 'open'),
      );
      // Once more changes nothing.
      await openDesk(t).settling.settle(id === undefined ? [] : [id]);
      expect(await shop.available(memberId)).toBe(isBack ? 2_000 + extra : 0);
      if (!(answer instanceof Error)) break;
      expect(at).toBeLessThan(100);
    }
  expect([...seen].sort()).toEqual([work === accepts ? 'opened' : 'none', 'refunded'].sort());
});
