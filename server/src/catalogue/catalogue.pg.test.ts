import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { readId } from '../kernel/id.ts';
import { MERCHANT_SCOPES } from '../keys/api-key.ts';
import { PUBLICATION_LEAD_MS } from '../platform/publishing/lead.ts';
import { showTerms } from './terms-schema.ts';
import { terms } from './testing/told.ts';

let t: PointsTestApp;
let shop: string;
let auth: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  shop = await t.merchant();
  auth = await t.apiKey([...MERCHANT_SCOPES], shop);
});
afterAll(() => t.close());

const told = (points = 1_000, more: object = {}) => ({
  ...showTerms(terms()),
  prices: [{ points: [{ pointType: 'points', points }], cashFen: 0 }],
  stores: [{ merchant: shop }],
  ...more,
});
let made = 0;
async function draft(points?: number, more?: object) {
  made += 1;
  const body = told(points, more);
  return await t.ok('POST', '/rewards', { code: `r-${made}`, body }, { auth });
}
const publish = (id: string, body: object = {}) =>
  t.call('POST', `/rewards/${id}/publish`, body, { auth });
const save = (id: string, body: object) => t.ok('PUT', `/rewards/${id}/draft`, { body }, { auth });
const inForce = async (): Promise<string[]> => {
  const now = t.clock.now();
  const book = await t.catalogue.rewards.bookAt(1, now);
  return book.inForce(now).map(({ code }) => code);
};

