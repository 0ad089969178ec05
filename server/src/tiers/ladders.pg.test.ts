import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { DAY_MS, playTiers } from '../http/testing/tier-play.ts';
import { showInstant } from '../kernel/clock.ts';
import { readId } from '../kernel/id.ts';
import { MERCHANT_SCOPES } from '../keys/api-key.ts';

let t: PointsTestApp;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());

const year = { kind: 'calendar', unit: 'year' };
const reaching = (code: string, yuan: number) => ({
  window: year,
  tiers: [{ code, name: code, qualify: { spendFen: yuan * 100 } }],
});
const until = (days: number): string => showInstant(t.clock.now() + days * DAY_MS).slice(0, 10);
const why = { reason: 'of promise', actor: 'Li Lei' };

describe('the tiers of a merchant beside those of the programme', () => {
  it('count what is done there alone, each by its own scheme', async () => {
    const p = await playTiers(t);
    const other = await t.merchant({ programme: p.programme });
    await p.publish(reaching('city', 1_000));
    await p.publishOwn(reaching('shop', 500));
    await p.publishOwn(
      { ...reaching('else', 5_000), window: { kind: 'rolling', months: 1 } },
      other,
    );
    const order = await p.buy(600);
    await p.buy(500, { merchant: other });
    expect(await p.tier()).toMatchObject({
      merchantId: null,
      tier: 'city',
      done: { spendFen: 110_000 },
    });
    expect(await p.ownTier()).toMatchObject({
      merchantId: p.merchantId,
      tier: 'shop',
      done: { spendFen: 60_000, visits: 1, points: 600 },
    });
    expect(await p.ownTier(other)).toMatchObject({ tier: null, done: { spendFen: 50_000 } });
    await p.giveBack(order, 200);
    expect((await p.ownTier()).done.spendFen).toBe(40_000);
    expect((await p.ownTier(other)).done.spendFen).toBe(50_000);
    expect((await p.tier()).done.spendFen).toBe(90_000);
  });

  it('count what was done before them, once, and nothing of other merchants', async () => {
    const p = await playTiers(t);
    const other = await t.merchant({ programme: p.programme });
    await p.publish(reaching('city', 1_000));
    await p.buy(600);
    await p.buy(700, { merchant: other });
    await p.publishOwn(reaching('shop', 500));
    expect((await p.ownTier()).done.spendFen).toBe(0);
    await p.keep();
    await p.keep();
    expect(await p.ownTier()).toMatchObject({ tier: 'shop', done: { spendFen: 60_000 } });
    expect((await p.tier()).done.spendFen).toBe(130_000);
    const { rows } = await t.pool.query(
      `select sum(corrected)::int as corrected from tier_walk w join programme p on p.id = w.programme where p.code = $1`,
      [p.programme],
    );
    expect(rows).toEqual([{ corrected: 0 }]);
  });

  it('stand without tiers of the programme, and name the merchant to members', async () => {
    const p = await playTiers(t);
    await p.publishOwn(reaching('shop', 500));
    await p.buy(600);
    expect((await p.ownTier()).history).toMatchObject([{ kind: 'reached', to: 'shop', scheme: 1 }]);
    const { name } = await t.ok('GET', `/merchants/${p.merchantId}`);
    expect((await p.told()).map(({ text }) => text)).toEqual([
      expect.stringContaining(`您在${name}的会员等级由无变为shop`),
    ]);
    const told = await t.call('GET', `/members/${p.memberId}/tier?programme=${p.programme}`);
    expect([told.status, told.body.code]).toEqual([404, 'tiers_not_found']);
  });

  it('fall by their own policy, by themselves', async () => {
    const p = await playTiers(t);
    await p.publish(reaching('city', 500));
    await p.publishOwn({ ...reaching('shop', 500), window: { kind: 'rolling', months: 1 } });
    await p.buy(600);
    t.clock.advance(40 * DAY_MS);
    await p.keep();
    expect([(await p.tier()).tier, (await p.ownTier()).tier]).toEqual(['city', null]);
  });

  it('are taken away from everybody but whom that fails for', async () => {
    const p = await playTiers(t);
    await p.publishOwn({ ...reaching('shop', 500), window: { kind: 'rolling', months: 1 } });
    const others = [await t.member(), await t.member(), await t.member()];
    await p.buy(600);
    for (const member of others) await p.buy(600, { member });
    await t.pool.query(`create function no_loss() returns trigger language plpgsql as
      $$ begin raise exception 'not this one'; end $$`);
    await t.pool.query(`create trigger no_loss before insert on tier_change for each row
      when (new.member = '${readId('member', p.memberId)}') execute function no_loss()`);
    const tiers = () =>
      Promise.all(
        [p.memberId, ...others].map(async (id) => (await p.ownTier(p.merchantId, id)).tier),
      );
    t.clock.advance(40 * DAY_MS);
    try {
      const trouble = expect.objectContaining({ message: 'not this one' });
      await expect(p.keep()).rejects.toMatchObject({ errors: [trouble] });
      expect(await tiers()).toEqual(['shop', null, null, null]);
    } finally {
      await t.pool.query('drop trigger no_loss on tier_change; drop function no_loss');
    }
    await p.keep();
    expect(await tiers()).toEqual([null, null, null, null]);
  });

  it('are united by a merge', async () => {
    const p = await playTiers(t);
    await p.publishOwn(reaching('shop', 1_000));
    const absorbed = await t.member();
    await p.buy(600);
    await p.buy(600, { member: absorbed });
    await t.ok('POST', `/members/${p.memberId}/merges`, { from: absorbed, ...why });
    await p.keep();
    expect(await p.ownTier()).toMatchObject({ tier: 'shop', done: { spendFen: 120_000 } });
  });

  it('are compared with their own versions and need their notice', async () => {
    const p = await playTiers(t);
    await p.publish(reaching('city', 100));
    await p.publishOwn(reaching('shop', 500));
    const more = await t.ok('PUT', `/merchants/${p.merchantId}/tiers`, reaching('shop', 900));
    expect(more).toMatchObject({ number: 2, noticeDays: 7, comparison: { verdict: 'worse' } });
    const shown = await t.ok('GET', `/merchants/${p.merchantId}/tiers`);
    expect([shown.current, shown.versions.length]).toEqual([1, 2]);
    expect((await t.ok('GET', `/programmes/${p.programme}/tiers`)).versions).toHaveLength(1);
    const { name } = await t.ok('GET', `/merchants/${p.merchantId}`);
    const { items } = await t.ok('GET', `/messages?programme=${p.programme}`);
    expect(items).toMatchObject([{ kind: 'tier_rules', facts: { merchant: name, number: 2 } }]);
  });

  it('bring services at the merchant alone', async () => {
    const p = await playTiers(t);
    const other = await t.merchant({ programme: p.programme });
    const [tier] = reaching('shop', 500).tiers;
    const wash = { code: 'wash', name: '洗车', quota: 1, per: 'month', merchants: [other] };
    const scheme = { window: year, tiers: [{ ...tier, benefits: { services: [wash] } }] };
    const refused = await t.call('PUT', `/merchants/${p.merchantId}/tiers`, scheme);
    expect([refused.status, refused.body.code]).toEqual([422, 'tiers_invalid']);
  });
});

