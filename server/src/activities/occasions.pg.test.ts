import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { gives, publishRules, retireRules } from '../http/test-rules.ts';
import { settle } from '../jobs/run-jobs.ts';
import { readId } from '../kernel/id.ts';

type Body = Answered['body'];

const DAY = 24 * 3600_000;

let t: PointsTestApp;
let shop: string;
beforeAll(async () => {
  t = await createPointsTestApp();
});
beforeEach(async () => {
  shop = await t.merchant();
});
afterAll(() => t.close());

let numbers = 0;
const fresh = (prefix: string): string => {
  numbers += 1;
  return `${prefix}-${numbers}`;
};
const iso = (ms: number): string => new Date(ms).toISOString();
const available = async (member: string): Promise<number> =>
  (await t.balance(member))?.available ?? 0;
const activitiesOf = async (member: string): Promise<Body[]> =>
  (await t.ok('GET', `/activities?memberId=${member}`)).items;
const join = async (more: object = {}, auth?: string): Promise<string> =>
  (
    await t.ok(
      'POST',
      '/members',
      { externalIds: { test: fresh('m') }, ...more },
      auth === undefined ? {} : { auth },
    )
  ).id;

describe('registration', () => {
  it('earns at once where a rule listens to it, and once', async () => {
    await publishRules(t, shop, [gives('registration', 88)]);
    const member = await join({ merchantId: shop });
    expect(await available(member)).toBe(88);
    expect(await activitiesOf(member)).toEqual([
      expect.objectContaining({ kind: 'registration', merchantId: shop }),
    ]);
    const again = {
      merchantId: shop,
      memberId: member,
      kind: 'registration',
      activityNo: fresh('act'),
      occurredAt: iso(t.clock.now()),
    };
    expect((await t.call('POST', '/activities', again)).body.code).toBe('activity_once');
    t.clock.advance(2 * 60_000);
    await settle(t.jobs);
    expect(await available(member)).toBe(88);
  });

  it('is at the merchant of the key, or at the one that is named', async () => {
    const auth = await t.apiKey(['members:write'], shop);
    const other = await t.merchant();
    await publishRules(t, shop, [gives('registration', 88)]);
    expect(await available(await join({}, auth))).toBe(88);
    expect(await available(await join())).toBe(0);
    expect(await available(await join({ merchantId: other }))).toBe(0);
    const named = { externalIds: { test: fresh('m') }, merchantId: other };
    expect((await t.call('POST', '/members', named, { auth })).body.code).toBe(
      'merchant_out_of_reach',
    );
    const nobody = { ...named, merchantId: other.replace(/.{6}$/, 'zzzzzz') };
    expect((await t.call('POST', '/members', nobody)).body.code).toBe('merchant_not_found');
    await t.ok('POST', '/programmes', { code: 'elsewhere', name: 'Elsewhere' });
    expect(await activitiesOf(await join({ merchantId: shop, programme: 'elsewhere' }))).toEqual(
      [],
    );
  });

  it('is recorded for each of many', async () => {
    await publishRules(t, shop, [gives('registration', 8)]);
    const members = [1, 2, 3].map(() => ({ externalIds: { test: fresh('m') }, merchantId: shop }));
    const { results } = await t.ok('POST', '/members/bulk', { members });
    for (const { member } of results) expect(await available(member.id)).toBe(8);
  });

  it('leaves nothing behind where no rule listens to it, also when one does later', async () => {
    const member = await join({ merchantId: shop });
    await publishRules(t, shop, [gives('registration', 88)]);
    t.clock.advance(2 * 60_000);
    await settle(t.jobs);
    expect(await activitiesOf(member)).toEqual([]);
    expect((await t.pool.query('select from joining')).rows).toHaveLength(0);
  });

  it('is made up for by the settle job when the server dies after the registration', async () => {
    await publishRules(t, shop, [gives('registration', 88)]);
    t.ledgerDown = true;
    const member = await join({ merchantId: shop });
    t.ledgerDown = false;
    expect(await available(member)).toBe(0);
    t.clock.advance(2 * 60_000);
    await settle(t.jobs);
    await settle(t.jobs);
    expect(await available(member)).toBe(88);
    expect(await activitiesOf(member)).toHaveLength(1);
    // As if it had died before the activity was recorded.
    const late = await join();
    await t.pool.query(
      'insert into joining (member, programme, merchant, since_ms) values ($1, 1, $2, $3)',
      [readId('member', late), readId('merchant', shop), t.clock.now()],
    );
    t.clock.advance(2 * 60_000);
    await settle(t.jobs);
    expect(await available(late)).toBe(88);
    expect((await t.pool.query('select from joining')).rows).toHaveLength(0);
  });
});