describe('a reward', () => {
  it('is drafted, published within seconds, in force in every process that asks, and retired after notice', async () => {
    const reward = await draft();
    expect(reward).toMatchObject({
      merchantId: shop,
      draft: { state: 'draft', number: 1 },
      current: null,
    });
    const { body: published } = await publish(reward.id);
    expect(published).toMatchObject({
      draft: null,
      announced: [{ noticeDays: 0, comparison: { verdict: 'better_or_equal', reasons: [] } }],
    });
    expect(await inForce()).not.toContain(reward.code);
    t.clock.advance(PUBLICATION_LEAD_MS + 1_000);
    expect(await inForce()).toContain(reward.code);
    const current = (await t.ok('GET', `/rewards/${reward.id}`)).current;
    expect(current).toMatchObject({ state: 'in_force', body: told() });
    const retired = await t.ok('POST', `/rewards/${reward.id}/retire`, {}, { auth });
    // Published on the 1st with seven days, Shanghai time: from the 9th on.
    expect(retired.current).toMatchObject({ until: '2026-03-08T16:00:00.000Z', retired: true });
    const [notice] = (await t.ok('GET', '/messages?programme=default')).items;
    const { name: merchant } = await t.ok('GET', `/merchants/${shop}`);
    expect(notice).toMatchObject({
      kind: 'reward_change',
      facts: { change: 'ends', reward: '五十元券', merchant },
    });
    const { items } = await t.ok('GET', `/rewards/${reward.id}/changes`, undefined, { auth });
    expect(items.map(({ kind }: { kind: string }) => kind)).toEqual([
      'made',
      'published',
      'retired',
    ]);
  });

  it('that becomes dearer needs notice, and one that becomes cheaper does not', async () => {
    const { id } = await draft();
    await publish(id);
    t.clock.advance(PUBLICATION_LEAD_MS);
    await save(id, told(1_200));
    const refused = await publish(id, { from: new Date(t.clock.now() + 3_600_000).toISOString() });
    expect(refused.body).toMatchObject({
      code: 'notice_needed',
      noticeDays: 7,
      reasons: '/prices/0 dearer',
    });
    const dearer = (await publish(id)).body;
    expect(dearer.announced).toMatchObject([
      { noticeDays: 7, from: '2026-03-08T16:00:00.000Z', comparison: { verdict: 'worse' } },
    ]);
    await save(id, told(900));
    const cheaper = (await publish(id)).body;
    // What was announced is withdrawn; the versions stay to be read for ever.
    expect(cheaper.announced).toMatchObject([{ number: 3, noticeDays: 0 }]);
    const { items } = await t.ok('GET', `/rewards/${id}/versions`);
    expect(items.map(({ state }: { state: string }) => state)).toEqual([
      'in_force',
      'withdrawn',
      'announced',
    ]);
    const second = await t.ok('GET', `/reward-versions/${items[1].id}`);
    expect(second).toMatchObject({ number: 2, body: told(1_200) });
  });

  it('is refused with every place that is wrong, and changes nothing as a dry run', async () => {
    const bad = told(1, { name: { zh: '八折提现' }, offered: { from: '2027-02-30' } });
    const refused = await t.call('POST', '/rewards', { code: 'bad', body: bad }, { auth });
    expect(refused.status).toBe(422);
    expect(
      refused.body.errors.map(
        ({ path, code }: { path: string; code: string }) => `${path} ${code}`,
      ),
    ).toEqual([
      '/body/name/zh forbidden_wording',
      '/body/name/zh typed_claim',
      '/body/offered/from impossible_date',
    ]);
    const rehearsed = await t.ok(
      'POST',
      '/rewards',
      { code: 'dry', body: told(), dryRun: true },
      { auth },
    );
    expect(rehearsed.dryRun).toBe(true);
    expect((await t.ok('GET', '/rewards?code=dry')).items).toEqual([]);
  });

  it('stricter than what is sold for cash is not published, and the difference is named', async () => {
    const entry = {
      entryTimes: [],
      queue: 'common',
      cancellation: { hoursBefore: 0, feePercent: 0 },
      transferable: true,
    };
    const body = told(500, {
      kind: 'ticket',
      parity: { asSold: entry, asRedeemed: { ...entry, queue: 'standby' } },
    });
    const refused = await t.call('POST', '/rewards', { code: 'ticket', body }, { auth });
    expect(refused.body).toMatchObject({
      code: 'reward_invalid',
      errors: [{ path: '/body/parity/asRedeemed/queue', code: 'stricter_than_sold' }],
    });
  });

  it('of this code is there once; its draft can be dropped, and with it all of it', async () => {
    const reward = await draft();
    const again = await t.call('POST', '/rewards', { code: reward.code, body: told() }, { auth });
    expect(again.body).toMatchObject({ code: 'reward_exists', rewardId: reward.id });
    expect(await t.ok('DELETE', `/rewards/${reward.id}/draft`, undefined, { auth })).toEqual({
      id: reward.id,
      removed: true,
    });
    expect((await t.call('GET', `/rewards/${reward.id}`)).body.code).toBe('reward_not_found');
    expect((await publish(reward.id)).body.code).toBe('reward_not_found');
  });

  it('is a merchant’s own: another sees nothing of it, and changes nothing of the operator’s', async () => {
    const reward = await draft();
    await publish(reward.id);
    const stranger = await t.apiKey([...MERCHANT_SCOPES], await t.merchant());
    expect(
      (await t.call('GET', `/rewards/${reward.id}`, undefined, { auth: stranger })).status,
    ).toBe(404);
    const operators = await t.ok('POST', '/rewards', { code: 'ours', body: told() });
    await t.ok('POST', `/rewards/${operators.id}/publish`, {});
    expect(
      await t.ok('GET', `/rewards/${operators.id}`, undefined, { auth: stranger }),
    ).toMatchObject({ draft: null });
    const path = `/rewards/${operators.id}/retire`;
    expect((await t.call('POST', path, {}, { auth: stranger })).body.code).toBe(
      'merchant_out_of_reach',
    );
  });

  it('is listed page by page', async () => {
    const all: string[] = [];
    let cursor = '';
    do {
      const page = await t.ok('GET', `/rewards?limit=2&merchantId=${shop}${cursor}`);
      all.push(...page.items.map(({ id }: { id: string }) => id));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    const { items } = await t.ok('GET', `/rewards?merchantId=${shop}`);
    expect(all).toEqual(items.map(({ id }: { id: string }) => id));
    expect(all.length).toBeGreaterThan(2);
  });

  it('published stays as it is, also for who has the database', async () => {
    const { id } = await draft();
    const version = (await publish(id)).body.announced[0];
    const uuid = readId('rewardVersion', version.id);
    const change = (sql: string) =>
      t.pool.query(sql, [uuid]).then(
        () => 'done',
        ({ code }) => code,
      );
    expect(await change(`update reward_version set body = '{}' where id = $1`)).toBe('23001');
    expect(await change('delete from reward_version where id = $1')).toBe('23001');
    const twin = `insert into reward_version (id, reward, number, body, made_at_ms, made_by, published_at_ms, published_by, comparison, notice_days, from_ms)
      select gen_random_uuid(), reward, 9, body, made_at_ms, made_by, published_at_ms, published_by, comparison, notice_days, from_ms + 1 from reward_version where id = $1`;
    expect(await change(twin)).toBe('23P01');
  });

  it('is published once by two at a time', async () => {
    const { id } = await draft();
    const both = await Promise.all([publish(id), publish(id)]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

describe('a promotion', () => {
  it('is published like a reward, of its owner’s rewards alone', async () => {
    const reward = await draft();
    const body = {
      name: { zh: '积分兑换日' },
      rewards: [reward.id],
      when: { monthDays: [18] },
      price: { kind: 'ratio', num: 4, den: 5 },
    };
    const promotion = await t.ok('POST', '/promotions', { code: 'day-18', body }, { auth });
    const published = await t.ok('POST', `/promotions/${promotion.id}/publish`, {}, { auth });
    expect(published.announced).toMatchObject([{ body, noticeDays: 0 }]);
    t.clock.advance(PUBLICATION_LEAD_MS + 1_000);
    const now = t.clock.now();
    const book = await t.catalogue.promotions.bookAt(1, now);
    expect([...book.inForce(now).values()].flat()).toMatchObject([
      { code: 'day-18', merchant: readId('merchant', shop) },
    ]);
    const other = await t.merchant();
    const stranger = await t.apiKey([...MERCHANT_SCOPES], other);
    const refused = await t.call(
      'POST',
      '/promotions',
      { code: 'theirs', body },
      { auth: stranger },
    );
    expect(refused.body).toMatchObject({
      code: 'promotion_invalid',
      errors: [{ path: '/body/rewards/0' }],
    });
  });
});
