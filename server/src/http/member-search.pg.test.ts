import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { showInstant } from '../kernel/clock.ts';
import { MERCHANT_SCOPES } from '../keys/api-key.ts';
import { foldName, nameMatches } from '../members/name.ts';
import type { Answered } from './test-app.ts';
import { createPointsTestApp, type PointsTestApp } from './test-points-app.ts';

type Body = Answered['body'];

let t: PointsTestApp;
let merchantId: string;
let auth: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  await t.ok('POST', '/notices', { purpose: 'share_with_merchant', zh: ['说明'], en: ['Shared'] });
  merchantId = await t.merchant();
  auth = await t.apiKey([...MERCHANT_SCOPES], merchantId);
});
afterAll(() => t.close());

const search = (q: string, more = '', as?: string): Promise<Body> =>
  t.ok(
    'GET',
    `/members/search?q=${encodeURIComponent(q)}${more}`,
    undefined,
    as ? { auth: as } : {},
  );
const idsOf = ({ items }: Body): string[] => items.map((each: Body) => each.member.id);
const found = async (q: string, as?: string): Promise<string[]> => idsOf(await search(q, '', as));
const named = async (name: string, more: object = {}): Promise<string> =>
  (await t.ok('POST', '/members', { name, ...more })).id;
let orders = 0;
const buys = async (memberId: string, at = merchantId): Promise<void> => {
  orders += 1;
  await t.ok('POST', '/orders', {
    ...{ merchantId: at, memberId, orderNo: `S-${orders}`, paidAt: showInstant(t.clock.now()) },
    lines: [{ lineNo: 1, sku: 'A', quantity: 1, amountFen: 1_000 }],
  });
};

describe('one box', () => {
  it('finds a member by everything that names them, and by parts of the name', async () => {
    const id = await named('司马 相如', { phone: '13811112222', externalIds: { pos: 'C-1042' } });
    for (const [q, foundBy] of [
      [id, 'id'],
      [id.toUpperCase(), 'id'],
      ['13811112222', 'phone'],
      ['+86 138 1111 2222', 'phone'],
      ['2222', 'phone_last_four'],
      ['C-1042', 'external_id'],
      ['司马相如', 'name'],
      ['马相', 'name'],
      ['司', 'name'],
    ] as const) {
      const { items, nextCursor } = await search(q);
      expect([q, items.map((each: Body) => [each.member.id, each.foundBy])]).toEqual([
        q,
        [[id, foundBy]],
      ]);
      expect(items[0].member).toEqual(await t.ok('GET', `/members/${id}`));
      expect(items[0].member.name).toBe('司马 相如');
      expect(nextCursor).toBeNull();
    }
    for (const q of ['相', '司相', '9999', '13811112223', 'C-1043', "' or 1=1 --", '%', '_马'])
      expect(await found(q)).toEqual([]);
  });

  it('takes no cursor of another search, and no text that is none', async () => {
    await Promise.all(['阿一', '阿二'].map((name) => named(name)));
    const { nextCursor } = await search('阿', '&limit=1');
    const next = `&limit=1&cursor=${nextCursor}`;
    expect((await search('阿', next)).nextCursor).toBeNull();
    const bad = await t.call('GET', `/members/search?q=${encodeURIComponent('阿一')}${next}`);
    expect(bad.body.code).toBe('cursor_invalid');
    for (const q of ['', '%20', '%00', 'x'.repeat(201)])
      expect((await t.call('GET', `/members/search?q=${q}`)).body.code).toBe('invalid_request');
  });

  it('finds by name whom a look at every name finds, in order, page by page', async () => {
    const letters = fc.constantFrom('甲', '乙', '丙', 'X', 'x', 'é', ' ');
    const word = (max: number) =>
      fc.array(letters, { minLength: 1, maxLength: max }).map((each) => each.join(''));
    const names = fc.sample(
      word(7).filter((each) => each.trim() !== ''),
      { numRuns: 120, seed: 7 },
    );
    const members = names.map((name) => ({ name }));
    const { results } = await t.ok('POST', '/members/bulk', { members });
    const all = results.map((each: Body, place: number) => ({
      id: each.member.id as string,
      name: names[place] ?? '',
    }));
    all.sort((a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1));
    const asked = fc.sample(
      word(4).filter((each) => foldName(each) !== ''),
      { numRuns: 40, seed: 8 },
    );
    let hits = 0;
    for (const q of asked) {
      const expected = all
        .filter(({ name }: { name: string }) => nameMatches(name, foldName(q)))
        .map(({ id }: { id: string }) => id);
      const pages: string[] = [];
      let cursor = '';
      do {
        const page = await search(q, `&limit=7${cursor}`);
        expect(page.items.length).toBeLessThanOrEqual(7);
        pages.push(...idsOf(page));
        cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
      } while (cursor !== '');
      expect([q, pages]).toEqual([q, expected]);
      hits += expected.length;
    }
    expect(hits).toBeGreaterThan(100);
  });
});

