import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { readId, type Uuid } from '../kernel/id.ts';
import { PUBLICATION_LEAD_MS } from '../platform/publishing/lead.ts';
import { RULES_MAX } from './rule-publishing.ts';

let t: PointsTestApp;
let named = 0;
beforeAll(async () => {
  t = await createPointsTestApp();
});
afterAll(() => t.close());

const DAY_MS = 24 * 3600_000;
const iso = (at: number): string => new Date(at).toISOString();
/** Points on top of every order: the more, the better. */
const gift = (points: number, more: object = {}): object => ({
  name: `${points} points`,
  on: 'order',
  when: {},
  earn: { kind: 'fixed', points, per: 'order' },
  ...more,
});

let programme: string;
let merchantId: string;
beforeEach(async () => {
  named += 1;
  programme = `r${named}`;
  await t.ok('POST', '/programmes', {
    code: programme,
    name: programme,
    timeZone: 'Asia/Shanghai',
  });
  merchantId = await t.merchant({ programme });
});

async function makeRule(body: object, more: object = {}): Promise<string> {
  named += 1;
  return (await t.ok('POST', '/rules', { code: `rule-${named}`, programme, body, ...more })).id;
}
const draft = (id: string, body: object): Promise<Answered['body']> =>
  t.ok('PUT', `/rules/${id}/draft`, { body });
const publish = (id: string, from?: number): Promise<Answered> =>
  t.call('POST', `/rules/${id}/publish`, from === undefined ? {} : { from: iso(from) });
const retire = (id: string, from?: number): Promise<Answered> =>
  t.call('POST', `/rules/${id}/retire`, from === undefined ? {} : { from: iso(from) });
/** A rule that is in force. */
async function inForce(body: object): Promise<string> {
  const id = await makeRule(body);
  expect((await publish(id)).status).toBe(200);
  t.clock.advance(PUBLICATION_LEAD_MS);
  return id;
}
const read = (id: string): Promise<Answered['body']> => t.ok('GET', `/rules/${id}`);
const versionsOf = async (id: string): Promise<Answered['body'][]> =>
  (await t.ok('GET', `/rules/${id}/versions`)).items;
/** What an order of one yuan earns at an instant: by which rule how much. */
async function worth(at?: number): Promise<Record<string, number>> {
  const lines = [{ sku: 'a', quantity: 1, amountFen: 100 }];
  const when = at === undefined ? {} : { at: iso(at) };
  const { awards } = await t.ok('POST', '/rules/examine', { merchantId, lines, ...when });
  return Object.fromEntries(
    awards.map((each: Answered['body']) => [each.name ?? 'ratio', each.points]),
  );
}

describe('a draft', () => {
  it('is replaced until it is published, then the next version begins', async () => {
    const id = await makeRule(gift(5));
    const first = await read(id);
    expect(first).toMatchObject({ programme, merchantId: null, current: null, announced: [] });
    expect(first.draft).toMatchObject({ number: 1, state: 'draft', body: gift(5), from: null });
    const second = await draft(id, gift(6));
    expect(second.draft).toMatchObject({ id: first.draft.id, number: 1, body: gift(6) });
    await publish(id);
    expect((await read(id)).draft).toBeNull();
    const next = (await draft(id, gift(7))).draft;
    expect(next).toMatchObject({ number: 2, state: 'draft' });
    expect(next.id).not.toBe(first.draft.id);
    // What was published stays as it was.
    expect((await t.ok('GET', `/rule-versions/${first.draft.id}`)).body).toEqual(gift(6));
  });

  it('is dropped, and the rule with it when nothing of it was ever published', async () => {
    const id = await makeRule(gift(5), { code: 'gone' });
    const taken = await t.call('POST', '/rules', { code: 'gone', programme, body: gift(1) });
    expect(taken.body).toMatchObject({ status: 409, code: 'rule_exists', ruleId: id });
    expect(await t.ok('DELETE', `/rules/${id}/draft`)).toEqual({ id, removed: true });
    expect((await t.call('GET', `/rules/${id}`)).body.code).toBe('rule_not_found');
    expect((await t.call('DELETE', `/rules/${id}/draft`)).body.code).toBe('rule_not_found');
    const again = await makeRule(gift(5), { code: 'gone' });
    await publish(again);
    await draft(again, gift(6));
    expect(await t.ok('DELETE', `/rules/${again}/draft`)).toEqual({ id: again, removed: false });
    expect((await t.call('DELETE', `/rules/${again}/draft`)).body.code).toBe('rule_has_no_draft');
    expect((await read(again)).announced).toHaveLength(1);
  });

  it('that makes no sense is refused, with the places', async () => {
    const body = gift(0, { when: { stores: ['nowhere'], expression: 'order.lines +' } });
    const { status, body: told } = await t.call('POST', '/rules', { code: 'bad', programme, body });
    expect([status, told.code]).toEqual([422, 'rule_invalid']);
    expect(told.errors.map(({ path }: { path: string }) => path).sort()).toEqual([
      '/body/earn/points',
      '/body/when/expression',
      '/body/when/stores/0',
    ]);
    const unknown = gift(1, { terms: { pointType: 'gold' } });
    expect(
      (await t.call('POST', '/rules', { code: 'bad', programme, body: unknown })).body,
    ).toMatchObject({ code: 'rule_invalid', errors: [{ path: '/body/terms/pointType' }] });
    const id = await makeRule(gift(1));
    expect((await t.call('PUT', `/rules/${id}/draft`, { body })).body.code).toBe('rule_invalid');
    expect((await read(id)).draft.body).toEqual(gift(1));
    expect(
      (await t.call('POST', '/rules', { code: 'bad', programme: 'no', body: gift(1) })).status,
    ).toBe(404);
  });

  it('is checked again when it is published', async () => {
    const budget = { name: `b${named}`, programme, total: 10 };
    const budgetId = (await t.ok('POST', '/budgets', budget)).id;
    const id = await makeRule(gift(1, { terms: { budget: budgetId } }));
    const uuid = readId('budget', budgetId) as Uuid;
    // Nothing that requests can do removes a budget.
    await t.pool.query('update ledger.budget set merchant = $2 where id = $1', [uuid, uuid]);
    await t.pool.query('delete from ledger.allotment where budget = $1', [uuid]);
    await t.pool.query('delete from ledger.budget where id = $1', [uuid]);
    expect((await publish(id)).body.code).toBe('rule_invalid');
    expect((await read(id)).draft).not.toBeNull();
  });
});

