import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { localDate } from '../kernel/calendar.ts';
import { showInstant } from '../kernel/clock.ts';
import { testSeed } from '../kernel/testing/seed.ts';
import { SCHEME_LEAD_MS } from './publish-scheme.ts';

let t: PointsTestApp;
let named = 0;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());

const HOUR_MS = 3600_000;
const SCHEME = {
  window: { kind: 'rolling', months: 12 },
  tiers: [
    { code: 'one', name: '1', qualify: { match: 'any', spendFen: 1_000, visits: 2 } },
    { code: 'two', name: '2', qualify: { spendFen: 3_000, visits: 2, points: 30 } },
  ],
};

/** Each of several things is done at once with those of its step. */
type Deed =
  | {
      readonly kind: 'buy';
      readonly who: 0 | 1;
      /** The first shop has tiers of its own. */
      readonly shop: 0 | 1;
      readonly hoursAgo: number;
      readonly fen: number;
    }
  | { readonly kind: 'return'; readonly which: number; readonly share: number }
  | { readonly kind: 'publish' }
  | { readonly kind: 'publishOwn' }
  | { readonly kind: 'keep' }
  | { readonly kind: 'down' }
  | { readonly kind: 'up' };

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('buy' as const),
      who: fc.constantFrom(0 as const, 1 as const),
      shop: fc.constantFrom(0 as const, 1 as const),
      hoursAgo: fc.integer({ min: 0, max: 200 }),
      fen: fc.constantFrom(0, 50, 99, 100, 1_250, 2_999),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('return' as const),
      which: fc.nat(20),
      share: fc.constantFrom(1, 2, 3),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Deed>(
      { kind: 'publish' },
      { kind: 'publishOwn' },
      { kind: 'keep' },
      { kind: 'down' },
      { kind: 'up' },
    ),
  },
);

it('what is counted is what a recount of the orders says, after whatever happened', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(deed, { minLength: 1, maxLength: 4 }), { maxLength: 10 }),
      play,
    ),
    { seed: testSeed('tiers'), numRuns: 25 },
  );
}, 240_000);

interface Bought {
  readonly id: string;
  readonly who: 0 | 1;
  readonly shop: 0 | 1;
  readonly at: number;
  left: number;
}

async function play(steps: Deed[][]): Promise<void> {
  named += 1;
  const programme = `p${named}`;
  // Its clocks go forward and back within the year that is looked at.
  const timeZone = 'America/New_York';
  await t.ok('POST', '/programmes', { code: programme, name: programme, timeZone });
  const shops = [await t.merchant({ programme }), await t.merchant({ programme })] as const;
  const members = [await t.member(), await t.member()] as const;
  const bought: Bought[] = [];
  const publish = async (of = `programmes/${programme}`): Promise<void> => {
    await t.ok('PUT', `/${of}/tiers`, SCHEME);
    t.clock.advance(SCHEME_LEAD_MS);
  };
  const publishOwn = (): Promise<void> => publish(`merchants/${shops[0]}`);
  const act = async (each: Deed): Promise<void> => {
    named += 1;
    if (each.kind === 'publish') await publish();
    else if (each.kind === 'publishOwn') await publishOwn();
    else if (each.kind === 'keep') await t.jobs.others?.tiers?.();
    else if (each.kind === 'down' || each.kind === 'up') t.ledgerDown = each.kind === 'down';
    else if (each.kind === 'buy') {
      const at = t.clock.now() - each.hoursAgo * HOUR_MS;
      const lines = [{ lineNo: 1, sku: 'a', quantity: 1, amountFen: each.fen }];
      const merchantId = shops[each.shop];
      const who = { merchantId, memberId: members[each.who], orderNo: `o${named}` };
      const key = `buy-${named}`;
      const body = { ...who, paidAt: showInstant(at), lines };
      let told = await t.call('POST', '/orders', body, { key });
      if (told.status === 503) {
        const found = await t.ok('GET', `/orders?merchantId=${merchantId}&orderNo=${who.orderNo}`);
        told = { ...told, body: found.items?.[0] ?? found };
      }
      const { who: by, shop, fen: left } = each;
      bought.push({ id: told.body.id, who: by, shop, at, left });
    } else if (each.kind === 'return') {
      const order = bought[each.which % (bought.length || 1)];
      const amountFen = Math.floor((order?.left ?? 0) / each.share);
      if (order === undefined || amountFen === 0) return;
      order.left -= amountFen;
      const lines = [{ lineNo: 1, amountFen }];
      const body = { returnNo: `r${named}`, lines };
      const told = await t.call('POST', `/orders/${order.id}/returns`, body);
      expect([201, 503]).toContain(told.status);
    }
  };
  for (const step of steps) await Promise.all(step.map(act));
  t.ledgerDown = false;
  await publish();
  await publishOwn();
  for (const resume of t.jobs.resumes) await resume(t.clock.now() + HOUR_MS);
  await t.jobs.others?.tiers?.();
  const ladders = [`programme=${programme}`, `merchantId=${shops[0]}`];
  for (const [who, ladder] of ladders.flatMap((each) => [[0, each] as const, [1, each] as const])) {
    const everywhere = ladder === ladders[0];
    const own = bought.filter((each) => each.who === who && (everywhere || each.shop === 0));
    const left = own.filter((each) => each.left > 0);
    const done = {
      spendFen: own.reduce((sum, each) => sum + each.left, 0),
      visits: new Set(left.map(({ at }) => localDate(at, timeZone))).size,
      points: own.reduce((sum, each) => sum + Math.floor(each.left / 100), 0),
    };
    const shown = await t.ok('GET', `/members/${members[who]}/tier?${ladder}`);
    expect(shown.done).toEqual(done);
    const isTwo = done.spendFen >= 3_000 && done.visits >= 2 && done.points >= 30;
    const reached = isTwo ? 'two' : done.spendFen >= 1_000 || done.visits >= 2 ? 'one' : null;
    // Without grace and with a window that moves on, a return takes away at once what it leaves no ground for.
    expect(shown.tier).toBe(reached);
  }
  const { rows } = await t.pool.query(
    `select d.* from tier_day d full join (
       select programme, ladder, member, day, sum(spend_fen) as spend_fen, count(*) filter (where spend_fen > 0) as orders,
         sum(points) as points from tier_counted group by programme, ladder, member, day
     ) c using (programme, ladder, member, day)
     where (d.spend_fen, d.orders, d.points) is distinct from (c.spend_fen, c.orders, c.points)`,
  );
  expect(rows).toEqual([]);
}
