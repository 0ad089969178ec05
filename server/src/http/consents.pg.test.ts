import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createConsents } from '../consents/registry.ts';
import { readId, type Uuid } from '../kernel/id.ts';
import { MERCHANT_SCOPES } from '../keys/api-key.ts';
import type { Answered } from './test-app.ts';
import { createPointsTestApp, type PointsTestApp } from './test-points-app.ts';
import { publishRules } from './test-rules.ts';

type Body = Answered['body'];
const DAY = 24 * 3_600_000;

let t: PointsTestApp;
let memberId: string;
let member: Uuid;
beforeAll(async () => {
  t = await createPointsTestApp();
  for (const purpose of ['credit_band', 'personalised_offers', 'birthday', 'share_with_merchant'])
    await t.ok('POST', '/notices', notice(purpose));
});
beforeEach(async () => {
  t.clock.advance(1000);
  memberId = await t.member();
  member = readId('member', memberId) as Uuid;
});
afterAll(() => t.close());

const notice = (purpose: string, more: object = {}) => ({
  purpose,
  zh: ['我们保存…', '您可以随时撤回。'],
  en: ['We keep …', 'You may withdraw at any time.'],
  askAgainDays: 30,
  ...more,
});
const at = (ms: number): string => new Date(t.clock.now() + ms).toISOString();
const give = (purpose: string, more: object = {}) =>
  t.call('PUT', `/members/${memberId}/consents/${purpose}`, {
    version: 1,
    channel: 'app',
    ...more,
  });
const refuse = (purpose: string, channel = 'app') =>
  t.call('DELETE', `/members/${memberId}/consents/${purpose}?channel=${channel}`);
const register = async (): Promise<Body[]> =>
  (await t.ok('GET', `/members/${memberId}/consent-changes`)).items;
const states = async (): Promise<string[]> => (await register()).map((each) => each.state);