describe('publishing', () => {
  it('a rule that only gives more counts within seconds, and orders earn by it', async () => {
    const id = await makeRule(gift(5));
    const now = t.clock.now();
    const { body: told } = await publish(id);
    const [version] = told.announced;
    expect(version).toMatchObject({
      number: 1,
      state: 'announced',
      publishedAt: iso(now),
      comparison: { verdict: 'better_or_equal', reasons: [] },
      noticeDays: 0,
      until: null,
    });
    expect(version.publishedBy).toMatch(/^key_/);
    expect(Date.parse(version.from) - now).toBe(PUBLICATION_LEAD_MS);
    expect(await worth()).toEqual({ ratio: 1 });
    t.clock.advance(PUBLICATION_LEAD_MS - 1);
    expect(await worth()).toEqual({ ratio: 1 });
    t.clock.advance(1);
    expect(await worth()).toEqual({ ratio: 1, '5 points': 5 });
    expect((await read(id)).current).toMatchObject({ id: version.id, state: 'in_force' });
    const memberId = await t.member();
    const order = await t.ok('POST', '/orders', {
      merchantId,
      memberId,
      orderNo: 'A-1',
      paidAt: iso(t.clock.now()),
      lines: [{ lineNo: 1, sku: 'a', quantity: 1, amountFen: 100 }],
    });
    expect(order.points).toBe(6);
  });

  it('a change that is worse counts after whole days of notice, the day itself not among them', async () => {
    const id = await inForce(gift(5));
    const first = (await read(id)).current.id;
    await draft(id, gift(4));
    const now = t.clock.now();
    const day = new Date(now + 8 * 3600_000).toISOString().slice(0, 10);
    // Midnight in Shanghai, after seven days that lie between.
    const earliest = Date.parse(`${day}T00:00:00+08:00`) + 8 * DAY_MS;
    const early = await publish(id, now + 2 * DAY_MS);
    expect(early.body).toMatchObject({
      status: 422,
      code: 'notice_needed',
      earliest: iso(earliest),
      noticeDays: 7,
      reasons: '/earn/points gives_less',
    });
    expect((await publish(id, earliest - 1)).body.code).toBe('notice_needed');
    expect((await publish(id, now - 1)).body.code).toBe('rule_time_past');
    const { body: told } = await publish(id);
    expect(told.current).toMatchObject({ id: first, until: iso(earliest), retired: false });
    expect(told.announced).toMatchObject([
      {
        from: iso(earliest),
        noticeDays: 7,
        comparison: {
          verdict: 'worse',
          reasons: [{ path: '/earn/points', reason: 'gives_less', againstVersionId: first }],
        },
      },
    ]);
    expect(await worth(earliest - 1)).toMatchObject({ '5 points': 5 });
    expect(await worth(earliest)).toMatchObject({ '4 points': 4 });
    t.clock.set(earliest);
    expect(await worth()).toEqual({ ratio: 1, '4 points': 4 });
    // The past is as it was.
    expect(await worth(earliest - 1)).toEqual({ ratio: 1, '5 points': 5 });
  });

  it('notice is of whole days by the clocks of the programme, those on which they are changed too', async () => {
    named += 1;
    const code = `z${named}`;
    const berlin = { code, name: code, timeZone: 'Europe/Berlin', sandbox: true };
    await t.ok('POST', '/programmes', berlin);
    const id = await makeRule(gift(5), { programme: code });
    await publish(id);
    // The last moment of a day in winter time; eight dates later it is summer.
    await t.ok('PUT', `/programmes/${code}/clock`, { now: '2030-03-26T22:59:59.999Z' });
    await draft(id, gift(4));
    const { announced } = (await publish(id)).body;
    expect(announced[0].from).toBe('2030-04-02T22:00:00.000Z');
  });

  it('takes any later instant, and what was announced before for later is withdrawn', async () => {
    const id = await inForce(gift(5));
    const now = t.clock.now();
    await draft(id, gift(3));
    const worse = (await publish(id, now + 30 * DAY_MS)).body.announced[0];
    expect(worse.from).toBe(iso(now + 30 * DAY_MS));
    // As good as what is in force, and better than what was announced.
    await draft(id, gift(5));
    const again = (await publish(id)).body;
    expect(again.announced).toHaveLength(1);
    expect(again.announced[0].comparison.verdict).toBe('better_or_equal');
    expect((await t.ok('GET', `/rule-versions/${worse.id}`)).state).toBe('withdrawn');
    expect(await worth(now + 31 * DAY_MS)).toMatchObject({ '5 points': 5 });
    // What is promised for later binds as well.
    await draft(id, gift(9));
    await publish(id, now + 30 * DAY_MS);
    await draft(id, gift(6));
    const less = await publish(id, now + 60_000);
    expect(less.body.code).toBe('notice_needed');
    expect((await versionsOf(id)).map(({ state }) => state)).toEqual([
      'in_force',
      'withdrawn',
      'announced',
      'announced',
    ]);
  });

  it('a change within a group is in doubt against all that are in it', async () => {
    const group = `g${named}`;
    const one = await inForce(gift(5));
    const other = await inForce(gift(6, { group }));
    const beside = (await read(other)).current.id;
    await draft(one, gift(7, { group }));
    const { announced, current } = (await publish(one)).body;
    const doubt = { path: '/group', reason: 'group' };
    expect(announced[0].comparison.reasons).toEqual([
      { ...doubt, againstVersionId: current.id },
      { ...doubt, againstVersionId: beside },
    ]);
  });

  it('a base that is new is compared with the ratios and bases it takes the place of', async () => {
    const base = (points: number, more: object = {}) =>
      gift(1, { earn: { kind: 'base', points, perFen: 100 }, ...more });
    const verdict = async (body: object): Promise<string[]> => {
      const id = await makeRule(body);
      const { comparison } = (await publish(id)).body.announced[0];
      await retire(id);
      return comparison.reasons.map(({ reason }: { reason: string }) => reason);
    };
    expect(await verdict(base(1))).toEqual([]);
    await t.merchant({ programme, points: 3 });
    expect(await verdict(base(2, { when: { merchants: [merchantId] } }))).toContain('other_base');
    named += 1;
    const elsewhere = `e${named}`;
    await t.ok('POST', '/programmes', { code: elsewhere, name: elsewhere });
    await t.merchant({ programme: elsewhere, points: 2 });
    const id = await makeRule(base(1), { programme: elsewhere });
    expect((await publish(id)).body.announced[0]).toMatchObject({
      noticeDays: 7,
      comparison: { reasons: [{ reason: 'below_ratio', againstVersionId: null }] },
    });
    const lines = base(9, { when: { lines: { categories: ['melon'] } } });
    expect(await verdict(lines)).toContain('rounded_apart');
    const other = base(9, { terms: { expiry: { kind: 'rolling', days: 3 } } });
    expect(await verdict(other)).toContain('other_terms');
  });

  it('and drafting, making and retiring are shown by a dry run, which changes nothing and tells nobody', async () => {
    const id = await inForce(gift(5));
    const before = await read(id);
    const tried = { dryRun: true };
    const worse = await t.call('PUT', `/rules/${id}/draft`, { body: gift(4), ...tried });
    expect(worse.body).toMatchObject({ ...tried, draft: { number: 2, body: gift(4) } });
    expect(await read(id)).toEqual(before);
    const wrong = { body: gift(4, { name: '积分可提现' }), ...tried };
    expect((await t.call('PUT', `/rules/${id}/draft`, wrong)).body).toMatchObject({
      code: 'rule_invalid',
      errors: [{ path: '/body/name', code: 'forbidden_wording' }],
    });
    await draft(id, gift(4));
    const drafted = await read(id);
    const { body } = await t.call('POST', `/rules/${id}/publish`, tried);
    expect(body).toMatchObject({ ...tried, draft: null });
    expect(body.announced[0]).toMatchObject({
      noticeDays: 7,
      comparison: {
        verdict: 'worse',
        provenBy: null,
        reasons: [{ path: '/earn/points', reason: 'gives_less' }],
      },
    });
    const early = { from: iso(t.clock.now() + DAY_MS), ...tried };
    expect((await t.call('POST', `/rules/${id}/publish`, early)).body.code).toBe('notice_needed');
    const ended = await t.call('POST', `/rules/${id}/retire`, tried);
    expect(ended.body).toMatchObject({ ...tried, current: { retired: true } });
    expect(await read(id)).toEqual(drafted);
    const changes = (await t.ok('GET', `/rules/${id}/changes`)).items;
    expect(changes.map(({ kind }: Answered['body']) => kind)).toEqual([
      'made',
      'published',
      'drafted',
    ]);
    const { rows } = await t.pool.query('select from message');
    const made = await t.call('POST', '/rules', {
      code: 'tried',
      programme,
      body: gift(1),
      ...tried,
    });
    expect(made).toMatchObject({ status: 200, body: { code: 'tried', ...tried } });
    expect((await t.ok('GET', `/rules?programme=${programme}&code=tried`)).items).toEqual([]);
    // The key stays free for doing what was tried.
    const key = `tried-${programme}`;
    const path = `/rules/${id}/publish`;
    expect((await t.call('POST', path, tried, { key })).status).toBe(200);
    const done = await t.call('POST', path, {}, { key });
    expect([done.status, done.body.dryRun]).toEqual([200, undefined]);
    const told = await t.pool.query('select from message');
    expect(told.rows.length).toBe(rows.length + 1);
  });

  it('of two at once one wins, and the other finds no draft', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await makeRule(gift(5));
      const answers = await Promise.all([publish(id), publish(id), publish(id)]);
      const codes = answers.map(({ status, body }) => body.code ?? status).sort();
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(codes.slice(-2)).toEqual(['rule_has_no_draft', 'rule_has_no_draft']);
      expect(await versionsOf(id)).toHaveLength(1);
    }
  });

  it('and saving, dropping and retiring at once leave one history', async () => {
    for (let round = 0; round < 5; round += 1) {
      const id = await inForce(gift(5));
      await draft(id, gift(4));
      const answers = await Promise.all([
        publish(id),
        t.call('PUT', `/rules/${id}/draft`, { body: gift(9) }),
        t.call('DELETE', `/rules/${id}/draft`),
        retire(id),
      ]);
      for (const { status } of answers) expect([200, 409]).toContain(status);
      const windows = (await versionsOf(id))
        .filter(({ state }) => state !== 'withdrawn')
        .map(({ from, until }) => [
          Date.parse(from),
          until === null ? Infinity : Date.parse(until),
        ]);
      for (const [index, [from]] of windows.entries())
        expect(from).toBeGreaterThanOrEqual(windows[index - 1]?.[1] ?? 0);
      const numbers = (await versionsOf(id)).map(({ number }) => number);
      expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    }
  });

  it('the same request again gets the same answer', async () => {
    const id = await makeRule(gift(5));
    const key = `publish-${id}`;
    const first = await t.call('POST', `/rules/${id}/publish`, {}, { key });
    t.clock.advance(DAY_MS);
    const again = await t.call('POST', `/rules/${id}/publish`, {}, { key });
    expect(again.text).toBe(first.text);
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it('in a sandbox without notice counts within seconds, whatever it is', async () => {
    named += 1;
    const code = `s${named}`;
    const sandbox = { code, name: code, sandbox: true, ruleNoticeDays: 0 };
    await t.ok('POST', '/programmes', sandbox);
    await t.ok('PUT', `/programmes/${code}/clock`, { now: '2031-05-05T00:00:00Z' });
    const id = await makeRule(gift(5), { programme: code });
    await publish(id);
    await t.ok('PUT', `/programmes/${code}/clock`, { now: '2031-05-06T00:00:00Z' });
    expect((await read(id)).current.from).toBe('2031-05-05T00:00:10.000Z');
    await draft(id, gift(4));
    const { announced } = (await publish(id)).body;
    expect(announced[0]).toMatchObject({ from: '2031-05-06T00:00:10.000Z', noticeDays: 0 });
    expect(announced[0].comparison.verdict).toBe('worse');
  });
});