describe('a name', () => {
  it('is changed and deleted, and found by what it is now', async () => {
    const id = await named('东方朔');
    await t.ok('PUT', `/members/${id}/name`, { name: '西门豹' });
    expect(await found('东方')).toEqual([]);
    expect(await found('西门')).toEqual([id]);
    expect((await t.ok('DELETE', `/members/${id}/name`)).given).toBe(false);
    expect(await found('西门')).toEqual([]);
    expect((await t.ok('GET', `/members/${id}`)).name).toBeNull();
    expect(
      (
        await t.pool.query(
          'select from member_name_gram where member in (select id from member where name_sealed is null)',
        )
      ).rowCount,
    ).toBe(0);
  });

  it('stands nowhere in the clear: not in a row, a stored answer or the log', async () => {
    const id = await named('欧阳自远');
    await t.ok('PUT', `/members/${id}/name`, { name: '欧阳自近' });
    await search('欧阳自近');
    const { rows } = await t.pool.query<{ all: string }>(
      `select coalesce((select string_agg(m::text, '') from member m), '') || coalesce((select string_agg(a::text, '') from idempotent_answer a), '') as all`,
    );
    for (const name of ['欧阳自远', '欧阳自近', '阳自']) {
      expect(rows[0]?.all.includes(name)).toBe(false);
      expect(rows[0]?.all.includes(Buffer.from(name).toString('hex'))).toBe(false);
      expect(t.logged().includes(name)).toBe(false);
      expect(t.logged().includes(encodeURIComponent(name))).toBe(false);
    }
    expect(rows[0]?.all).toContain('欧**远');
  });

  it('goes with an erasure, and with all who became part of the member', async () => {
    const [id, other] = [await named('公孙大娘'), await named('公孙胜')];
    await t.ok('POST', `/members/${id}/merges`, { from: other, reason: 'one', actor: 'Li Lei' });
    expect(await found('公孙')).toEqual([id]);
    expect(await found(other)).toEqual([id]);
    expect((await t.ok('GET', `/members/${other}`)).name).toBeNull();
    const named2 = await t.call('PUT', `/members/${other}/name`, { name: '公孙胜' });
    expect(named2.body.code).toBe('member_merged');
    await t.ok('POST', `/members/${id}/erasures`, { actor: 'Li Lei', reason: 'asked' });
    expect(await found('公孙')).toEqual([]);
    expect((await t.ok('GET', `/members/${id}`)).name).toBeNull();
  });

  it('goes over in a merge to a survivor who has none', async () => {
    const [id, other] = [await t.member(), await named('诸葛亮', { phone: '13822223333' })];
    await t.ok('POST', `/members/${id}/merges`, { from: other, reason: 'one', actor: 'Li Lei' });
    expect(await found('诸葛')).toEqual([id]);
    expect((await t.ok('GET', `/members/${id}`)).name).toBe('诸葛亮');
    for (const q of ['13822223333', '3333']) expect(await found(q)).toEqual([id]);
  });
});

