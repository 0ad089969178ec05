import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startOfDate } from '../kernel/calendar.ts';
import { newId, readId, type Uuid } from '../kernel/id.ts';
import { MERCHANT_SCOPES } from '../keys/api-key.ts';
import { noticeExpiries } from '../messages/notice-expiries.ts';
import { noticeRuleChange } from '../messages/notice-rule-change.ts';
import { type Draft, type Fate, writeMessages } from '../messages/write-messages.ts';
import { withTransaction } from '../platform/database.ts';
import type { Answered } from './test-app.ts';
import { createPointsTestApp, type PointsTestApp } from './test-points-app.ts';

type Body = Answered['body'];
const DAY = 24 * 3_600_000;
const HOUR = 3_600_000;
const ZONE = 'Asia/Shanghai';

let t: PointsTestApp;
let memberId: string;
let member: Uuid;
let merchantId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  merchantId = await t.merchant();
  const notice = { zh: ['说明'], en: ['We tell you'], purpose: 'messages_in_app' };
  await t.ok('POST', '/notices', notice);
});
beforeEach(async () => {
  // Noon in Shanghai of some later day, with nothing left of what earlier tests made.
  t.clock.advance(500 * DAY);
  const noon = startOfDate(day(0), ZONE) + 12 * HOUR;
  t.clock.set(noon);
  memberId = await t.member();
  member = readId('member', memberId) as Uuid;
});
afterAll(() => t.close());

/** The local date so many days from now. */
function day(ahead: number): string {
  return new Date(t.clock.now() + 8 * HOUR + ahead * DAY).toISOString().slice(0, 10);
}
const endOf = (ahead: number): string => new Date(startOfDate(day(ahead + 1), ZONE)).toISOString();
const at = (ms: number): string => new Date(t.clock.now() + ms).toISOString();
const write = (...drafts: Draft[]): Promise<Fate[]> =>
  withTransaction(t.pool, (tx) => writeMessages(tx, t.jobs, drafts));
const receipt = (dedupeKey: string, more: object = {}): Draft => ({
  kind: 'receipt',
  programme: 1,
  member,
  dedupeKey,
  facts: { merchant: '果店', orderNo: dedupeKey, points: '20', pointType: '积分' },
  ...more,
});
const offer = (dedupeKey: string, more: object = {}): Draft => ({
  kind: 'offer',
  programme: 1,
  member,
  dedupeKey,
  facts: { merchant: '果店', zh: '甜', en: 'Sweet' },
  ...more,
});
const fetch = (query = '', of = memberId): Promise<Body> =>
  t.ok('GET', `/members/${of}/messages${query}`);
const keysOf = ({ items }: Body): string[] => items.map((each: Body) => each.facts.orderNo);
const read = (id: string, by = memberId) =>
  t.call('POST', `/messages/${id}/read`, { memberId: by });
const evidence = (id: string): Promise<Body> => t.ok('GET', `/messages/${id}/evidence`);
const consent = (state: 'give' | 'withdraw') => {
  const path = `/members/${memberId}/consents/messages_in_app`;
  return state === 'give'
    ? t.ok('PUT', path, { version: 1, channel: 'app' })
    : t.ok('DELETE', `${path}?channel=app`);
};
let keys = 0;
const key = (): string => {
  keys += 1;
  return `k${keys}`;
};