it('an owner has so many rules at once and no more', async () => {
  const id = await inForce(gift(5));
  const { rows } = await t.pool.query<{ id: Uuid }>(
    `insert into rule (id, programme, code, made_at_ms, made_by)
     select gen_random_uuid(), p.id, 'many-' || n, 0, gen_random_uuid()
     from programme p, generate_series(1, $2) n where p.code = $1 returning id`,
    [programme, RULES_MAX - 1],
  );
  const asOf = 'select $1::uuid[] as rules, body, made_by from rule_version limit 1';
  await t.pool.query(
    `insert into rule_version (id, rule, number, body, made_at_ms, made_by, published_at_ms, published_by, comparison,
       notice_days, from_ms)
     select gen_random_uuid(), r, 1, a.body, 0, a.made_by, 0, a.made_by, '{}', 0, 10000
     from (${asOf}) a, unnest(a.rules) r`,
    [rows.map((each) => each.id)],
  );
  // A next version of one that is in force is no rule more; another owner has its own.
  await draft(id, gift(6));
  expect((await publish(id)).status).toBe(200);
  const own = await makeRule(gift(1), { merchantId });
  expect((await publish(own)).status).toBe(200);
  const more = await makeRule(gift(1));
  expect((await publish(more)).body).toMatchObject({
    status: 409,
    code: 'rule_limit_reached',
    max: RULES_MAX,
  });
});