describe('a merchant', () => {
  it('finds its own customers only, by whatever names them', async () => {
    const phone = '13833334444';
    const id = await named('尉迟恭', { phone, externalIds: { pos: 'W-1' } });
    const all = [id, phone, '4444', 'W-1', '尉迟'];
    for (const q of all) expect([q, await found(q, auth)]).toEqual([q, []]);
    await buys(id, await t.merchant());
    for (const q of all) expect([q, await found(q, auth)]).toEqual([q, []]);
    await buys(id);
    for (const q of all) expect([q, await found(q, auth)]).toEqual([q, [id]]);
    const reader = await t.apiKey(['members:read']);
    expect((await search('尉迟', '', reader)).items[0].member.name).toBe('尉*恭');
    const [{ member }] = (await search('尉迟', '', auth)).items;
    expect(member.name).toBe('尉*恭');
    expect((await t.ok('GET', `/members/${id}`, undefined, { auth })).name).toBe('尉*恭');
  });

  it('knows who joined, was given points or did something there, and whoever they became', async () => {
    const joined = await named('赫连甲', { merchantId });
    const given = await named('赫连乙');
    const move = { kind: 'issue', merchantId, memberId: given, points: 5 };
    await t.ok('POST', '/transactions', move);
    const active = await named('赫连丙');
    await t.ok('POST', '/activities', {
      ...{ merchantId, memberId: active, kind: 'check_in', activityNo: 'C-9' },
      occurredAt: showInstant(t.clock.now()),
    });
    const refused = await named('赫连丁');
    const burn = { kind: 'burn', merchantId, memberId: refused, points: 5 };
    expect((await t.call('POST', '/transactions', burn)).body.code).toBe('insufficient_points');
    expect(await found('赫连', auth)).toEqual([joined, given, active].sort());
    const survivor = await named('赫连戊');
    const merge = { from: given, reason: 'one', actor: 'Li Lei' };
    await t.ok('POST', `/members/${survivor}/merges`, merge);
    expect(await found('赫连', auth)).toEqual([joined, active, survivor].sort());
  });

  it('finds who shares with it, by full name, until they take it back', async () => {
    const id = await named('淳于意');
    const share = `/members/${id}/consents/share_with_merchant/${merchantId}`;
    expect(await found('淳于', auth)).toEqual([]);
    await t.ok('PUT', share, { version: 1, channel: 'app' });
    const [{ member }] = (await search('淳于', '', auth)).items;
    expect([member.id, member.name]).toEqual([id, '淳于意']);
    const other = await t.apiKey([...MERCHANT_SCOPES], await t.merchant());
    expect(await found('淳于', other)).toEqual([]);
    await t.ok('DELETE', `${share}?channel=app`);
    expect(await found('淳于', auth)).toEqual([]);
  });

  it('gives a name to who has none, and finds out nothing about one that is there', async () => {
    const id = await t.member();
    const say = (name: string, as: string) =>
      t.call('PUT', `/members/${id}/name`, { name }, { auth: as });
    expect((await say('宇文化', auth)).status).toBe(200);
    for (const name of ['宇文化', '宇文成'])
      expect((await say(name, auth)).body.code).toBe('operator_only');
    const deleted = await t.call('DELETE', `/members/${id}/name`, undefined, { auth });
    expect(deleted.body.code).toBe('operator_only');
    expect((await t.ok('GET', `/members/${id}`)).name).toBe('宇文化');
  });

  it('does not go through four digits faster than a person would', async () => {
    const key = await t.apiKey(['members:read'], await t.merchant());
    const ask = (q: string) => t.call('GET', `/members/search?q=${q}`, undefined, { auth: key });
    for (let n = 0; n < 30; n += 1) expect((await ask(String(1_000 + n))).status).toBe(200);
    const answer = await ask('1030');
    expect([answer.body.code, answer.headers['retry-after']]).toEqual(['too_many_searches', '60']);
    expect((await ask('13800138000')).status).toBe(200);
    t.clock.advance(60_000);
    expect((await ask('1030')).status).toBe(200);
  });

  it('is led past many whom it does not know, without waiting for all of them', async () => {
    const members = Array.from({ length: 350 }, () => ({ name: '呼延' }));
    for (let round = 0; round < 4; round += 1) await t.ok('POST', '/members/bulk', { members });
    // Ids are in the order of time, and this clock stands still.
    t.clock.advance(1);
    const last = await named('呼延灼');
    await buys(last);
    const first = await search('呼延', '', auth);
    expect(first.items).toEqual([]);
    const second = await search('呼延', `&cursor=${first.nextCursor}`, auth);
    expect([idsOf(second), second.nextCursor]).toEqual([[last], null]);
  });
});

describe("a programme's key", () => {
  it('finds and names the members of its programme only', async () => {
    await t.ok('POST', '/programmes', { code: 'elsewhere', name: 'Elsewhere' });
    const scopes = ['members:read', 'members:write'];
    const { secret } = await t.ok('POST', '/keys', {
      name: 'else',
      scopes,
      programme: 'elsewhere',
    });
    const inside = await named('慕容复', { programme: 'elsewhere', phone: '13844445555' });
    const outside = await named('慕容博', { phone: '13944445555' });
    for (const q of ['慕容', '5555']) expect(await found(q, secret)).toEqual([inside]);
    for (const q of [outside, '13944445555']) expect(await found(q, secret)).toEqual([]);
    expect((await search('慕容', '', secret)).items[0].member.name).toBe('慕容复');
    const say = (id: string) =>
      t.call('PUT', `/members/${id}/name`, { name: '慕容垂' }, { auth: secret });
    expect((await say(outside)).body.code).toBe('member_not_found');
    expect((await say(inside)).status).toBe(200);
  });
});
