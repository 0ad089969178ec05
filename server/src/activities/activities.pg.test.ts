import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp, START } from '../http/test-points-app.ts';
import { gives, publishRules, retireRules } from '../http/test-rules.ts';
import { settle } from '../jobs/run-jobs.ts';
import { readId, showId, type Uuid } from '../kernel/id.ts';

type Body = Answered['body'];

const HOUR = 3600_000;
const DAY = 24 * HOUR;

let t: PointsTestApp;
let merchantId: string;
let memberId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
});
beforeEach(async () => {
  merchantId = await t.merchant();
  memberId = await t.member();
});
afterAll(() => t.close());

let numbers = 0;
const fresh = (prefix: string): string => {
  numbers += 1;
  return `${prefix}-${numbers}`;
};

const publish = (...bodies: Parameters<typeof publishRules>[2]) =>
  publishRules(t, merchantId, bodies);
const activity = (kind: string, more: object = {}) => ({
  merchantId,
  memberId,
  kind,
  activityNo: fresh('act'),
  occurredAt: new Date(t.clock.now()).toISOString(),
  ...more,
});
const tell = (kind: string, more: object = {}): Promise<Body> =>
  t.ok('POST', '/activities', activity(kind, more));
const grantedOf = (told: Body): number[] => told.awards.map((each: Body) => each.granted);