describe('notices', () => {
  it('have versions of which the last that is valid is in force', async () => {
    const first = await t.ok('POST', '/notices', notice('messages_sms'));
    expect(first).toMatchObject({ version: 1, inForce: true, renews: false, askAgainDays: 30 });
    const next = notice('messages_sms', { validFrom: at(DAY) });
    expect(await t.ok('POST', '/notices', next)).toMatchObject({ version: 2, inForce: false });
    const early = await t.call('POST', '/notices', notice('messages_sms', { validFrom: at(1000) }));
    expect([early.status, early.body.code]).toEqual([409, 'notice_out_of_order']);
    const past = await t.call('POST', '/notices', notice('messages_sms', { validFrom: at(-DAY) }));
    expect([past.status, past.body.code]).toEqual([422, 'notice_in_past']);
    const inForce = async (): Promise<boolean[]> =>
      (await t.ok('GET', '/notices?purpose=messages_sms')).items.map((each: Body) => each.inForce);
    expect(await inForce()).toEqual([true, false]);
    t.clock.advance(DAY);
    expect(await inForce()).toEqual([false, true]);
  });

  it('are listed page by page', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await t.ok('GET', `/notices?limit=2${cursor}`);
      seen.push(...page.items.map((each: Body) => `${each.purpose} ${each.version}`));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(seen).toEqual([...seen].sort());
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toContain('birthday 1');
  });

  it('made at the same time get versions of their own', async () => {
    const made = await Promise.all(
      Array.from({ length: 6 }, () => t.ok('POST', '/notices', notice('messages_wechat'))),
    );
    expect(made.map((each) => each.version).sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('consent', () => {
  it('is given and withdrawn at one address, and the register keeps all of it', async () => {
    const given = await give('birthday');
    expect(given.body).toMatchObject({ state: 'given', counts: true, askAgainAt: null });
    expect(await t.consents.has(member, 'birthday')).toBe(true);
    // The same once more is no change.
    expect((await give('birthday')).body).toEqual(given.body);
    t.clock.advance(1000);
    const taken = await refuse('birthday', 'till');
    expect(taken.body).toMatchObject({ state: 'withdrawn', counts: false, channel: 'till' });
    expect(taken.body.askAgainAt).toBe(at(30 * DAY));
    expect(await t.consents.has(member, 'birthday')).toBe(false);
    expect(await register()).toMatchObject([
      { purpose: 'birthday', state: 'given', version: 1, channel: 'app', merchantId: null },
      { purpose: 'birthday', state: 'withdrawn', version: 1, channel: 'till' },
    ]);
    expect((await register())[0].changedBy).toMatch(/^key_/);
    expect((await t.ok('GET', `/members/${memberId}/consents`)).items).toEqual([taken.body]);
  });

  it('refused is not to be asked for until the time that the notice says', async () => {
    const refused = await refuse('birthday');
    const until = at(30 * DAY);
    expect(refused.body).toMatchObject({ state: 'refused', askAgainAt: until });
    t.clock.advance(DAY);
    expect((await refuse('birthday')).body.askAgainAt).toBe(until);
    t.clock.advance(29 * DAY);
    expect((await refuse('birthday')).body.askAgainAt).toBe(at(30 * DAY));
    // Whoever changes their mind may do so at once.
    expect((await give('birthday')).body.state).toBe('given');
    expect(await states()).toEqual(['refused', 'refused', 'given']);
  });

  it('is to the version in force, and to none where there is no notice', async () => {
    const wrong = await give('birthday', { version: 2 });
    expect([wrong.status, wrong.body.code, wrong.body.version]).toEqual([
      409,
      'notice_not_in_force',
      1,
    ]);
    expect((await give('messages_email')).body.code).toBe('notice_not_found');
    expect((await refuse('messages_email')).body.code).toBe('notice_not_found');
    expect(await register()).toEqual([]);
  });

  it('ends when a later notice says so, and not by another one', async () => {
    await t.ok('POST', '/notices', notice('messages_in_app'));
    await give('messages_in_app');
    await t.ok('POST', '/notices', notice('messages_in_app', { validFrom: at(DAY) }));
    const renewing = notice('messages_in_app', { validFrom: at(2 * DAY), renews: true });
    await t.ok('POST', '/notices', renewing);
    const counts = async (): Promise<boolean> =>
      (await t.ok('GET', `/members/${memberId}/consents`)).items[0].counts;
    // The news of it comes from the database to every process; a test listens to none.
    t.consents.forgetAll();
    t.clock.advance(DAY);
    expect([await counts(), await t.consents.has(member, 'messages_in_app')]).toEqual([true, true]);
    t.clock.advance(DAY);
    expect([await counts(), await t.consents.has(member, 'messages_in_app')]).toEqual([
      false,
      false,
    ]);
    await give('messages_in_app', { version: 3 });
    expect([await counts(), await t.consents.has(member, 'messages_in_app')]).toEqual([true, true]);
  });

  it('of a member under 14 counts only when the guardian gave it', async () => {
    await give('birthday');
    await t.ok('PUT', `/members/${memberId}/minority`, { under14Until: at(DAY) });
    const listed = await t.ok('GET', `/members/${memberId}/consents`);
    expect(listed.under14Until).toBe(at(DAY));
    expect(listed.items[0]).toMatchObject({ state: 'given', counts: false });
    expect(await t.consents.has(member, 'birthday')).toBe(false);
    const alone = await give('birthday');
    expect([alone.status, alone.body.code]).toEqual([422, 'guardian_required']);
    const guarded = await give('birthday', { guardian: 'paper 17' });
    expect(guarded.body).toMatchObject({ counts: true, guardian: 'paper 17' });
    expect(await t.consents.has(member, 'birthday')).toBe(true);
    // To say no needs nobody.
    expect((await refuse('birthday')).body.state).toBe('withdrawn');
    t.clock.advance(DAY);
    expect((await give('birthday')).body.counts).toBe(true);
  });

  it('given and withdrawn by many at once leaves a register without contradiction', async () => {
    await Promise.all(
      Array.from({ length: 30 }, (_, turn) =>
        turn % 2 === 0 ? give('credit_band') : refuse('credit_band'),
      ),
    );
    const all = await states();
    // Nobody withdraws what was not given, nor gives what is given already.
    all.forEach((state, place) => {
      if (state === 'withdrawn') expect(all[place - 1]).toBe('given');
      if (state === 'given') expect(all[place - 1]).not.toBe('given');
      if (state === 'refused') expect(place).toBe(0);
    });
    const [last] = (await t.ok('GET', `/members/${memberId}/consents`)).items;
    expect(last.state).toBe(all.at(-1));
    expect(await t.consents.has(member, 'credit_band')).toBe(last.state === 'given');
  });

  it('repeated under one key is answered as the first time, with another query refused', async () => {
    await give('birthday');
    const path = `/members/${memberId}/consents/birthday?channel=`;
    const first = await t.call('DELETE', `${path}app`, undefined, { key: `w-${memberId}` });
    const again = await t.call('DELETE', `${path}app`, undefined, { key: `w-${memberId}` });
    expect([again.text, again.headers['idempotency-replayed']]).toEqual([first.text, 'true']);
    const other = await t.call('DELETE', `${path}till`, undefined, { key: `w-${memberId}` });
    expect(other.body.code).toBe('idempotency_key_reused');
    expect(await states()).toEqual(['given', 'withdrawn']);
  });

  it('is of members who are there, and not of those who became part of another', async () => {
    const nobody = `mem_${'0'.repeat(26)}`;
    const path = `/members/${nobody}/consents`;
    const body = { version: 1, channel: 'app' };
    expect((await t.call('PUT', `${path}/birthday`, body)).body.code).toBe('member_not_found');
    expect((await t.call('GET', path)).body.code).toBe('member_not_found');
    const other = await t.member();
    const merge = { from: memberId, reason: 'one person', actor: 'Li Lei' };
    await t.ok('POST', `/members/${other}/merges`, merge);
    t.members.forgetAll();
    const merged = await give('birthday');
    expect([merged.status, merged.body.code]).toEqual([409, 'member_merged']);
    expect(merged.body.survivorId).toBe(other);
  });
});

describe('consent that names a merchant', () => {
  it('is that merchant’s own, and no other merchant sees or changes it', async () => {
    const [shop, rival] = [await t.merchant(), await t.merchant()];
    const own = { auth: await t.apiKey([...MERCHANT_SCOPES], shop) };
    const theirs = { auth: await t.apiKey([...MERCHANT_SCOPES], rival) };
    const path = `/members/${memberId}/consents/share_with_merchant/`;
    const body = { version: 1, channel: 'till' };
    await t.ok('PUT', `${path}${shop}`, body, own);
    await give('birthday');
    const stranger = await t.call('PUT', `${path}${shop}`, body, theirs);
    expect([stranger.status, stranger.body.code]).toEqual([403, 'merchant_out_of_reach']);
    const taking = await t.call('DELETE', `${path}${shop}?channel=till`, undefined, theirs);
    expect(taking.body.code).toBe('merchant_out_of_reach');
    const merchantOf = (id: string): Uuid => readId('merchant', id) as Uuid;
    expect(await t.consents.has(member, 'share_with_merchant', merchantOf(shop))).toBe(true);
    expect(await t.consents.has(member, 'share_with_merchant', merchantOf(rival))).toBe(false);
    expect(await t.consents.has(member, 'share_with_merchant')).toBe(false);
    const seen = async (options: object): Promise<Body[]> => {
      const consents = await t.ok('GET', `/members/${memberId}/consents`, undefined, options);
      const changes = await t.ok('GET', `/members/${memberId}/consent-changes`, undefined, options);
      return [...consents.items, ...changes.items].map((each) => each.merchantId);
    };
    expect(await seen(own)).toEqual([shop, shop]);
    expect(await seen(theirs)).toEqual([]);
    expect(await seen({})).toEqual([null, shop, shop, null]);
    for (const method of ['PUT', 'DELETE']) {
      const query = method === 'DELETE' ? '?channel=app' : '';
      const url = `/members/${memberId}/consents/birthday${query}`;
      const told = await t.call(method, url, method === 'PUT' ? body : undefined, own);
      expect([told.status, told.body.code]).toEqual([403, 'operator_only']);
    }
    const minority = { under14Until: at(DAY) };
    const told = await t.call('PUT', `/members/${memberId}/minority`, minority, own);
    expect(told.body.code).toBe('operator_only');
    const missing = await t.call('PUT', `${path}mer_${'0'.repeat(26)}`, body);
    expect(missing.body.code).toBe('merchant_not_found');
  });
});

describe('a birthday', () => {
  const keep = () => t.call('PUT', `/members/${memberId}/birthday`, { birthday: '05-20' });
  const isKept = async (): Promise<boolean> => {
    const sql = 'select from member where id = $1 and birthday_sealed is not null';
    return (await t.pool.query(sql, [member])).rowCount === 1;
  };

  it('goes with the consent to it, and is not kept against a refusal', async () => {
    await give('birthday');
    expect([(await keep()).status, await isKept()]).toEqual([200, true]);
    await refuse('birthday');
    expect(await isKept()).toBe(false);
    const against = await keep();
    expect([against.status, against.body.code]).toEqual([409, 'consent_missing']);
    for (let round = 0; round < 5; round += 1) {
      await give('birthday');
      await Promise.all([keep(), refuse('birthday'), keep()]);
      expect(await isKept()).toBe(false);
    }
  });
});

describe('credit bands', () => {
  const band = (more: object = {}) =>
    t.call('PUT', `/members/${memberId}/credit-band`, {
      band: 'very-good',
      from: at(0),
      until: at(10 * DAY),
      source: '省信用中心',
      ...more,
    });
  const seen = async (ms = 0): Promise<string | null> =>
    (await t.consents.factsOf(member, 1, t.clock.now() + ms)).creditBand;

  it('are kept only by consent, and gone with it at once', async () => {
    const before = await band();
    expect([before.status, before.body.code, before.body.purpose]).toEqual([
      409,
      'consent_missing',
      'credit_band',
    ]);
    await give('credit_band');
    expect((await band()).body).toMatchObject({ band: 'very-good', source: '省信用中心' });
    expect([await seen(-1), await seen(), await seen(10 * DAY)]).toEqual([null, 'very-good', null]);
    await refuse('credit_band');
    expect(await seen()).toBeNull();
    const { rows } = await t.pool.query('select from credit_band where member = $1', [member]);
    expect(rows).toEqual([]);
    // Agreeing again does not bring it back.
    await give('credit_band');
    expect(await seen()).toBeNull();
    const gone = await t.call('GET', `/members/${memberId}/credit-band`);
    expect([gone.status, gone.body.code]).toEqual([404, 'credit_band_not_found']);
  });

  it('are never a score, and have an end after their beginning', async () => {
    await give('credit_band');
    for (const score of ['750', 'a750', 'very good', '']) {
      const told = await band({ band: score });
      expect([score, told.status]).toEqual([score, 400]);
    }
    expect((await band({ until: at(0) })).body.code).toBe('period_invalid');
    await expect(
      t.pool.query(`insert into credit_band values ($1, '750', 1, 2, 'x', 1, $1)`, [member]),
    ).rejects.toMatchObject({ code: '23514' });
  });

  it('can be deleted while the consent stays', async () => {
    await give('credit_band');
    await band();
    await t.ok('DELETE', `/members/${memberId}/credit-band`);
    expect(await seen()).toBeNull();
    const again = await t.call('DELETE', `/members/${memberId}/credit-band`);
    expect(again.body.code).toBe('credit_band_not_found');
    expect(await t.consents.has(member, 'credit_band')).toBe(true);
  });

  it('gave what they gave: what is withdrawn later counts for later orders, not for returns of earlier ones', async () => {
    const merchantId = await t.merchant();
    const when = { member: { creditBands: ['very-good'] } };
    const earn = { kind: 'times', num: 2, den: 1 } as const;
    await publishRules(t, merchantId, [{ name: 'a festival', on: 'order', when, earn }]);
    await give('credit_band');
    await band();
    let orders = 0;
    const buy = (): Promise<Body> => {
      orders += 1;
      const line = { lineNo: 1, sku: 'A', quantity: 4, amountFen: 10_000 };
      const told = { merchantId, memberId, orderNo: `no ${orders}`, paidAt: at(0) };
      return t.ok('POST', '/orders', { ...told, lines: [line] });
    };
    const giveBack = async (id: string, quantity: number): Promise<number[]> => {
      const body = { returnNo: `${id} ${quantity}`, lines: [{ lineNo: 1, quantity }] };
      const [back] = (await t.ok('POST', `/orders/${id}/returns`, body)).orders;
      return back.awards.map((each: Body) => each.pointsAfter);
    };
    const before = await buy();
    expect(before.points).toBe(200);
    t.clock.advance(1000);
    await refuse('credit_band');
    const after = await buy();
    expect(after.points).toBe(100);
    expect(await giveBack(before.id, 1)).toEqual([75, 75]);
    const { rules } = await t.ok('GET', `/orders/${before.id}/explanation`);
    expect(rules[1]).toMatchObject({ fired: true, points: 100 });
    expect(await giveBack(before.id, 3)).toEqual([0, 0]);
    expect((await t.balance(memberId)).available).toBe(100);
  });

  it('set and withdrawn at once leave no band without consent', async () => {
    for (let round = 0; round < 10; round += 1) {
      await give('credit_band');
      await Promise.all([band(), refuse('credit_band'), band()]);
      const { rows } = await t.pool.query('select from credit_band where member = $1', [member]);
      expect(rows).toEqual([]);
      expect(await seen()).toBeNull();
    }
  });
});

describe('segments', () => {
  const put = (code: string, programme = 'default') =>
    t.call('PUT', `/members/${memberId}/segments/${code}`, { programme });
  const facts = async (programme = 1): Promise<readonly string[]> =>
    (await t.consents.factsOf(member, programme, t.clock.now())).segments;

  it('need consent to personal offers, but for those that serve the member', async () => {
    await t.ok('POST', '/segments', { code: 'jeans', zh: '牛仔迷', en: 'Jeans' });
    const why = 'Staff find the ramp for who asked for it.';
    const service = { code: 'wheelchair', zh: '轮椅', en: 'Wheelchair', serviceReason: why };
    expect(await t.ok('POST', '/segments', service)).toMatchObject({ serviceReason: why });
    expect((await t.call('POST', '/segments', service)).body.code).toBe('segment_exists');
    expect((await put('jeans')).body).toMatchObject({
      code: 'consent_missing',
      purpose: 'personalised_offers',
    });
    expect((await put('wheelchair')).status).toBe(200);
    await give('personalised_offers');
    const inJeans = await put('jeans');
    expect(inJeans.body).toMatchObject({ programme: 'default', zh: '牛仔迷', serviceReason: null });
    t.clock.advance(1000);
    expect((await put('jeans')).body).toEqual(inJeans.body);
    expect(await facts()).toEqual(['jeans', 'wheelchair']);
    const { items } = await t.ok('GET', `/members/${memberId}/segments`);
    expect(items.map((each: Body) => each.code)).toEqual(['jeans', 'wheelchair']);
    await refuse('personalised_offers');
    expect(await facts()).toEqual(['wheelchair']);
    await give('personalised_offers');
    expect(await facts()).toEqual(['wheelchair']);
    await t.ok('DELETE', `/members/${memberId}/segments/wheelchair`);
    expect(await facts()).toEqual([]);
    const again = await t.call('DELETE', `/members/${memberId}/segments/wheelchair`);
    expect([again.status, again.body.code]).toEqual([404, 'segment_not_found']);
    const listed = await t.ok('GET', '/segments?limit=1');
    expect([listed.items[0].code, listed.nextCursor === null]).toEqual(['jeans', false]);
    const rest = await t.ok('GET', `/segments?cursor=${listed.nextCursor}`);
    expect(rest.items.map((each: Body) => each.code)).toEqual(['wheelchair']);
  });

  it('are of one programme', async () => {
    const pointTypes = [{ code: 'points', name: '积分' }];
    await t.ok('POST', '/programmes', { code: 'mall', name: 'Mall', pointTypes });
    const programme = (
      await t.pool.query<{ id: number }>(`select id from programme where code = 'mall'`)
    ).rows[0]?.id as number;
    const staff = {
      programme: 'mall',
      code: 'staff',
      zh: '员工',
      en: 'Staff',
      serviceReason: 'Pay',
    };
    await t.ok('POST', '/segments', staff);
    expect((await put('staff')).body.code).toBe('segment_not_found');
    expect((await put('staff', 'nowhere')).body.code).toBe('programme_not_found');
    await put('staff', 'mall');
    expect([await facts(), await facts(programme)]).toEqual([[], ['staff']]);
    const gone = await t.call('DELETE', `/members/${memberId}/segments/staff?programme=mall`);
    expect(gone.body.programme).toBe('mall');
  });

  it('are no business of merchants', async () => {
    const merchantId = await t.merchant();
    const keys = await t.call('POST', '/keys', {
      name: 'x',
      scopes: ['profiles:read'],
      merchantId,
    });
    expect(keys.status).toBe(403);
  });
});

describe('what is remembered of consents', () => {
  it('is what was there last, also when it changes while it is read', async () => {
    await give('birthday');
    let changeNow = async (): Promise<void> => {};
    const consents = createConsents(
      {
        async query(query, values) {
          const found = await t.pool.query(query as never, values);
          await changeNow();
          return found as never;
        },
      },
      t.clock,
    );
    changeNow = async () => {
      changeNow = async () => {};
      await refuse('birthday');
      consents.forget(member);
    };
    // Asked before the change was told: either answer is right. The next one is not free.
    await consents.has(member, 'birthday');
    expect(await consents.has(member, 'birthday')).toBe(false);
  });

  it('is read for many at once, in one statement', async () => {
    await give('birthday');
    const other = readId('member', await t.member()) as Uuid;
    let statements = 0;
    const consents = createConsents(
      {
        query(query, values) {
          statements += 1;
          return t.pool.query(query as never, values) as never;
        },
      },
      t.clock,
    );
    const asked = [member, other, member].map(async (each) => consents.has(each, 'birthday'));
    expect(await Promise.all(asked)).toEqual([true, false, true]);
    expect([consents.has(member, 'birthday'), consents.has(other, 'birthday')]).toEqual([
      true,
      false,
    ]);
    expect(statements).toBe(1);
  });
});