// First, while there is but one programme to walk for.
describe('notices of expiry', () => {
  const issue = (points: number, expiresAt: string, more: object = {}): Promise<Body> =>
    t.ok('POST', '/transactions', {
      kind: 'issue',
      memberId,
      merchantId,
      points,
      expiresAt,
      ...more,
    });
  const notice = (page = 500): Promise<number> => noticeExpiries({ ...t.jobs, page });
  const told = async (of = memberId): Promise<string[]> =>
    (await t.ok('GET', `/messages?memberId=${of}`)).items
      .map(({ facts }: Body) => `${facts.points} by ${facts.lastDay} (${facts.daysLeft})`)
      .reverse();

  it('come 30, 7 and 1 days before, once each, with all that lapses that day', async () => {
    await notice();
    const last = day(40);
    await issue(10, endOf(40));
    await issue(5, new Date(Date.parse(endOf(40)) - HOUR).toISOString());
    await issue(7, endOf(41));
    for (let days = 0; days <= 40; days += 1) {
      await notice();
      await notice();
      t.clock.advance(DAY);
    }
    const next = new Date(Date.parse(last) + DAY).toISOString().slice(0, 10);
    expect(await told()).toEqual([
      `15 by ${last} (30)`,
      `7 by ${next} (30)`,
      `15 by ${last} (7)`,
      `7 by ${next} (7)`,
      `15 by ${last} (1)`,
      `7 by ${next} (1)`,
    ]);
  });

  it('say once what is nearest when points come late or nobody told for long', async () => {
    await issue(10, endOf(5));
    await issue(3, endOf(20));
    await notice();
    // Both at one instant, and so in no order.
    expect((await told()).sort()).toEqual([`10 by ${day(5)} (5)`, `3 by ${day(20)} (20)`]);
    // A fortnight without the job: the notice of 7 days comes with 6 left, and no other.
    t.clock.advance(14 * DAY);
    await notice();
    expect((await told()).slice(2)).toEqual([`3 by ${day(6)} (6)`]);
  });

  it('leave out what was spent, returned or is held, and what lapsed already', async () => {
    const { transaction } = await issue(10, endOf(7));
    await t.ok('POST', '/transactions', {
      kind: 'return',
      memberId,
      transactionId: transaction.id,
      points: 10,
    });
    const held = await t.member();
    await issue(10, endOf(7), { memberId: held });
    const hold = { kind: 'hold', memberId: held, merchantId, points: 4, expiresInSeconds: 9_999 };
    await t.ok('POST', '/transactions', hold);
    const lapsed = await t.member();
    await issue(2, at(HOUR), { memberId: lapsed });
    await issue(3, at(3 * HOUR), { memberId: lapsed });
    t.clock.advance(2 * HOUR);
    await notice();
    expect(await told()).toEqual([]);
    expect(await told(held)).toEqual([`6 by ${day(7)} (7)`]);
    expect(await told(lapsed)).toEqual([`3 by ${day(0)} (0)`]);
  });

  it('are made once by several processes, page by page, and again after a crash', async () => {
    const { results } = await t.ok('POST', '/members/bulk', {
      members: Array.from({ length: 120 }, () => ({ externalIds: { many: key() } })),
    });
    const members = results.map((each: Body) => each.member.id as string);
    await t.ok('POST', '/transactions/bulk', {
      transactions: members.flatMap((id: string) => [
        { kind: 'issue', memberId: id, merchantId, points: 1, expiresAt: endOf(7) },
        { kind: 'issue', memberId: id, merchantId, points: 2, expiresAt: endOf(7) },
      ]),
    });
    // Between two pages of one shard: what came before stays, the rest is walked again.
    let connections = 0;
    const crashing = new Proxy(t.pool, {
      get(pool, name) {
        if (name !== 'connect') return Reflect.get(pool, name);
        return (...given: []) => {
          // A query without a transaction gives a callback.
          if (given.length === 0) connections += 1;
          return connections === 11 ? Promise.reject(new Error('crash')) : pool.connect(...given);
        };
      },
    });
    const crashed = noticeExpiries({ ...t.jobs, pool: crashing, page: 20 });
    await expect(crashed).rejects.toMatchObject({ errors: [new Error('crash')] });
    await Promise.all([notice(20), notice(20), notice(7)]);
    const { rows } = await t.pool.query<{ member: Uuid; points: string }>(
      `select member, facts->>'points' as points from message
        where kind = 'expiry_notice' and member = any ($1::uuid[])`,
      [members.map((id: string) => readId('member', id))],
    );
    expect(rows).toHaveLength(120);
    expect(new Set(rows.map((row) => row.points))).toEqual(new Set(['3']));
    expect(await notice()).toBe(0);
  });

  it('count days by the time zone of the programme and its own clock', async () => {
    const pointTypes = [{ code: 'points', name: 'Points', scale: 2 }];
    const timeZone = 'America/New_York';
    await t.ok('POST', '/programmes', {
      code: 'ny',
      name: 'NY',
      sandbox: true,
      timeZone,
      pointTypes,
    });
    await t.ok('PUT', '/programmes/ny/message-policy', { expiryNoticeDays: [1], caps: [] });
    const shop = await t.merchant({ programme: 'ny' });
    // Midnight of New York in summer is 04:00Z: the first of July is the last day.
    const year = new Date(t.clock.now()).getUTCFullYear() + 1;
    const expiresAt = `${year}-07-02T04:00:00.000Z`;
    await issue(1234, expiresAt, { merchantId: shop });
    const move = (now: string) => t.ok('PUT', '/programmes/ny/clock', { now });
    await move(`${year}-06-30T03:59:00Z`);
    await notice();
    expect(await told()).toEqual([]);
    await move(`${year}-06-30T04:00:00Z`);
    await notice();
    expect(await told()).toEqual([`12.34 by ${year}-07-01 (1)`]);
    expect((await fetch()).items[0]).toMatchObject({ programme: 'ny', expiresAt });
    expect((await evidence((await fetch()).items[0].id)).items[0].at).toBe(
      `${year}-06-30T04:00:00.000Z`,
    );
  });

  it('walk the index of what is due, and nothing else', async () => {
    await t.pool.query('analyze ledger.lot');
    const client = await t.pool.connect();
    try {
      await client.query('begin; set local enable_seqscan = off; set local enable_sort = off');
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(
        `explain select expires_at_ms, member, point_type from ledger.lot
          where shard = 1 and programme = 1 and open and expires_at_ms is not null and expires_at_ms > 1 and expires_at_ms <= 2
          order by expires_at_ms`,
      );
      const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
      expect(plan).toContain('lot_due');
      expect(plan).not.toContain('Sort');
      await client.query('rollback');
    } finally {
      client.release();
    }
  });
});