it('uses what the merchant’s own tiers bring first, then what the programme’s do, each by its quota', async () => {
  const p = await playTiers(t);
  const bringing = (code: string, quota: number) => {
    const wash = { code: 'wash', name: '洗车', quota, per: 'year', merchants: [p.merchantId] };
    const [tier] = reaching(code, 100).tiers;
    return { window: year, tiers: [{ ...tier, benefits: { services: [wash] } }] };
  };
  await p.publish(bringing('city', 1));
  await p.publishOwn(bringing('shop', 2));
  await p.buy(200);
  const uses = `/members/${p.memberId}/tier/uses`;
  const used: unknown[] = [];
  const ids: string[] = [];
  for (const useNo of ['1', '2', '3']) {
    const body = { merchantId: p.merchantId, service: 'wash', useNo };
    const told = await t.ok('POST', uses, body);
    used.push([told.tiersOf, told.tier, told.quota.left]);
    ids.push(told.id);
  }
  expect(used).toEqual([
    ['merchant', 'shop', 1],
    ['merchant', 'shop', 0],
    ['programme', 'city', 0],
  ]);
  const body = { merchantId: p.merchantId, service: 'wash', useNo: '4' };
  expect((await t.call('POST', uses, body)).body.code).toBe('tier_service_used_up');
  const undone = await t.ok('POST', `${uses}/${ids[0]}/undo`, why);
  expect([undone.tiersOf, undone.quota.left]).toEqual(['merchant', 1]);
  expect((await t.ok('POST', uses, body)).tiersOf).toBe('merchant');
});

