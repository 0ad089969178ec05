import { afterAll, beforeAll, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { MERCHANT_SCOPES } from '../keys/api-key.ts';
import { PUBLICATION_LEAD_MS } from '../platform/publishing/lead.ts';
import { showTerms } from './terms-schema.ts';
import { terms } from './testing/told.ts';

let t: PointsTestApp;
let shop: string;
let member: string;
/** By the code of the reward, as the member sees it. */
type Seen = Record<
  string,
  {
    options: { points: object[]; missing: object[]; promotion: object }[];
    unmet: object;
    redeemable: boolean;
  }
>;

beforeAll(async () => {
  t = await createPointsTestApp();
  shop = await t.merchant();
  member = await t.member();
  await t.ok('POST', '/transactions', {
    kind: 'issue',
    memberId: member,
    merchantId: shop,
    points: 550,
  });
  await publish('rewards', 'box', { prices: [price(500)] });
  await publish('rewards', 'dear', { prices: [price(600)] });
  await publish('rewards', 'gold', { prices: [price(1)], eligibility: { tiers: ['gold'] } });
  await publish('rewards', 'band', {
    prices: [price(500), { ...price(300), creditBands: ['a'] }],
  });
  await publish('rewards', 'floor', {
    prices: [price(1)],
    eligibility: { balanceFloor: { pointType: 'points', points: 50_000 } },
  });
  await publish('promotions', 'season', {
    name: { zh: '瓜季' },
    when: { dates: [{ from: '2026-03-01', to: '2026-03-01' }] },
    price: { kind: 'ratio', num: 4, den: 5 },
  });
  t.clock.advance(PUBLICATION_LEAD_MS + 1_000);
});
afterAll(() => t.close());

const price = (points: number) => ({ points: [{ pointType: 'points', points }], cashFen: 0 });
async function publish(path: 'rewards' | 'promotions', code: string, more: object): Promise<void> {
  const usual = path === 'rewards' ? { ...showTerms(terms()), stores: [{ merchant: shop }] } : {};
  const body = { ...usual, ...more };
  // What is listed by age must differ in it.
  t.clock.advance(1);
  const { id } = await t.ok('POST', `/${path}`, { code, merchantId: shop, body });
  await t.ok('POST', `/${path}/${id}/publish`, {});
}
async function see(query = '', auth?: string): Promise<Seen> {
  const options = auth === undefined ? {} : { auth };
  const { items } = await t.ok('GET', `/members/${member}/rewards${query}`, undefined, options);
  return Object.fromEntries(items.map((each: { code: string }) => [each.code, each]));
}

it('shows what each costs now with its computed claim, what is lacking, and what keeps the member from it', async () => {
  const seen = await see();
  expect(Object.keys(seen)).toEqual(['box', 'dear', 'gold', 'band', 'floor']);
  expect(seen.box).toMatchObject({
    redeemable: true,
    unmet: null,
    options: [
      {
        option: 0,
        points: [{ pointType: 'points', points: 400 }],
        plainPoints: [{ pointType: 'points', points: 500 }],
        promotion: {
          name: { zh: '瓜季' },
          discount: { num: 1, den: 5, percent: '20.0' },
          uplift: { num: 1, den: 4, percent: '25.0' },
        },
        missing: [],
      },
    ],
  });
  expect(seen.gold).toMatchObject({
    redeemable: false,
    unmet: {
      code: 'tier',
      wanted: 'gold',
      found: '-',
      en: 'It is for members of these tiers: gold; yours is -',
    },
  });
  expect(seen.floor?.unmet).toMatchObject({
    code: 'balance_floor',
    wanted: '50000 points',
    found: '550 points',
  });
  expect(seen.band?.options).toHaveLength(1);
});

it('says what is lacking once the season is over', async () => {
  t.clock.advance(86_400_000);
  const seen = await see();
  expect(seen.dear?.options).toMatchObject([
    {
      points: [{ pointType: 'points', points: 600 }],
      promotion: null,
      missing: [{ pointType: 'points', points: 50 }],
    },
  ]);
  expect(Object.keys(await see('?redeemable=true'))).toEqual(['box', 'band']);
  expect(Object.keys(await see('?kind=goods'))).toEqual([]);
});

it('opens another option to a credit band, which a merchant learns of only where the member shares it', async () => {
  const band = { purpose: 'credit_band', zh: ['说明'], en: ['Why'] };
  await t.ok('POST', '/notices', band);
  await t.ok('PUT', `/members/${member}/consents/credit_band`, { version: 1, channel: 'app' });
  const [from, until] = [0, 86_400_000].map((ms) => new Date(t.clock.now() + ms).toISOString());
  await t.ok('PUT', `/members/${member}/credit-band`, {
    band: 'a',
    source: 'Bureau',
    from,
    until,
  });
  expect((await see()).band?.options).toHaveLength(2);
  const auth = await t.apiKey([...MERCHANT_SCOPES], shop);
  expect((await see('', auth)).band?.options).toHaveLength(1);
});

it('shows a merchant’s key what that merchant hands out, page by page', async () => {
  const stranger = await t.apiKey([...MERCHANT_SCOPES], await t.merchant());
  expect(await see('', stranger)).toEqual({});
  const path = `/members/${member}/rewards?merchantId=${shop}`;
  expect((await t.call('GET', path, undefined, { auth: stranger })).body.code).toBe(
    'merchant_out_of_reach',
  );
  const codes: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: { items: { code: string }[]; nextCursor: string | null } = await t.ok(
      'GET',
      `${path}&limit=2${cursor}`,
    );
    codes.push(...page.items.map(({ code }) => code));
    cursor = page.nextCursor === null ? null : `&cursor=${page.nextCursor}`;
  }
  expect(codes).toEqual(['box', 'dear', 'gold', 'band', 'floor']);
});