describe('telling an activity', () => {
  it('earns what each rule gives, one lot each, and answers with receipts', async () => {
    const rules = await publish(
      gives('review', 20),
      gives('review', 5, { terms: { pendingDays: 2 } }),
      gives('survey', 99),
    );
    await t.ok('POST', `/merchants/${merchantId}/stores`, { code: 'west', name: 'West' });
    const more = { store: 'west', channel: 'app', attributes: { stars: 5 } };
    const told = await tell('review', more);
    expect(told).toMatchObject({ merchantId, memberId, kind: 'review', ...more });
    expect(told.id).toMatch(/^act_/);
    expect(told).not.toHaveProperty('noPointsReason');
    expect(
      told.awards.map(({ asked, granted, pointType }: Body) => [asked, granted, pointType]),
    ).toEqual([
      [20, 20, 'points'],
      [5, 5, 'points'],
    ]);
    expect(told.awards.map((each: Body) => each.ruleVersionId)).toEqual(
      rules.slice(0, 2).map((id) => showId('ruleVersion', id)),
    );
    for (const award of told.awards) expect(award.receipt.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(await t.balance(memberId)).toMatchObject({ available: 20, pending: 5 });
    expect(await t.ok('GET', `/activities/${told.id}`)).toEqual(told);
    const { items } = await t.ok('GET', `/members/${memberId}/transactions`);
    expect(items[0].source).toEqual({ kind: 'activity', id: told.id });
    expect(items.map((each: Body) => each.id).sort()).toEqual(
      told.awards.map((each: Body) => each.transactionId).sort(),
    );
  });

  it('tells why it earned nothing', async () => {
    expect(await tell('check_in')).toMatchObject({ awards: [], noPointsReason: 'no_rule' });
    await publish(gives('check_in', 1, { when: { channels: ['mini'] } }));
    expect(await tell('check_in', { channel: 'app' })).toMatchObject({
      awards: [],
      noPointsReason: 'no_rule_matched',
    });
  });

  it('is rated by the rules of the moment it occurred', async () => {
    const [first] = await publish(gives('share', 3));
    t.clock.advance(HOUR);
    await retireRules(t, [first as Uuid]);
    const until = t.clock.now();
    t.clock.advance(HOUR);
    await publish(gives('share', 7));
    const at = (ms: number) => ({ occurredAt: new Date(ms).toISOString() });
    expect(grantedOf(await tell('share', at(until - 1)))).toEqual([3]);
    expect(await tell('share', at(until))).toMatchObject({ noPointsReason: 'no_rule' });
    expect(grantedOf(await tell('share'))).toEqual([7]);
  });

  it('grants no more than a cap of the member leaves, and says so', async () => {
    await publish(gives('check_in', 4, { terms: { caps: [{ per: 'day', points: 10 }] } }));
    const told = [await tell('check_in'), await tell('check_in'), await tell('check_in')];
    expect(told.map(grantedOf)).toEqual([[4], [4], [2]]);
    const none = await tell('check_in');
    expect(none).toMatchObject({
      awards: [{ asked: 4, granted: 0, reason: 'limit_reached' }],
      noPointsReason: 'limit_reached',
    });
    expect(await t.ok('GET', `/activities/${none.id}`)).toEqual(none);
    expect((await t.balance(memberId)).available).toBe(10);
  });

  it('is of its day by the clocks of the programme, however late it is told', async () => {
    // In New York the clocks are put forward on 8 March 2026: it has 23 hours, from 05:00Z on.
    await t.ok('POST', '/programmes', { code: 'york', name: 'Y', timeZone: 'America/New_York' });
    merchantId = await t.merchant({ programme: 'york' });
    const daily = { terms: { caps: [{ per: 'day', points: 5 }] } } as const;
    await publish(gives('check_in', 5, daily), gives('share', 1, { when: { weekdays: [7] } }));
    t.clock.set(Date.parse('2026-03-09T05:00:00Z'));
    const at = async (occurredAt: string, kind = 'check_in'): Promise<number[]> =>
      grantedOf(await tell(kind, { occurredAt }));
    expect(await at('2026-03-09T04:00:00Z')).toEqual([5]);
    expect(await at('2026-03-09T03:59:59.999Z')).toEqual([5]);
    expect(await at('2026-03-08T05:00:00Z')).toEqual([0]);
    expect(await at('2026-03-08T04:59:59.999Z')).toEqual([5]);
    expect(await at('2026-03-09T03:59:59.999Z', 'share')).toEqual([1]);
    expect(await at('2026-03-09T04:00:00Z', 'share')).toEqual([]);
  });

  it('answers the same when it is told again, whatever its key, and issues once', async () => {
    const rules = await publish(gives('review', 20));
    const told = activity('review');
    const first = await t.call('POST', '/activities', told, { key: 'act-a' });
    await retireRules(t, rules);
    const again = await t.call('POST', '/activities', told, { key: 'act-a' });
    const other = await t.call('POST', '/activities', told, { key: 'act-b' });
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    for (const answer of [again, other]) {
      expect(answer.status).toBe(201);
      expect(answer.text).toBe(first.text);
      expect(answer.headers['idempotency-replayed']).toBe('true');
    }
    expect((await t.balance(memberId)).available).toBe(20);
    const reused = await t.call('POST', '/activities', activity('review'), { key: 'act-a' });
    expect(reused.body.code).toBe('idempotency_key_reused');
    const otherwise = { ...told, channel: 'app' };
    expect((await t.call('POST', '/activities', otherwise)).body).toMatchObject({
      code: 'activity_exists',
      activityId: first.body.id,
    });
  });

  it('pays once when one number is told by many at the same time', async () => {
    await publish(gives('review', 20));
    const told = activity('review');
    const done = await Promise.all(
      Array.from({ length: 8 }, () => t.call('POST', '/activities', told)),
    );
    expect(new Set(done.map(({ text }) => text)).size).toBe(1);
    expect(done.filter((each) => each.headers['idempotency-replayed'] === undefined)).toHaveLength(
      1,
    );
    expect((await t.balance(memberId)).available).toBe(20);
  });

  it('changes nothing on a dry run', async () => {
    await publish(gives('review', 20, { terms: { caps: [{ per: 'day', points: 30 }] } }));
    const preview = await t.ok('POST', '/activities', { ...activity('review'), dryRun: true });
    expect(preview).toEqual({
      dryRun: true,
      awards: [expect.objectContaining({ asked: 20, granted: 20, transactionId: null })],
    });
    const twice = activity('review');
    const { results } = await t.ok('POST', '/activities/bulk', {
      activities: [twice, activity('review'), twice],
      dryRun: true,
    });
    expect(results.map((each: Body) => [each.status, grantedOf(each.preview)])).toEqual([
      ['applied', [20]],
      ['applied', [10]],
      ['replayed', [0]],
    ]);
    expect((await t.balance(memberId)).available).toBe(0);
    expect((await t.ok('GET', `/activities?memberId=${memberId}`)).items).toEqual([]);
  });

  it('takes many at once, each for itself', async () => {
    await publish(gives('review', 20), gives('training', 50));
    const first = activity('review');
    const stranger = (await t.member()).replace(/.{6}$/, 'zzzzzz');
    const { results } = await t.ok('POST', '/activities/bulk', {
      activities: [
        first,
        { ...first, idempotencyKey: fresh('key') },
        activity('training'),
        activity('review', { memberId: stranger }),
        { ...first, channel: 'app', idempotencyKey: fresh('key') },
      ],
    });
    expect(
      results.map((each: Body) => [each.status, each.problem?.code ?? grantedOf(each.activity)]),
    ).toEqual([
      ['applied', [20]],
      ['replayed', [20]],
      ['applied', [50]],
      ['refused', 'member_not_found'],
      ['refused', 'activity_exists'],
    ]);
  });

  it('tells what every rule made of it, also when other rules are in force by then', async () => {
    const rules = await publish(
      gives('review', 20),
      gives('review', 5, { when: { expression: 'int(event.attributes.stars) > 3' } }),
      gives('review', 9, { when: { channels: ['mini'] } }),
    );
    const elsewhere = { when: { merchants: [readId('merchant', await t.merchant()) as Uuid] } };
    await publishRules(t, null, [gives('review', 7, elsewhere)]);
    const told = await tell('review', { attributes: { stars: 3 }, channel: 'app' });
    const explained = await t.ok('GET', `/activities/${told.id}/explanation`);
    expect(explained).toMatchObject({ activityId: told.id, awards: told.awards });
    expect(
      explained.rules.map((each: Body) => [
        each.ruleVersionId,
        each.fired,
        each.failed ?? each.points,
      ]),
    ).toEqual([
      [showId('ruleVersion', rules[0] as Uuid), true, 20],
      [showId('ruleVersion', rules[1] as Uuid), false, 'when.expression'],
      [showId('ruleVersion', rules[2] as Uuid), false, 'when.channels'],
    ]);
    t.clock.advance(60_000);
    await retireRules(t, rules);
    expect(await t.ok('GET', `/activities/${told.id}/explanation`)).toEqual(explained);
    const unheard = await tell('green');
    expect(await t.ok('GET', `/activities/${unheard.id}/explanation`)).toMatchObject({
      noPointsReason: 'evidence_missing',
      rules: [],
    });
  });

  it('lists by member and merchant, page by page', async () => {
    const other = await t.merchant();
    const ids: string[] = [];
    for (const at of [merchantId, other, merchantId])
      ids.push((await tell('check_in', { merchantId: at })).id);
    const first = await t.ok('GET', `/activities?memberId=${memberId}&limit=2`);
    const rest = await t.ok(
      'GET',
      `/activities?memberId=${memberId}&limit=2&cursor=${first.nextCursor}`,
    );
    const listed = [...first.items, ...rest.items].map((each: Body) => each.id);
    expect(listed).toEqual([...ids].sort());
    expect(rest.nextCursor).toBeNull();
    const there = await t.ok('GET', `/activities?memberId=${memberId}&merchantId=${other}`);
    expect(there.items.map((each: Body) => each.id)).toEqual([ids[1]]);
    expect((await t.call('GET', '/activities')).body.code).toBe('invalid_request');
  });
});

describe('a crash between recording and the ledger', () => {
  afterEach(() => {
    t.ledgerDown = false;
  });

  it('is made good by the settle job, with what the rules gave then', async () => {
    const rules = await publish(gives('review', 20), gives('review', 5));
    t.ledgerDown = true;
    const told = activity('review');
    expect((await t.call('POST', '/activities', told)).status).toBe(503);
    await retireRules(t, rules);
    t.ledgerDown = false;
    expect((await t.balance(memberId))?.available ?? 0).toBe(0);
    t.clock.advance(2 * 60_000);
    await settle(t.jobs);
    expect((await t.balance(memberId)).available).toBe(25);
    await settle(t.jobs);
    const again = await t.ok('POST', '/activities', told);
    expect(grantedOf(again).sort()).toEqual([20, 5]);
    expect((await t.balance(memberId)).available).toBe(25);
    const { rows } = await t.pool.query('select from unsettled');
    expect(rows).toHaveLength(0);
  });
});

describe("a merchant's key", () => {
  it('acts for its own merchant only, and sees only what that one issued for', async () => {
    const foreign = await t.merchant();
    const auth = await t.apiKey(['activities:write', 'activities:read'], foreign);
    const told = await tell('check_in');
    expect((await t.call('POST', '/activities', activity('check_in'), { auth })).status).toBe(403);
    expect((await t.call('GET', `/activities/${told.id}`, undefined, { auth })).status).toBe(404);
    const listed = await t.call('GET', `/activities?memberId=${memberId}`, undefined, { auth });
    expect(listed.body.items).toEqual([]);
    const query = `/activities?merchantId=${merchantId}`;
    expect((await t.call('GET', query, undefined, { auth })).status).toBe(403);
    const own = { ...activity('check_in'), merchantId: foreign };
    expect((await t.call('POST', '/activities', own, { auth })).status).toBe(201);
    const late = {
      ...own,
      activityNo: fresh('act'),
      occurredAt: new Date(START - 4 * DAY).toISOString(),
    };
    expect((await t.call('POST', '/activities', late, { auth })).body.code).toBe(
      'backdating_not_allowed',
    );
  });
});

describe('bad input', () => {
  it.each([
    ['an unknown kind', { kind: 'purchase' }],
    ['an unknown field', { surprise: 1 }],
    ['an empty number', { activityNo: '' }],
    ['a date without zone', { occurredAt: '2026-03-01T00:00:00' }],
    ['a nested attribute', { attributes: { a: { b: 1 } } }],
    ['a fraction', { attributes: { a: 1.5 } }],
    [
      'too many attributes',
      { attributes: Object.fromEntries([...Array(21).keys()].map((n) => [`a${n}`, n])) },
    ],
    ['a name that is none', { attributes: { 'a b': 1 } }],
    ['a blank text', { attributes: { a: ' ' } }],
    ['a number beyond the safe range', { attributes: { a: 2 ** 53 } }],
    ['a list', { attributes: { a: [1] } }],
    ['a long text', { attributes: { a: 'x'.repeat(201) } }],
    ['evidence without a number', { evidence: { behaviour: 'bus-ride' } }],
    ['an id of another kind', { memberId: 'mer_01h455vb4pex5vsknk084sn02q' }],
  ])('%s is refused as a request', async (_, wrong) => {
    const answer = await t.call('POST', '/activities', { ...activity('check_in'), ...wrong });
    expect(answer.status, answer.text).toBe(400);
    expect(answer.body.code).toBe('invalid_request');
  });

  it.each([
    ['attribute_reserved', { attributes: { certified: true } }],
    ['birthday_automatic', { kind: 'birthday' }],
    ['referral_incomplete', { kind: 'referral' }],
    ['time_in_future', { occurredAt: new Date(START + 9 * DAY).toISOString() }],
  ])('%s', async (code, wrong) => {
    const answer = await t.call('POST', '/activities', { ...activity('check_in'), ...wrong });
    expect(answer.status).toBe(422);
    expect(answer.body.code).toBe(code);
  });

  it('a merchant or member that is not there is not found', async () => {
    const gone = (id: string) => id.replace(/.{6}$/, 'zzzzzz');
    for (const [code, wrong] of [
      ['merchant_not_found', { merchantId: gone(merchantId) }],
      ['store_not_found', { store: 'nowhere' }],
      ['member_not_found', { memberId: gone(memberId) }],
    ] as const) {
      const answer = await t.call('POST', '/activities', activity('check_in', wrong));
      expect([answer.status, answer.body.code]).toEqual([404, code]);
    }
    expect(readId('activity', (await tell('check_in')).id)).toBeDefined();
    const missing = gone((await tell('check_in')).id);
    expect((await t.call('GET', `/activities/${missing}`)).status).toBe(404);
  });
});