describe('the outbox', () => {
  it('tells a thing once, whoever writes it and however often', async () => {
    const one = key();
    expect(await write(receipt(one), receipt(one))).toEqual(['made', 'known']);
    expect(await write(receipt(one))).toEqual(['known']);
    const two = key();
    const raced = await Promise.all(Array.from({ length: 8 }, () => write(receipt(two))));
    expect(raced.flat().sort()).toEqual([
      'known',
      'known',
      'known',
      'known',
      'known',
      'known',
      'known',
      'made',
    ]);
    const legal = (dedupeKey: string): Draft => ({
      kind: 'tier_change',
      programme: 1,
      member,
      dedupeKey,
      facts: { from: null, to: '银卡', isUpgrade: true, until: null },
    });
    const [a, b] = [key(), key()];
    const crosswise = await Promise.all(
      Array.from({ length: 8 }, (_, turn) =>
        turn % 2 === 0 ? write(legal(a), legal(b)) : write(legal(b), legal(a)),
      ),
    );
    expect(crosswise.flat().filter((fate) => fate === 'made')).toHaveLength(2);
    expect(await write(legal(key()), legal(a))).toEqual(['made', 'known']);
  });

  it('stands or falls with the transaction of who writes', async () => {
    const one = key();
    const failing = withTransaction(t.pool, async (tx) => {
      await writeMessages(tx, t.jobs, [receipt(one)]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(await write(receipt(one))).toEqual(['made']);
  });

  it('holds what can wait back in the quiet hours, and nothing else', async () => {
    await consent('give');
    t.clock.set(startOfDate(day(0), ZONE) + 23 * HOUR);
    const [now, late] = [key(), key()];
    const tier: Draft = {
      kind: 'tier_change',
      programme: 1,
      member,
      dedupeKey: late,
      facts: { from: '银卡', to: '金卡', isUpgrade: true, until: '2030-12-31' },
    };
    await write(receipt(now), tier);
    expect((await fetch()).items.map((each: Body) => each.kind)).toEqual(['receipt']);
    t.clock.advance(9 * HOUR - 1);
    expect((await fetch()).unread).toBe(1);
    t.clock.advance(1);
    expect((await fetch()).items.map((each: Body) => each.kind)).toEqual([
      'tier_change',
      'receipt',
    ]);
    // It would be over by then: better at night than never.
    t.clock.set(startOfDate(day(0), ZONE) + 23 * HOUR);
    const brief = { ...tier, dedupeKey: key(), expiresAt: t.clock.now() + HOUR };
    await write(brief);
    expect((await fetch()).items).toHaveLength(3);
  });

  it('keeps a programme’s own hours and caps, and what they were', async () => {
    const pointTypes = [{ code: 'points', name: '积分' }];
    await t.ok('POST', '/programmes', { code: 'night', name: '夜', pointTypes });
    const path = '/programmes/night/message-policy';
    expect(await t.ok('GET', path)).toEqual({
      expiryNoticeDays: [30, 7, 1],
      quietHours: { from: '22:00', to: '08:00' },
      caps: [{ kind: 'offer', max: 3, days: 7 }],
    });
    const policy = { expiryNoticeDays: [14], caps: [{ kind: 'receipt', max: 1, days: 1 }] };
    expect(await t.ok('PUT', path, policy)).toEqual(policy);
    expect(await t.ok('GET', path)).toEqual(policy);
    const { rows } = await t.pool.query<{ id: number }>(
      `select id from programme where code = 'night'`,
    );
    const programme = rows[0]?.id as number;
    const fates = await write(receipt(key(), { programme }), receipt(key(), { programme }));
    expect(fates).toEqual(['made', 'capped']);
    const missing = await t.call('PUT', '/programmes/nowhere/message-policy', policy);
    expect(missing.body.code).toBe('programme_not_found');
    const legal = { ...policy, caps: [{ kind: 'expiry_notice', max: 1, days: 1 }] };
    expect((await t.call('PUT', path, legal)).status).toBe(400);
  });

  it('advertises only by consent, while it lasts, and within the cap', async () => {
    expect(await write(offer(key()))).toEqual(['not_consented']);
    await consent('give');
    const first = key();
    expect(await write(offer(first), offer(first))).toEqual(['made', 'known']);
    // Three within seven days, also when they come at once.
    const raced = await Promise.all(Array.from({ length: 6 }, () => write(offer(key()))));
    expect(raced.flat().filter((fate) => fate === 'made')).toHaveLength(2);
    expect(raced.flat().filter((fate) => fate === 'capped')).toHaveLength(4);
    expect(await write(offer(first))).toEqual(['known']);
    expect(await write(offer(key(), { dueAt: t.clock.now() + 7 * DAY }))).toEqual(['made']);
    expect((await fetch()).items).toHaveLength(3);
    await consent('withdraw');
    expect((await fetch()).items).toEqual([]);
    expect((await fetch()).unread).toBe(0);
    await consent('give');
    expect((await fetch()).unread).toBe(3);
  });
});

describe('an inbox', () => {
  it('shows what is due and not over, the latest first, page by page', async () => {
    const all = Array.from({ length: 5 }, () => key());
    for (const each of all) {
      await write(receipt(each));
      t.clock.advance(1000);
    }
    await write(receipt('later', { dueAt: t.clock.now() + DAY }));
    await write(receipt('brief', { expiresAt: t.clock.now() + 1 }));
    t.clock.advance(1);
    const pages: string[][] = [];
    let cursor = '';
    do {
      const page = await fetch(`?limit=2${cursor}`);
      expect(page.unread).toBe(5);
      pages.push(keysOf(page));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(pages).toEqual([[all[4], all[3]], [all[2], all[1]], [all[0]]]);
    const bad = await t.call('GET', `/members/${memberId}/messages?cursor=x`);
    expect(bad.body.code).toBe('cursor_invalid');
  });

  it('notes when a message was first fetched and read, and nothing after', async () => {
    await write(receipt(key()));
    const made = t.clock.now();
    const listed = await t.ok('GET', `/messages?memberId=${memberId}`);
    const { id } = listed.items[0];
    // The operator's look leaves no trace.
    expect((await evidence(id)).items).toEqual([]);
    t.clock.advance(1000);
    const fetched = at(0);
    expect((await fetch()).items[0]).toMatchObject({
      id,
      readAt: null,
      zh: { title: '获得 20 积分' },
    });
    t.clock.advance(1000);
    await fetch();
    const readAt = at(0);
    expect((await read(id)).body).toMatchObject({ id, readAt });
    t.clock.advance(1000);
    expect((await read(id)).body.readAt).toBe(readAt);
    const told = await evidence(id);
    expect(told.message).toMatchObject({
      id,
      memberId,
      channel: 'in_app',
      kind: 'receipt',
      madeAt: new Date(made).toISOString(),
    });
    expect(told.items).toMatchObject([
      { memberId, what: 'fetched', at: fetched },
      { memberId, what: 'read', at: readAt },
    ]);
    expect(told.items[0].by).toMatch(/^key_/);
    expect(await fetch('?unread=true')).toMatchObject({ items: [], unread: 0 });
    expect((await fetch()).items).toHaveLength(1);
  });

  it('fetched and read by many at once has one entry of each', async () => {
    await write(receipt(key()));
    const { items } = await t.ok('GET', `/messages?memberId=${memberId}`);
    await Promise.all(
      Array.from({ length: 20 }, (_, turn) => (turn % 2 === 0 ? fetch() : read(items[0].id))),
    );
    const told = await evidence(items[0].id);
    expect(told.items.map((each: Body) => each.what)).toEqual(['fetched', 'read']);
  });

  it('is the member’s own', async () => {
    await write(receipt(key()));
    const [message] = (await t.ok('GET', `/messages?memberId=${memberId}`)).items;
    const other = await t.member();
    expect((await fetch('', other)).items).toEqual([]);
    const stranger = await read(message.id, other);
    expect([stranger.status, stranger.body.code]).toEqual([404, 'message_not_found']);
    await write(receipt('future', { dueAt: t.clock.now() + DAY }));
    const [future] = (await t.ok('GET', `/messages?memberId=${memberId}`)).items;
    expect((await read(future.id)).body.code).toBe('message_not_found');
    const nobody = `mem_${'0'.repeat(26)}`;
    const missing = await t.call('GET', `/members/${nobody}/messages`);
    expect([missing.status, missing.body.code]).toEqual([404, 'member_not_found']);
    const none = await t.call('GET', `/messages/msg_${'0'.repeat(26)}/evidence`);
    expect(none.body.code).toBe('message_not_found');
    expect((await t.call('GET', '/messages')).body.code).toBe('invalid_request');
  });

  it('of a survivor has the messages of who became part of them', async () => {
    await write(receipt('before'));
    await fetch();
    const other = await t.member();
    const merge = { from: memberId, reason: 'one person', actor: 'Li Lei' };
    await t.ok('POST', `/members/${other}/merges`, merge);
    t.members.forgetAll();
    const barred = await t.call('GET', `/members/${memberId}/messages`);
    expect([barred.status, barred.body.code, barred.body.survivorId]).toEqual([
      409,
      'member_merged',
      other,
    ]);
    const { items } = await fetch('', other);
    expect(items.map((each: Body) => each.facts.orderNo)).toEqual(['before']);
    expect((await read(items[0].id, other)).body.readAt).toBe(at(0));
    // The evidence stays with whom it was written to.
    const told = await evidence(items[0].id);
    expect(told.items.map((each: Body) => each.memberId)).toEqual([memberId, memberId]);
  });

  it('is no business of merchants', async () => {
    const auth = await t.apiKey([...MERCHANT_SCOPES], merchantId);
    for (const path of [`/members/${memberId}/messages`, `/messages?memberId=${memberId}`]) {
      const told = await t.call('GET', path, undefined, { auth });
      expect([told.status, told.body.code]).toEqual([403, 'scope_missing']);
    }
  });
});

describe('changes of rules', () => {
  it('are announced once to everybody in the programme, in one row', async () => {
    const programme = { id: 1, timeZone: ZONE };
    const change = {
      ruleVersion: newId(t.clock.now()),
      ...{ merchant: null, rule: '瓜季双倍', description: null },
      change: 'changes' as const,
      from: startOfDate(day(8), ZONE),
    };
    const announce = () =>
      withTransaction(t.pool, (tx) => noticeRuleChange(tx, t.jobs, programme, change));
    // Also at night: the days of notice have begun.
    t.clock.set(startOfDate(day(0), ZONE) + 23 * HOUR);
    await Promise.all([announce(), announce(), announce()]);
    const others = await Promise.all([t.member(), t.member()]);
    const listed = await t.ok('GET', '/messages?programme=default');
    const mine = listed.items.filter((each: Body) => each.facts.rule === '瓜季双倍');
    expect(mine).toHaveLength(1);
    const { id } = mine[0];
    expect(mine[0].memberId).toBeNull();
    expect(mine[0].zh.text).toContain(`的新内容自 ${day(8)} 00:00 起生效`);
    for (const each of [memberId, ...others]) {
      const { items, unread } = await fetch('', each);
      expect(items.map((one: Body) => one.id)).toEqual([id]);
      expect(unread).toBe(1);
    }
    expect((await read(id)).status).toBe(200);
    expect([(await fetch()).unread, (await fetch('', others[0])).unread]).toEqual([0, 1]);
    const first = await t.ok('GET', `/messages/${id}/evidence?limit=1`);
    const rest = await t.ok('GET', `/messages/${id}/evidence?cursor=${first.nextCursor}`);
    const told = [...first.items, ...rest.items].map((each) => `${each.memberId} ${each.what}`);
    expect(told.sort()).toEqual(
      [
        `${memberId} fetched`,
        `${memberId} read`,
        ...others.map((each) => `${each} fetched`),
      ].sort(),
    );
    t.clock.advance(40 * DAY);
    expect((await fetch()).items).toEqual([]);
  });

  it('are announced by who publishes what may be worse, and by nobody else', async () => {
    const pointTypes = [{ code: 'points', name: '积分' }];
    await t.ok('POST', '/programmes', { code: 'rules', name: 'R', timeZone: ZONE, pointTypes });
    const body = (points: number) => ({
      name: `送 ${points} 分`,
      on: 'order',
      when: {},
      earn: { kind: 'fixed', points, per: 'order' },
    });
    const made = { code: 'gift', programme: 'rules', body: body(5) };
    const { id } = await t.ok('POST', '/rules', made);
    const announced = async (): Promise<string[]> =>
      (await t.ok('GET', '/messages?programme=rules')).items.map(
        ({ facts }: Body) => `${facts.rule} ${facts.change} ${facts.from}`,
      );
    await t.ok('POST', `/rules/${id}/publish`, {});
    t.clock.advance(60_000);
    expect(await announced()).toEqual([]);
    await t.ok('PUT', `/rules/${id}/draft`, { body: body(3) });
    const early = { from: at(DAY) };
    expect((await t.call('POST', `/rules/${id}/publish`, early)).body.code).toBe('notice_needed');
    expect(await announced()).toEqual([]);
    const published = await t.ok('POST', `/rules/${id}/publish`, {});
    expect(await announced()).toEqual([`送 3 分 changes ${day(8)} 00:00`]);
    const [told] = (await t.ok('GET', '/messages?programme=rules')).items;
    expect(published.announced.map((each: Body) => each.id)).toContain(told.facts.ruleVersionId);
    t.clock.advance(10 * DAY);
    await t.ok('POST', `/rules/${id}/retire`, { from: at(30 * DAY) });
    t.clock.advance(1000);
    await t.ok('POST', `/rules/${id}/retire`, {});
    expect(await announced()).toEqual([
      `送 3 分 ends ${day(8)} 00:00`,
      `送 3 分 ends ${day(30)} 12:01`,
      `送 3 分 changes ${day(-2)} 00:00`,
    ]);
  });

  it('say whose rule it is, and what it is to be', async () => {
    await t.ok('POST', '/programmes', { code: 'shops', name: 'S', timeZone: ZONE });
    const merchantId = await t.merchant({ programme: 'shops' });
    const { name: merchant } = await t.ok('GET', `/merchants/${merchantId}`);
    const description = '每单送 3 分';
    const earn = { kind: 'fixed', points: 5, per: 'order' };
    const body = { name: '见面礼', on: 'order', when: {}, earn };
    const { id } = await t.ok('POST', '/rules', { code: 'gift', merchantId, body });
    await t.ok('POST', `/rules/${id}/publish`, {});
    t.clock.advance(60_000);
    const less = { ...body, description, earn: { ...earn, points: 3 } };
    await t.ok('PUT', `/rules/${id}/draft`, { body: less });
    await t.ok('POST', `/rules/${id}/publish`, {});
    await t.ok('POST', `/rules/${id}/retire`, { from: at(30 * DAY) });
    const told = (await t.ok('GET', '/messages?programme=shops')).items;
    const of = (change: string): Body => told.find((each: Body) => each.facts.change === change);
    const [changes, ends] = [of('changes'), of('ends')];
    expect(changes.facts).toMatchObject({ merchant, rule: '见面礼', description });
    expect(changes.zh.text).toContain(`${merchant}的“见面礼”的新内容自 `);
    expect(changes.zh.text).toContain(`起生效：${description}。`);
    expect(ends.facts).toMatchObject({ merchant, change: 'ends' });
    expect(ends.facts.description).toBeUndefined();
  });

  it('reach who has points in the programme, and nobody outside', async () => {
    const pointTypes = [{ code: 'points', name: '积分' }];
    await t.ok('POST', '/programmes', { code: 'mall', name: 'Mall', pointTypes });
    const { rows } = await t.pool.query<{ id: number }>(
      `select id from programme where code = 'mall'`,
    );
    const programme = { id: rows[0]?.id as number, timeZone: ZONE };
    const change = {
      ruleVersion: newId(t.clock.now()),
      ...{ merchant: null, rule: 'Mall', description: null },
      change: 'begins' as const,
      from: startOfDate(day(8), ZONE),
    };
    await withTransaction(t.pool, (tx) => noticeRuleChange(tx, t.jobs, programme, change));
    expect((await fetch()).items).toEqual([]);
    const [announced] = (await t.ok('GET', '/messages?programme=mall')).items;
    expect((await read(announced.id)).body.code).toBe('message_not_found');
    const shop = await t.merchant({ programme: 'mall' });
    await t.ok('POST', '/transactions', { kind: 'issue', memberId, merchantId: shop, points: 1 });
    expect((await fetch()).items).toMatchObject([{ programme: 'mall', kind: 'rule_change' }]);
  });
});