it('knows who has redeemed it before', async () => {
  await publish('rewards', 'first', { prices: [price(1)], eligibility: { firstTime: 'reward' } });
  t.clock.advance(PUBLICATION_LEAD_MS + 1_000);
  expect((await see()).first?.unmet).toBeNull();
  const redeem = (state: string) =>
    t.pool.query(
      `insert into redemption (id, programme, member, reward, reward_version, price_option, quantity, merchant, parts, terms, counts,
         state, refusal, asked_at_ms, deadline_ms, confirmed_at_ms, request_key, fingerprint, recorded_at_ms)
       select gen_random_uuid(), 1, m.id, r.id, r.id, 0, 1, r.merchant, '[]', '{}', '[]', $1::text,
         case when $1::text = 'refused' then '{}'::json end, 1, 2, case when $1::text = 'confirmed' then 1 end, $1::text, sha256(''), 1
       from reward r, (select id from member order by id limit 1) m where r.code = 'first'`,
      [state],
    );
  await redeem('refused');
  expect((await see()).first?.unmet).toBeNull();
  await redeem('confirmed');
  expect((await see()).first?.unmet).toMatchObject({ code: 'first_time', wanted: 'reward' });
});

it('is there for members of the programme alone', async () => {
  await t.ok('POST', '/programmes', { code: 'south', name: 'South' });
  const unknown = `/members/${member}/rewards?programme=`;
  expect((await t.call('GET', `${unknown}south`)).body.code).toBe('member_not_found');
  expect((await t.call('GET', `${unknown}nowhere`)).body.code).toBe('programme_not_found');
});

it('finds what is looked for, and what takes fewest points first, page by page', async () => {
  await publish('rewards', 'two', {
    name: { zh: '龙井茶', en: 'Longjing Tea' },
    prices: [price(9_000), { points: [{ pointType: 'points', points: 20 }], cashFen: 990 }],
  });
  t.clock.advance(PUBLICATION_LEAD_MS + 1_000);
  expect(Object.keys(await see(`?named=${encodeURIComponent('龙井')}`))).toEqual(['two']);
  expect(Object.keys(await see('?named=LONGJING'))).toEqual(['two']);
  expect(Object.keys(await see('?named=oolong'))).toEqual([]);
  expect(Object.keys(await see('?pointsMax=20'))).toEqual(['gold', 'floor', 'first', 'two']);
  expect(Object.keys(await see('?pointType=other'))).toEqual([]);
  const path = `/members/${member}/rewards?order=points&limit=2`;
  const codes: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: { items: { code: string }[]; nextCursor: string | null } = await t.ok(
      'GET',
      `${path}${cursor}`,
    );
    codes.push(...page.items.map(({ code }) => code));
    cursor = page.nextCursor === null ? null : `&cursor=${page.nextCursor}`;
  }
  // Of two that take as many the older one.
  expect(codes).toEqual(['gold', 'floor', 'first', 'two', 'band', 'box', 'dear']);
  const first = await t.ok('GET', path);
  const elsewhere = `/members/${member}/rewards?cursor=${first.nextCursor}`;
  expect((await t.call('GET', elsewhere)).body.code).toBe('cursor_invalid');
});

it('reads one of them, with what is left of it', async () => {
  await publish('rewards', 'few', {
    prices: [price(10)],
    limits: [
      { per: 'order', times: 2 },
      { per: 'month', times: 3 },
    ],
    quotas: [{ per: 'day', times: 2 }],
  });
  t.clock.advance(PUBLICATION_LEAD_MS + 1_000);
  const { items } = await t.ok('GET', `/members/${member}/rewards?pointsMax=10`);
  const { rewardId } = items.find(({ code }: { code: string }) => code === 'few');
  const path = `/members/${member}/rewards/${rewardId}`;
  expect(await t.ok('GET', path)).toMatchObject({
    ...{ rewardId, redeemable: true, unmet: null },
    left: {
      stock: null,
      limits: [{ per: 'month', left: 3 }],
      quotas: [{ merchantId: shop, per: 'day', left: 2 }],
    },
  });
  await t.ok('PUT', `/rewards/${rewardId}/stock`, { total: 5 });
  await t.ok('POST', '/redemptions', { memberId: member, rewardId, merchantId: shop });
  expect(await t.ok('GET', path)).toMatchObject({
    left: { stock: 4, limits: [{ left: 2 }], quotas: [{ left: 1 }] },
  });
  t.clock.advance(86_400_000);
  expect(await t.ok('GET', path)).toMatchObject({ left: { quotas: [{ left: 2 }] } });
  const stranger = await t.apiKey([...MERCHANT_SCOPES], await t.merchant());
  const theirs = await t.call('GET', path, undefined, { auth: stranger });
  expect([theirs.status, theirs.body.code]).toEqual([404, 'reward_not_found']);
});
