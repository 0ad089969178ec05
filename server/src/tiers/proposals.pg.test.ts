import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { DAY_MS, playTiers } from '../http/testing/tier-play.ts';
import { MERCHANT_SCOPES } from '../keys/api-key.ts';

let t: PointsTestApp;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());

const SCHEME = {
  window: { kind: 'calendar', unit: 'year' },
  tiers: [
    { code: 'silver', name: '银卡', qualify: { visits: 4 } },
    { code: 'gold', name: '金卡', qualify: { visits: 50 } },
  ],
};

it('proposes who comes more often, page by page, until it is given', async () => {
  const p = await playTiers(t);
  await p.publish(SCHEME);
  await p.publishOwn(SCHEME);
  const other = await t.merchant({ programme: p.programme });
  const [rare, elsewhere, third] = [await t.member(), await t.member(), await t.member()];
  const comes = async (days: number, member: string, merchant = p.merchantId): Promise<void> => {
    await p.buy(10, { at: t.clock.now() - days * DAY_MS, member, merchant });
  };
  for (const days of [100, 40, 30, 20, 10]) {
    await comes(days, p.memberId);
    await comes(days, third);
    await comes(days, elsewhere, other);
  }
  await comes(10, rare);
  const list = async (query: string, auth?: string) => {
    const options = auth === undefined ? {} : { auth };
    const path = `/tiers/proposals?${query}`;
    const { items, nextCursor } = await t.ok('GET', path, undefined, options);
    const ids = items.map(({ memberId }: { memberId: string }) => memberId);
    return { items, ids, nextCursor };
  };
  const whole = await list(`programme=${p.programme}`);
  expect(whole.ids.toSorted()).toEqual([p.memberId, third, elsewhere].toSorted());
  const own = await list(`merchantId=${p.merchantId}&limit=1`);
  const more = await list(`merchantId=${p.merchantId}&limit=1&cursor=${own.nextCursor}`);
  expect([...own.ids, ...more.ids].toSorted()).toEqual([p.memberId, third].toSorted());
  expect(own.items).toEqual([
    {
      memberId: expect.any(String),
      tier: 'silver',
      next: { tier: 'gold', name: '金卡' },
      days: 60,
      recentVisits: 4,
      earlierVisits: 1,
      recentSpendFen: 4_000,
    },
  ]);
  // A merchant's key sees its own, and agrees.
  const auth = await t.apiKey([...MERCHANT_SCOPES], p.merchantId);
  const given = { tier: 'gold', until: '2030-01-01', reason: 'comes more often', actor: 'Li Lei' };
  await t.ok('POST', `/members/${third}/tier`, given, { auth });
  expect((await list('', auth)).ids).toEqual([p.memberId]);
  const { history } = await p.ownTier(p.merchantId, third);
  expect(history[0]).toMatchObject({ kind: 'given', to: 'gold', reason: 'comes more often' });
  expect((await list(`programme=${p.programme}`)).ids).toHaveLength(3);
});

it('shows nobody what happened elsewhere', async () => {
  const p = await playTiers(t);
  await p.publish(SCHEME);
  await p.publishOwn(SCHEME);
  const other = await t.merchant({ programme: p.programme });
  await p.publishOwn(SCHEME, other);
  for (const days of [40, 30, 20, 10]) await p.buy(10, { at: t.clock.now() - days * DAY_MS });
  // Half of these days are another merchant's: too few for either.
  const divided = await t.member();
  for (const [place, days] of [40, 30, 20, 10].entries())
    await p.buy(10, {
      at: t.clock.now() - days * DAY_MS,
      member: divided,
      ...(place < 2 ? { merchant: other } : {}),
    });
  const idsOf = ({ items }: { items: { memberId: string }[] }) =>
    items.map(({ memberId }) => memberId);
  const own = await t.apiKey([...MERCHANT_SCOPES], p.merchantId);
  const others = await t.apiKey([...MERCHANT_SCOPES], other);
  const list = (query: string, auth: string) =>
    t.call('GET', `/tiers/proposals${query}`, undefined, { auth });
  expect(idsOf((await list('', own)).body as never)).toEqual([p.memberId]);
  expect(idsOf((await list('', others)).body as never)).toEqual([]);
  // A programme's name does not open its common tiers to a merchant.
  const named = await list(`?programme=${p.programme}`, others);
  expect(idsOf(named.body as never)).toEqual([]);
  const asked = await list(`?merchantId=${p.merchantId}`, others);
  expect([asked.status, asked.body.code]).toEqual([403, 'merchant_out_of_reach']);
  const elsewhere = await list('?programme=default', others);
  expect([elsewhere.status, elsewhere.body.code]).toEqual([404, 'merchant_not_found']);
  const bad = await list('?cursor=AAAA', own);
  expect([bad.status, bad.body.code]).toEqual([400, 'cursor_invalid']);
});

it('takes two who are one together, and no day of which everything came back', async () => {
  const p = await playTiers(t);
  await p.publish(SCHEME);
  const [from, returning] = [await t.member(), await t.member()];
  for (const days of [40, 30]) {
    await p.buy(10, { at: t.clock.now() - days * DAY_MS });
    await p.buy(10, { at: t.clock.now() - (days - 5) * DAY_MS, member: from });
  }
  let last = '';
  for (const days of [40, 30, 20, 10])
    last = await p.buy(10, { at: t.clock.now() - days * DAY_MS, member: returning });
  const list = async (): Promise<string[]> => {
    const { items } = await t.ok('GET', `/tiers/proposals?programme=${p.programme}`);
    return items.map(({ memberId }: { memberId: string }) => memberId);
  };
  expect(await list()).toEqual([returning]);
  await p.giveBack(last, 10);
  expect(await list()).toEqual([]);
  const body = { from, reason: 'one person', actor: 'Li Lei' };
  await t.ok('POST', `/members/${p.memberId}/merges`, body);
  expect(await list()).toEqual([p.memberId]);
});