describe('rules', () => {
  const gives = (points: number) => ({
    name: `${points}`,
    on: 'order',
    when: { member: { tiers: ['gold'] } },
    earn: { kind: 'fixed', points, per: 'order' },
  });
  async function publish(code: string, whose: object, body: object): Promise<void> {
    const { id } = await t.ok('POST', '/rules', { code, ...whose, body });
    await t.ok('POST', `/rules/${id}/publish`, {});
    // What is published counts some seconds later.
    t.clock.advance(20_000);
  }

  it('of a merchant mean its own tiers, of the operator the programme’s', async () => {
    const p = await playTiers(t);
    await p.publish(reaching('gold', 1_000));
    await publish('all', { programme: p.programme }, gives(7));
    await p.publishOwn(reaching('gold', 300));
    await publish('own', { merchantId: p.merchantId }, gives(50));
    await publish(
      'cel',
      { merchantId: p.merchantId },
      { ...gives(3), when: { expression: "member.tier == 'gold'" } },
    );
    // A merchant without tiers of its own.
    const plain = await t.merchant({ programme: p.programme });
    await publish('plain', { merchantId: plain }, gives(11));
    const pointsOf = async (order: string): Promise<number> =>
      (await t.ok('GET', `/orders/${order}`)).points;
    expect(await pointsOf(await p.buy(300))).toBe(300);
    const second = await p.buy(100);
    expect(await pointsOf(second)).toBe(100 + 50 + 3);
    const { rules } = await t.ok('GET', `/orders/${second}/explanation`);
    expect(rules.find((each: { code: string }) => each.code === 'all')).toMatchObject({
      fired: false,
      failed: 'when.member.tiers',
      found: 'programme: -',
    });
    await p.buy(600);
    expect(await pointsOf(await p.buy(1))).toBe(1 + 50 + 3 + 7);
    expect(await pointsOf(await p.buy(1, { merchant: plain }))).toBe(1 + 7 + 11);
    // What is asked about as it may be.
    const line = { sku: 'a', quantity: 1, amountFen: 100 };
    const ask = async (member: object) => {
      const body = { merchantId: p.merchantId, lines: [line], member };
      const { awards } = await t.ok('POST', '/rules/examine', body);
      return awards.map(({ code }: { code: string | null }) => code);
    };
    expect(await ask({ tier: 'gold' })).toEqual([null, 'all']);
    expect(await ask({ merchantTier: 'gold' })).toEqual([null, 'cel', 'own']);
  });

  it('that ask for the programme’s tiers lose them to the merchant’s first ones only after notice', async () => {
    const p = await playTiers(t);
    await p.publish(reaching('gold', 1_000));
    await publish('own', { merchantId: p.merchantId }, gives(50));
    const told = await t.ok('PUT', `/merchants/${p.merchantId}/tiers`, reaching('gold', 2_000));
    expect(told).toMatchObject({
      noticeDays: 7,
      comparison: { verdict: 'worse', reasons: [{ reason: 'rules_asked_for_programme_tiers' }] },
    });
    // What is announced takes nothing yet, and so what replaces it needs as long.
    const again = await t.ok('PUT', `/merchants/${p.merchantId}/tiers`, reaching('gold', 1_500));
    expect(again).toMatchObject({ number: 2, noticeDays: 7 });
  });
});

it('a rule names tiers that its merchant or the programme has or had, or none that could be mistaken', async () => {
  const p = await playTiers(t);
  const other = await t.merchant({ programme: p.programme });
  const save = async (tier: string, whose: object): Promise<unknown> => {
    const earn = { kind: 'fixed', points: 1, per: 'order' };
    const body = { name: tier, on: 'order', when: { member: { tiers: [tier] } }, earn };
    t.clock.advance(1);
    const code = `names-${t.clock.now()}`;
    const { status, body: told } = await t.call('POST', '/rules', { code, body, ...whose });
    return status === 201 ? 'saved' : told.errors.map((each: { path: string }) => each.path);
  };
  const refused = ['/body/when/member/tiers/0'];
  const [shop, operator] = [{ merchantId: p.merchantId }, { programme: p.programme }];
  expect(await save('gold', operator)).toBe('saved');
  await p.publishOwn(reaching('shop', 500));
  expect(await save('shop', shop)).toBe('saved');
  expect(await save('gold', shop)).toEqual(refused);
  await p.publish(reaching('gold', 1_000));
  expect(await save('gold', shop)).toBe('saved');
  expect(await save('gold', { merchantId: other })).toBe('saved');
  expect(await save('shop', { merchantId: other })).toEqual(refused);
  expect(await save('gold', operator)).toBe('saved');
  expect(await save('glod', operator)).toEqual(refused);
});

describe('a merchant’s key', () => {
  it('sees and moves the tiers of its merchant alone', async () => {
    const p = await playTiers(t);
    const other = await t.merchant({ programme: p.programme });
    await p.publish(reaching('city', 100));
    const auth = await t.apiKey([...MERCHANT_SCOPES], p.merchantId);
    const asks = (method: 'GET' | 'POST' | 'PUT', path: string, body?: object) =>
      t.call(method, path, body, { auth });
    expect(
      (await asks('PUT', `/merchants/${p.merchantId}/tiers`, reaching('shop', 500))).status,
    ).toBe(200);
    expect((await asks('PUT', `/merchants/${other}/tiers`, reaching('shop', 500))).body.code).toBe(
      'merchant_out_of_reach',
    );
    t.clock.advance(10_000);
    await p.buy(200, { merchant: other });
    const path = `/members/${p.memberId}/tier`;
    const own = await asks('GET', path);
    expect(own.body).toMatchObject({ merchantId: p.merchantId, tier: null, done: { spendFen: 0 } });
    expect((await asks('GET', `${path}?merchantId=${other}`)).body.code).toBe(
      'merchant_out_of_reach',
    );
    const given = await asks('POST', path, { tier: 'shop', until: until(30), ...why });
    expect(given.body).toMatchObject({ merchantId: p.merchantId, tier: 'shop' });
    expect((await p.tier()).history).toHaveLength(1);
    const elsewhere = { merchantId: other, tier: 'shop', until: until(30), ...why };
    expect((await asks('POST', path, elsewhere)).body.code).toBe('merchant_out_of_reach');
  });
});