describe('retiring', () => {
  it('counts as worse', async () => {
    const id = await inForce(gift(5));
    const now = t.clock.now();
    expect((await retire(id, now + DAY_MS)).body.code).toBe('notice_needed');
    expect((await retire(id, now - 1)).body.code).toBe('rule_time_past');
    const { current } = (await retire(id)).body;
    expect(current).toMatchObject({ state: 'in_force', retired: true, endedAt: iso(now) });
    const end = Date.parse(current.until);
    expect(end - now).toBeGreaterThan(7 * DAY_MS);
    expect((await retire(id)).body.code).toBe('rule_not_in_force');
    t.clock.set(end);
    expect(await worth()).toEqual({ ratio: 1 });
    expect(await worth(end - 1)).toEqual({ ratio: 1, '5 points': 5 });
    expect((await read(id)).current).toBeNull();
    // Retired versions stay readable, and the rule can go on.
    expect((await t.ok('GET', `/rule-versions/${current.id}`)).state).toBe('ended');
    await draft(id, gift(1));
    expect((await publish(id)).body.announced[0]).toMatchObject({ number: 2, noticeDays: 0 });
  });

  it('when the dates of a rule are over takes nothing away', async () => {
    const today = iso(t.clock.now() + 8 * 3600_000).slice(0, 10);
    const id = await inForce(gift(5, { when: { dates: { to: today } } }));
    expect((await retire(id, t.clock.now() + 60_000)).body.code).toBe('notice_needed');
    t.clock.advance(DAY_MS);
    const { current } = (await retire(id)).body;
    expect(Date.parse(current.until) - t.clock.now()).toBe(PUBLICATION_LEAD_MS);
  });

  it('what was never published cannot be', async () => {
    expect((await retire(await makeRule(gift(5)))).body.code).toBe('rule_not_in_force');
  });
});

it('who made, drafted, published and retired what, and when, is kept', async () => {
  const id = await inForce(gift(5));
  await draft(id, gift(6));
  await t.ok('DELETE', `/rules/${id}/draft`);
  await retire(id);
  const { items, nextCursor } = await t.ok('GET', `/rules/${id}/changes?limit=3`);
  const rest = await t.ok('GET', `/rules/${id}/changes?limit=3&cursor=${nextCursor}`);
  const all = [...items, ...rest.items];
  expect(all.map(({ kind }) => kind)).toEqual([
    'made',
    'published',
    'drafted',
    'draft_dropped',
    'retired',
  ]);
  for (const { changedBy, changedAt } of all) {
    expect(changedBy).toMatch(/^key_/);
    expect(Date.parse(changedAt)).toBeLessThanOrEqual(t.clock.now());
  }
  expect(all[1]).toMatchObject({ versionNumber: 1, from: (await read(id)).current.from });
});