describe('a birthday', () => {
  /** Shanghai is 8 hours ahead. */
  const noonOf = (date: string): number => Date.parse(`${date}T04:00:00Z`);
  const goTo = async (date: string): Promise<void> => {
    t.clock.set(noonOf(date));
    await t.rules.refresh();
    await settle(t.jobs);
  };
  const born = (member: string, birthday: string): Promise<Body> =>
    t.ok('PUT', `/members/${member}/birthday`, { birthday });
  let rules: Awaited<ReturnType<typeof publishRules>>;
  beforeEach(async () => {
    rules = await publishRules(t, shop, [
      gives('birthday', 50, { when: { member: { birthday: 'day' } } }),
    ]);
  });

  it('earns on the day, once a year, also when it is changed; who was born on 29 February has the 28th in other years', async () => {
    const [member, leap, silent, elsewhere] = await Promise.all([
      join({ merchantId: shop }),
      join({ merchantId: shop }),
      join({ merchantId: shop }),
      join(),
    ]);
    await born(member, '05-20');
    await born(leap, '02-29');
    await born(elsewhere, '05-20');
    await goTo('2026-05-19');
    expect(await available(member)).toBe(0);
    await goTo('2026-05-20');
    await goTo('2026-05-20');
    expect(await available(member)).toBe(50);
    expect(await activitiesOf(elsewhere)).toEqual([]);
    await born(member, '05-22');
    await goTo('2026-05-22');
    expect(await available(member)).toBe(50);
    await goTo('2027-02-27');
    expect(await available(leap)).toBe(0);
    await goTo('2027-02-28');
    expect(await available(leap)).toBe(50);
    await goTo('2027-03-01');
    expect(await available(leap)).toBe(50);
    await goTo('2027-05-22');
    expect(await available(member)).toBe(100);
    await goTo('2028-02-28');
    expect(await available(leap)).toBe(50);
    await goTo('2028-02-29');
    expect(await available(leap)).toBe(100);
    expect(await available(silent)).toBe(0);
    const [first] = await activitiesOf(member);
    expect(first).toMatchObject({ kind: 'birthday', occurredAt: '2026-05-19T16:00:00.000Z' });
    await retireRules(t, rules);
  });

  it('that no server was there to see is made up for, but not one from before it was told', async () => {
    const [member, late] = [await join({ merchantId: shop }), await join({ merchantId: shop })];
    await born(member, '06-10');
    t.clock.set(noonOf('2028-06-12'));
    await t.rules.refresh();
    await born(late, '06-10');
    await settle(t.jobs);
    expect(await available(member)).toBe(50);
    expect(await available(late)).toBe(0);
    await born(late, '06-12');
    await settle(t.jobs);
    expect(await available(late)).toBe(50);
    await retireRules(t, rules);
  });

  it('is kept sealed, shown nowhere and taken back', async () => {
    const member = await join({ merchantId: shop });
    const told = await born(member, '12-31');
    expect(told).toEqual({ memberId: member, given: true, at: iso(t.clock.now()) });
    const { rows } = await t.pool.query(
      `select row_to_json(m)::text || (select string_agg(i.body || encode(i.fingerprint, 'hex'), '') from idempotent_answer i) as all
        from member m where id = $1`,
      [readId('member', member)],
    );
    expect(rows[0]?.all).not.toContain('12-31');
    const taken = await t.ok('DELETE', `/members/${member}/birthday`);
    expect(taken).toMatchObject({ memberId: member, given: false });
    await goTo('2028-12-31');
    expect(await activitiesOf(member)).toEqual([]);
    await retireRules(t, rules);
  });

  it.each(['02-30', '13-01', '00-10', '04-31', '5-20', '2000-05-20', ''])(
    '%s is no day',
    async (birthday) => {
      const member = await join();
      const answer = await t.call('PUT', `/members/${member}/birthday`, { birthday });
      expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request']);
      await retireRules(t, rules);
    },
  );

  it('of nobody is not found', async () => {
    const missing = (await join()).replace(/.{6}$/, 'zzzzzz');
    const path = `/members/${missing}/birthday`;
    expect((await t.call('PUT', path, { birthday: '05-20' })).status).toBe(404);
    expect((await t.call('DELETE', path)).status).toBe(404);
    await retireRules(t, rules);
  });
});

describe('a referral', () => {
  const referral = (memberId: string, referredMemberId: string, more: object = {}) => ({
    merchantId: shop,
    memberId,
    referredMemberId,
    kind: 'referral',
    activityNo: fresh('act'),
    occurredAt: iso(t.clock.now()),
    ...more,
  });
  const refer = (member: string, referred: string): Promise<Body> =>
    t.ok('POST', '/activities', referral(member, referred));
  const buy = (memberId: string, amountFen = 10_000): Promise<Body> =>
    t.ok('POST', '/orders', {
      merchantId: shop,
      memberId,
      orderNo: fresh('no'),
      paidAt: iso(t.clock.now()),
      lines: [{ lineNo: 1, sku: 'A', quantity: 1, amountFen }],
    });
  const giveBack = (order: Body): Promise<Body> =>
    t.ok('POST', `/orders/${order.id}/returns`, {
      returnNo: fresh('ret'),
      lines: [{ lineNo: 1, quantity: 1 }],
    });
  const later = async (days: number): Promise<void> => {
    t.clock.advance(days * DAY);
    await t.rules.refresh();
    await settle(t.jobs);
  };

  it('earns a fixed amount for the direct referrer once the first purchase is past its return window', async () => {
    await publishRules(t, shop, [gives('referral', 100)]);
    const [one, two, three] = [await join(), await join(), await join()];
    const told = await refer(one, two);
    expect(told).toMatchObject({ awards: [], noPointsReason: 'awaiting_first_purchase' });
    await refer(two, three);
    await later(1);
    await buy(two, 1_000_000);
    await later(6);
    expect(await t.ok('GET', `/activities/${told.id}`)).toEqual(told);
    await later(1);
    const paid = await t.ok('GET', `/activities/${told.id}`);
    expect(paid.awards).toEqual([expect.objectContaining({ asked: 100, granted: 100 })]);
    expect(paid).not.toHaveProperty('noPointsReason');
    await buy(two, 1_000_000);
    await buy(three, 1_000_000);
    await later(8);
    // What the referred buy later, and whom they refer, is nothing to whoever referred them.
    expect(await available(one)).toBe(100);
    expect(await available(two)).toBe(20_000 + 100);
    expect(await available(three)).toBe(10_000);
  });

  it('counts the first purchase of which something was kept', async () => {
    await publishRules(t, shop, [gives('referral', 100)]);
    const [one, two] = [await join(), await join()];
    await refer(one, two);
    await buy(two, 0);
    await giveBack(await buy(two));
    await later(8);
    expect(await available(one)).toBe(0);
    await buy(two);
    await later(6);
    expect(await available(one)).toBe(0);
    await later(1);
    expect(await available(one)).toBe(100);
  });

  it('earns nothing for who has bought before', async () => {
    await publishRules(t, shop, [gives('referral', 100)]);
    const [one, two] = [await join(), await join()];
    await buy(two);
    t.clock.advance(60_000);
    const told = await refer(one, two);
    await later(8);
    expect(await t.ok('GET', `/activities/${told.id}`)).toMatchObject({
      awards: [],
      noPointsReason: 'not_first_purchase',
    });
  });

  const merge = (survivor: string, from: string): Promise<Body> =>
    t.ok('POST', `/members/${survivor}/merges`, { from, reason: 'one person', actor: 'Li Lei' });

  it('earns nothing for oneself under another name', async () => {
    await publishRules(t, shop, [gives('referral', 100)]);
    const [one, two] = [await join(), await join()];
    const told = await refer(one, two);
    await buy(two, 100);
    await merge(one, two);
    await later(8);
    expect(await t.ok('GET', `/activities/${told.id}`)).toMatchObject({
      awards: [],
      noPointsReason: 'referral_of_oneself',
    });
    expect(await available(one)).toBe(1);
  });

  it('knows what the referred bought under all their names', async () => {
    await publishRules(t, shop, [gives('referral', 100)]);
    const [one, old, two, three, four] = await Promise.all([
      join(),
      join(),
      join(),
      join(),
      join(),
    ]);
    await buy(old);
    t.clock.advance(60_000);
    const [again, new_] = [await refer(one, two), await refer(one, three)];
    await buy(two);
    await merge(old, two);
    await merge(four, three);
    await buy(four);
    await later(8);
    expect(await t.ok('GET', `/activities/${again.id}`)).toMatchObject({
      noPointsReason: 'not_first_purchase',
    });
    expect((await t.ok('GET', `/activities/${new_.id}`)).awards).toMatchObject([{ granted: 100 }]);
  });

  it('waits for a year at most', async () => {
    const [one, two] = [await join(), await join()];
    const told = await refer(one, two);
    await later(366);
    await buy(two);
    await later(8);
    expect(await t.ok('GET', `/activities/${told.id}`)).toMatchObject({
      noPointsReason: 'no_purchase',
    });
  });

  it('is rated by the rules of the purchase, and capped by them', async () => {
    const caps = [{ per: 'year', points: 150 }] as const;
    const rules = await publishRules(t, shop, [gives('referral', 100, { terms: { caps } })]);
    const [one, two, three] = [await join(), await join(), await join()];
    await refer(one, two);
    await refer(one, three);
    t.clock.advance(1000);
    await buy(two);
    await buy(three);
    t.clock.advance(1000);
    await retireRules(t, rules);
    await later(8);
    expect(await available(one)).toBe(150);
  });

  it('is of one member once, whoever refers them, and nobody refers themselves', async () => {
    const [one, two, three] = [await join(), await join(), await join()];
    const told = await Promise.all(
      [one, two].map((each) => t.call('POST', '/activities', referral(each, three))),
    );
    expect(told.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(told.find(({ status }) => status === 409)?.body).toEqual(
      expect.objectContaining({ code: 'activity_once' }),
    );
    for (const [code, wrong] of [
      ['referral_of_oneself', referral(one, one)],
      ['referral_incomplete', referral(one, two, { kind: 'share' })],
      ['referral_incomplete', referral(one, two, { evidence: { behaviour: 'a', number: 'b' } })],
      ['member_not_found', referral(one, two.replace(/.{6}$/, 'zzzzzz'))],
    ] as const)
      expect((await t.call('POST', '/activities', wrong)).body.code).toBe(code);
    // Not even by hand.
    const by = async (sql: string): Promise<string> =>
      t.pool.query(sql).then(
        () => 'done',
        (error: Error) => error.message,
      );
    expect(await by('update activity set referred = member where referred is not null')).toContain(
      'check constraint',
    );
    expect(await by("update activity set kind = 'share' where referred is not null")).toContain(
      'check constraint',
    );
  });

  it('is paid once, also when the server dies between verifying and paying', async () => {
    await publishRules(t, shop, [gives('referral', 100)]);
    const [one, two] = [await join(), await join()];
    const told = await refer(one, two);
    const order = await buy(two);
    t.clock.advance(8 * DAY);
    await t.rules.refresh();
    t.ledgerDown = true;
    // Each for itself: others fail before.
    for (const resume of t.jobs.resumes) await resume(t.clock.now()).catch(() => {});
    t.ledgerDown = false;
    const { rows } = await t.pool.query('select verified_by from activity where id = $1', [
      readId('activity', told.id),
    ]);
    expect(rows[0]?.verified_by).toBe(readId('order', order.id));
    expect(await available(one)).toBe(0);
    await later(1);
    await later(1);
    expect(await available(one)).toBe(100);
  });
});
