import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { gives, publishRules } from '../http/test-rules.ts';
import { settle } from '../jobs/run-jobs.ts';
import { readId, type Uuid } from '../kernel/id.ts';

type Body = Answered['body'];

const DAY = 24 * 3600_000;

let t: PointsTestApp;
let school: string;
let memberId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
});
beforeEach(async () => {
  school = await t.merchant();
  memberId = await t.member();
});
afterAll(() => t.close());

let numbers = 0;
const fresh = (prefix: string): string => {
  numbers += 1;
  return `${prefix}-${numbers}`;
};
const iso = (ms: number): string => new Date(ms).toISOString();

const certificate = (more: object = {}) => ({
  merchantId: school,
  number: fresh('G'),
  issuingBody: 'China Quality',
  scope: ['bus-ride', 'own-bag'],
  validFrom: iso(t.clock.now() - 90 * DAY),
  validUntil: iso(t.clock.now() + 90 * DAY),
  lastCheckedAt: iso(t.clock.now() - DAY),
  ...more,
});
const certify = (more: object = {}): Promise<Body> =>
  t.ok('POST', '/certificates', certificate(more));
const revoke = (id: string): Promise<Body> =>
  t.ok('PATCH', `/certificates/${id}`, {
    revocation: { reason: 'forged stamp', actor: 'Han Mei' },
  });

const green = (more: object = {}) => ({
  merchantId: school,
  memberId,
  kind: 'green',
  activityNo: fresh('act'),
  occurredAt: iso(t.clock.now()),
  evidence: { behaviour: 'bus-ride', number: fresh('ticket') },
  ...more,
});
const tell = (more: object = {}): Promise<Body> => t.ok('POST', '/activities', green(more));
const grantedOf = (told: Body): number[] => told.awards.map((each: Body) => each.granted);
const available = async (member: string): Promise<number> =>
  (await t.balance(member))?.available ?? 0;

describe('a green activity', () => {
  beforeEach(() => publishRules(t, school, [gives('green', 30)]));

  it('earns while a certificate of its merchant covers the behaviour, and names both', async () => {
    const { id } = await certify();
    const told = await tell();
    expect(told).toMatchObject({ certificateId: id, awards: [{ asked: 30, granted: 30 }] });
    const { rows } = await t.pool.query('select evidence from ledger.lot where transaction = $1', [
      readId('transaction', told.awards[0].transactionId),
    ]);
    expect(rows).toEqual([{ evidence: expect.any(Buffer) }]);
  });

  it('is the same evidence however its number is written', async () => {
    await certify();
    const number = fresh('ticket');
    const written = (as: string): Promise<Body> =>
      tell({ evidence: { behaviour: 'bus-ride', number: as } });
    expect(grantedOf(await written(number))).toEqual([30]);
    const wide = number.replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)));
    for (const again of [` ${number} `, number.replace('-', ' - '), `${number}\u200b`, wide])
      expect(await written(again)).toMatchObject({ noPointsReason: 'already_claimed' });
    expect(await available(memberId)).toBe(30);
  });

  it('earns nothing without', async () => {
    const none = { awards: [], noPointsReason: 'no_valid_certificate' };
    expect(await tell()).toMatchObject(none);
    const now = t.clock.now();
    await certify({ scope: ['own-bag'] });
    await certify({ validUntil: iso(now) });
    await certify({ validFrom: iso(now + 1) });
    await certify({ merchantId: await t.merchant() });
    const told = await tell();
    expect(told).toMatchObject(none);
    expect(told).not.toHaveProperty('certificateId');
    expect(await tell({ evidence: undefined })).toMatchObject({
      awards: [],
      noPointsReason: 'evidence_missing',
    });
    // What is told again is answered as it was, also when there is a certificate by then.
    const again = green();
    await t.ok('POST', '/activities', again);
    await certify();
    expect(await t.ok('POST', '/activities', again)).toMatchObject(none);
    expect(grantedOf(await tell())).toEqual([30]);
  });

  it('counts the day it occurred, not the day it is told', async () => {
    const now = t.clock.now();
    await certify({ validUntil: iso(now - 2 * DAY) });
    expect(await tell({ occurredAt: iso(now - 2 * DAY) })).toMatchObject({
      noPointsReason: 'no_valid_certificate',
    });
    const before = await tell({ occurredAt: iso(now - 2 * DAY - 1) });
    // The rule was not in force then, but the certificate was.
    expect(before).toMatchObject({ noPointsReason: 'no_rule', certificateId: expect.any(String) });
  });

  it('is told apart from others by attributes that nobody else can set', async () => {
    const when = {
      expression: "event.attributes.certified && event.attributes.behaviour == 'own-bag'",
    };
    await publishRules(t, school, [gives('training', 8, { when })]);
    const evidence = (behaviour: string) => ({ behaviour, number: fresh('n') });
    const one = await tell({ kind: 'training', evidence: evidence('own-bag') });
    expect(one).toMatchObject({ noPointsReason: 'no_rule_matched' });
    await certify();
    expect(grantedOf(await tell({ kind: 'training', evidence: evidence('own-bag') }))).toEqual([8]);
    expect(await tell({ kind: 'training', evidence: evidence('bus-ride') })).toMatchObject({
      noPointsReason: 'no_rule_matched',
    });
  });
});

describe('evidence', () => {
  it('pays once, whoever shows it, at whatever merchant and in whatever programme', async () => {
    await t.ok('POST', '/programmes', { code: 'town', name: 'Town' });
    const community = await t.merchant({ programme: 'town' });
    for (const merchant of [school, community])
      await publishRules(t, merchant, [gives('green', 30)]);
    await certify();
    await certify({ merchantId: community });
    const evidence = { behaviour: 'bus-ride', number: fresh('ticket') };
    const first = await tell({ evidence });
    const other = await t.member();
    const second = await tell({ evidence, merchantId: community, memberId: other });
    expect(grantedOf(first)).toEqual([30]);
    expect(second).toMatchObject({
      awards: [{ asked: 30, granted: 0, reason: 'already_claimed' }],
      noPointsReason: 'already_claimed',
    });
    // Nothing of the winner.
    expect(JSON.stringify(second)).not.toContain(school);
    expect(JSON.stringify(second)).not.toContain(memberId);
    expect(await t.ok('GET', `/activities/${second.id}`)).toEqual(second);
    // Another behaviour with the same number is another fact.
    expect(grantedOf(await tell({ evidence: { ...evidence, behaviour: 'own-bag' } }))).toEqual([
      30,
    ]);
  });

  it('shown by many at the same moment pays one of them', async () => {
    await publishRules(t, school, [gives('green', 30), gives('green', 5)]);
    await certify();
    const evidence = { behaviour: 'bus-ride', number: fresh('ticket') };
    const members = await Promise.all(Array.from({ length: 12 }, () => t.member()));
    const told = await Promise.all(members.map((each) => tell({ evidence, memberId: each })));
    const paid = told.filter((each) => each.noPointsReason === undefined);
    expect(paid.map(grantedOf)).toEqual([[30, 5]]);
    for (const each of told)
      if (each !== paid[0]) expect(each.noPointsReason).toBe('already_claimed');
    const all = await Promise.all(members.map(available));
    expect(all.reduce((sum, each) => sum + each, 0)).toBe(35);
  });

  it('shown in two programmes at the same moment pays in one of them', async () => {
    await t.ok('POST', '/programmes', { code: 'valley', name: 'Valley' });
    const community = await t.merchant({ programme: 'valley' });
    const issuers = [school, community];
    for (const merchant of issuers) await publishRules(t, merchant, [gives('green', 30)]);
    for (const merchantId of issuers) await certify({ merchantId });
    for (let round = 0; round < 4; round += 1) {
      const evidence = { behaviour: 'bus-ride', number: fresh('ticket') };
      const told = await Promise.all(
        [...issuers, ...issuers].map((merchantId) => tell({ evidence, merchantId })),
      );
      expect(told.flatMap(grantedOf).filter((points) => points > 0)).toEqual([30]);
      expect(told.filter((each) => each.noPointsReason === 'already_claimed')).toHaveLength(3);
    }
  });

  it('shown twice in one request pays the first', async () => {
    await publishRules(t, school, [gives('green', 30)]);
    await certify();
    const evidence = { behaviour: 'bus-ride', number: fresh('ticket') };
    const activities = [green({ evidence }), green({ evidence, memberId: await t.member() })];
    const preview = await t.ok('POST', '/activities/bulk', { activities, dryRun: true });
    const { results } = await t.ok('POST', '/activities/bulk', { activities });
    for (const [shown, name] of [
      [preview.results, 'preview'],
      [results, 'activity'],
    ])
      expect(shown.map((each: Body) => [each.status, grantedOf(each[name])])).toEqual([
        ['applied', [30]],
        ['applied', [0]],
      ]);
  });

  it('that a cap left nothing of can be shown again; what one rule of several gave uses it up', async () => {
    await publishRules(t, school, [
      gives('green', 30, { priority: 5, terms: { caps: [{ per: 'day', points: 30 }] } }),
    ]);
    await certify();
    await tell();
    const evidence = { behaviour: 'bus-ride', number: fresh('ticket') };
    expect(await tell({ evidence })).toMatchObject({ noPointsReason: 'limit_reached' });
    await publishRules(t, school, [gives('green', 4)]);
    const partly = await tell({ evidence });
    expect(grantedOf(partly)).toEqual([0, 4]);
    const other = await tell({ evidence, memberId: await t.member() });
    expect(other.noPointsReason).toBe('already_claimed');
    expect(other.awards.map((each: Body) => each.reason)).toEqual([
      'already_claimed',
      'already_claimed',
    ]);
    expect(await t.ok('GET', `/activities/${other.id}`)).toEqual(other);
    expect(await available(memberId)).toBe(34);
  });

  it('is paid once also when the server dies on the way', async () => {
    await publishRules(t, school, [gives('green', 30), gives('green', 5)]);
    await certify();
    const evidence = { behaviour: 'bus-ride', number: fresh('ticket') };
    const [late, other] = [green({ evidence }), green({ evidence, memberId: await t.member() })];
    t.ledgerDown = true;
    expect((await t.call('POST', '/activities', late)).status).toBe(503);
    t.ledgerDown = false;
    expect(grantedOf(await t.ok('POST', '/activities', other))).toEqual([30, 5]);
    t.clock.advance(2 * 60_000);
    await settle(t.jobs);
    expect(await t.ok('POST', '/activities', late)).toMatchObject({
      noPointsReason: 'already_claimed',
    });
    expect(await available(memberId)).toBe(0);
    expect(await available(other.memberId)).toBe(35);
  });
});

describe('a certificate', () => {
  it('is written down once, read, listed and changed', async () => {
    const body = certificate();
    const made = await t.ok('POST', '/certificates', body, { key: 'cert-a' });
    expect(made).toMatchObject({ ...body, id: expect.stringMatching(/^cert_/) });
    expect(made).not.toHaveProperty('revocation');
    expect(await t.ok('POST', '/certificates', body, { key: 'cert-a' })).toEqual(made);
    expect((await t.call('POST', '/certificates', body)).body.code).toBe('certificate_exists');
    expect(await t.ok('GET', `/certificates/${made.id}`)).toEqual(made);
    const change = { scope: ['own-bag'], lastCheckedAt: iso(t.clock.now()) };
    const changed = await t.ok('PATCH', `/certificates/${made.id}`, change);
    expect(changed).toEqual({ ...made, ...change });
    t.clock.advance(1);
    const second = await certify();
    const page = await t.ok('GET', `/certificates?merchantId=${school}&limit=1`);
    expect(page.items).toEqual([changed]);
    const rest = await t.ok('GET', `/certificates?merchantId=${school}&cursor=${page.nextCursor}`);
    expect(rest).toEqual({ items: [second], nextCursor: null });
  });

  it('that makes no sense is refused', async () => {
    const now = t.clock.now();
    const code = async (more: object): Promise<string> =>
      (await t.call('POST', '/certificates', certificate(more))).body.code;
    expect(await code({ validUntil: iso(now - 90 * DAY) })).toBe('period_invalid');
    expect(await code({ lastCheckedAt: iso(now + DAY) })).toBe('time_in_future');
    expect(await code({ merchantId: school.replace(/.{6}$/, 'zzzzzz') })).toBe(
      'merchant_not_found',
    );
    for (const wrong of [
      { scope: [] },
      { scope: ['a', 'a'] },
      { scope: ['a'.repeat(65)] },
      { number: '' },
    ])
      expect(await code(wrong)).toBe('invalid_request');
    const { id } = await certify();
    const change = async (body: object): Promise<string> =>
      (await t.call('PATCH', `/certificates/${id}`, body)).body.code;
    expect(await change({})).toBe('invalid_request');
    expect(await change({ revocation: { reason: 'why' } })).toBe('invalid_request');
    expect(await change({ validUntil: iso(now - 91 * DAY) })).toBe('period_invalid');
    const missing = `/certificates/${id.replace(/.{6}$/, 'zzzzzz')}`;
    expect((await t.call('GET', missing)).status).toBe(404);
    expect((await t.call('PATCH', missing, { scope: ['own-bag'] })).status).toBe(404);
  });

  it("is the operator's to write, and its own merchant's to read", async () => {
    const { id } = await certify();
    const own = await t.apiKey(['certificates:read'], school);
    const foreign = await t.apiKey(['certificates:read'], await t.merchant());
    expect((await t.call('GET', `/certificates/${id}`, undefined, { auth: own })).status).toBe(200);
    expect((await t.call('GET', `/certificates/${id}`, undefined, { auth: foreign })).status).toBe(
      404,
    );
    const list = await t.call('GET', '/certificates', undefined, { auth: foreign });
    expect(list.body.items).toEqual([]);
    const key = { name: 'till', scopes: ['certificates:write'], merchantId: school };
    expect((await t.call('POST', '/keys', key)).status).toBe(403);
  });

  it('that is revoked stops issuing at once, leaves members their points and charges its merchant', async () => {
    await publishRules(t, school, [
      gives('green', 30, { terms: { caps: [{ per: 'day', points: 40 }] } }),
      gives('green', 5),
    ]);
    const { id } = await certify();
    for (let each = 0; each < 3; each += 1) await tell();
    expect(await available(memberId)).toBe(55);
    const revocation = { reason: 'forged stamp', actor: 'Han Mei' };
    const tried = await t.ok('PATCH', `/certificates/${id}`, { revocation, dryRun: true });
    expect(tried).toMatchObject({ id, revocation, dryRun: true });
    expect(await t.ok('GET', `/certificates/${id}`)).not.toHaveProperty('revocation');
    const revoked = await revoke(id);
    expect(revoked.revocation).toMatchObject({ reason: 'forged stamp', actor: 'Han Mei' });
    expect(await tell()).toMatchObject({ noPointsReason: 'no_valid_certificate' });
    expect((await t.call('PATCH', `/certificates/${id}`, { scope: ['own-bag'] })).body.code).toBe(
      'certificate_revoked',
    );
    t.clock.advance(2 * 60_000);
    await settle(t.jobs);
    await settle(t.jobs);
    expect(await available(memberId)).toBe(55);
    const charged = [{ programme: 'default', pointType: 'points', points: 55 }];
    expect(await t.ok('GET', `/certificates/${id}`)).toMatchObject({ charged });
    const { rows } = await t.pool.query<{ points: number }>(
      'select points from certificate_charge where certificate = $1 order by points',
      [readId('certificate', id)],
    );
    expect(rows.map(({ points }) => points)).toEqual([0, 5, 5, 5, 10, 30]);
  });

  it('is charged with what was still on its way when it was revoked', async () => {
    await publishRules(t, school, [gives('green', 30)]);
    const { id } = await certify();
    t.ledgerDown = true;
    expect((await t.call('POST', '/activities', green())).status).toBe(503);
    await revoke(id);
    t.clock.advance(2 * 60_000);
    // Each for itself: others fail before.
    for (const resume of t.jobs.resumes) await resume(t.clock.now()).catch(() => {});
    t.ledgerDown = false;
    await settle(t.jobs);
    await settle(t.jobs);
    expect(await available(memberId)).toBe(30);
    const { charged } = await t.ok('GET', `/certificates/${id}`);
    expect(charged).toEqual([{ programme: 'default', pointType: 'points', points: 30 }]);
    const { rows } = await t.pool.query('select from unsettled');
    expect(rows).toHaveLength(0);
  });

  it('that is revoked between the look-up and the recording gives nothing', async () => {
    await publishRules(t, school, [gives('green', 1)]);
    const { id } = await certify();
    const client = await t.pool.connect();
    try {
      await client.query('begin');
      await client.query(
        `update certificate set revoked_at_ms = 1, revoked_by = 'Han Mei', revoked_why = 'forged' where id = $1`,
        [readId('certificate', id)],
      );
      const told = tell();
      const waiting = `select from pg_stat_activity where wait_event_type = 'Lock' and query like '%into activity %'`;
      await vi.waitFor(async () => expect((await t.pool.query(waiting)).rowCount).toBe(1), 10_000);
      await client.query('commit');
      expect(await told).toMatchObject({ awards: [], noPointsReason: 'no_valid_certificate' });
    } finally {
      client.release();
    }
  });

  it('gives nothing after its revocation, also to those who tell at that moment', async () => {
    await publishRules(t, school, [gives('green', 1)]);
    const { id } = await certify();
    const told: Promise<Body>[] = [];
    for (let each = 0; each < 20; each += 1) told.push(tell({ memberId: await t.member() }));
    const [revoked, ...rest] = await Promise.all([
      revoke(id),
      ...told,
      ...Array.from({ length: 20 }, () => tell()),
    ]);
    expect(revoked.revocation.actor).toBe('Han Mei');
    const paid = rest.filter((each) => each.certificateId !== undefined);
    for (const each of rest)
      if (!paid.includes(each)) expect(each.noPointsReason).toBe('no_valid_certificate');
    t.clock.advance(2 * 60_000);
    await settle(t.jobs);
    await settle(t.jobs);
    const { charged } = await t.ok('GET', `/certificates/${id}`);
    expect(charged.reduce((sum: number, each: Body) => sum + each.points, 0)).toBe(paid.length);
  });
});

describe('forged evidence', () => {
  const forged = { reason: 'painted ticket', actor: 'Han Mei' };
  const note = (told: Body, body: object = forged, options = {}) =>
    t.call('POST', `/activities/${told.id}/forgery`, body, options);
  beforeEach(async () => {
    await publishRules(t, school, [gives('green', 30), gives('green', 5)]);
    await certify();
  });

  it('loses what it gave, once, and stays used', async () => {
    const told = await tell();
    const preview = await note(told, { ...forged, dryRun: true });
    const taken = [30, 5].map((points) => ({ pointType: 'points', points }));
    expect([preview.status, preview.body]).toEqual([200, { dryRun: true, takenBack: taken }]);
    expect(await available(memberId)).toBe(35);
    const noted = await note(told, forged, { key: 'forged-a' });
    expect(noted.status, noted.text).toBe(201);
    expect(noted.body).toMatchObject({ activityId: told.id, ...forged });
    expect(noted.body.takenBack).toMatchObject(taken);
    expect(await available(memberId)).toBe(0);
    const transaction = noted.body.takenBack[0].transactionId;
    expect((await t.ok('GET', `/transactions/${transaction}`)).transaction).toMatchObject({
      kind: 'return',
      source: { kind: 'activity', id: told.id },
      ...forged,
    });
    for (const key of ['forged-a', 'forged-b']) {
      const again = await note(told, forged, { key });
      expect([again.text, again.headers['idempotency-replayed']]).toEqual([noted.text, 'true']);
    }
    expect((await note(told, { ...forged, actor: 'Li Lei' })).body.code).toBe('forgery_noted');
    const reused = await note(await tell(), forged, { key: 'forged-a' });
    expect(reused.body.code).toBe('idempotency_key_reused');
    const shown = await tell({ evidence: told.evidence, memberId: await t.member() });
    expect(shown.noPointsReason).toBe('already_claimed');
    expect(await t.ok('GET', `/activities/${told.id}`)).toEqual(told);
  });

  it('charges its issuer with nothing, whether the certificate is revoked before or after', async () => {
    const issuer = await t.merchant();
    await publishRules(t, issuer, [gives('green', 30), gives('green', 5)]);
    const { id } = await certify({ merchantId: issuer });
    const [before, after, never] = [
      await tell({ merchantId: issuer }),
      await tell({ merchantId: issuer }),
      await tell({ merchantId: issuer }),
    ];
    const charged = async (): Promise<number> =>
      (await t.ok('GET', `/certificates/${id}`)).charged?.[0]?.points ?? 0;
    await note(before);
    await revoke(id);
    t.clock.advance(2 * 60_000);
    await settle(t.jobs);
    await settle(t.jobs);
    expect(await charged()).toBe(70);
    await note(after);
    expect(await charged()).toBe(35);
    await t.ok('POST', '/transactions', {
      ...{ kind: 'return', memberId, transactionId: never.awards[1].transactionId, points: 5 },
    });
    expect(await charged()).toBe(30);
  });

  it('takes back what was given also when the texts about the member were erased since', async () => {
    const told = await tell();
    await t.ok('POST', `/members/${memberId}/erasures`, { actor: 'Zhang', reason: 'request 7' });
    const { takenBack } = await t.ok('POST', `/activities/${told.id}/forgery`, forged);
    expect(takenBack.map((each: Body) => each.points)).toEqual([30, 5]);
    expect(await available(memberId)).toBe(0);
  });

  it('that was spent meanwhile is owed', async () => {
    const told = await tell();
    const burn = { kind: 'burn', merchantId: school, memberId, points: 20 };
    await t.ok('POST', '/transactions', burn);
    expect((await note(told)).status).toBe(201);
    expect(await t.balance(memberId)).toMatchObject({ available: 0, debt: 20 });
  });

  it('frees the caps and the budget that it was counted on, by what was taken back', async () => {
    const merchantId = await t.merchant();
    const asked = { name: fresh('b'), programme: 'default', pointType: 'points', total: 30 };
    const budget = await t.ok('POST', '/budgets', { ...asked, merchantId });
    const terms = [
      { caps: [{ per: 'day', points: 40 }] },
      { budget: readId('budget', budget.id) as Uuid },
    ] as const;
    await publishRules(
      t,
      merchantId,
      terms.map((each) => gives('green', 30, { terms: each })),
    );
    await certify({ merchantId });
    const [one, two] = [await tell({ merchantId }), await tell({ merchantId })];
    expect([grantedOf(one), grantedOf(two)]).toEqual([
      [30, 30],
      [10, 0],
    ]);
    await note(one);
    // Of the cap's 40 the second has 10; the budget is whole again.
    expect(grantedOf(await tell({ merchantId }))).toEqual([30, 30]);
    expect(grantedOf(await tell({ merchantId }))).toEqual([0, 0]);
  });

  it('loses what is left of what somebody returned by hand before', async () => {
    const told = await tell();
    await tell();
    const earn = told.awards[0].transactionId;
    const byHand = { kind: 'return', memberId, transactionId: earn, points: 10 };
    await t.ok('POST', '/transactions', byHand);
    const { body } = await note(told);
    expect(body.takenBack.map((each: Body) => each.points)).toEqual([20, 5]);
    expect(await available(memberId)).toBe(35);
  });

  it('is made good for by the settle job when the server dies, also before anything was given', async () => {
    const [given, onItsWay] = [await tell(), green()];
    t.ledgerDown = true;
    expect((await t.call('POST', '/activities', onItsWay)).status).toBe(503);
    const { items } = await t.ok('GET', `/activities?memberId=${memberId}`);
    for (const each of items) expect((await note(each)).status).toBe(503);
    expect(items).toHaveLength(2);
    t.ledgerDown = false;
    expect(await available(memberId)).toBe(35);
    t.clock.advance(2 * 60_000);
    await settle(t.jobs);
    await settle(t.jobs);
    expect(await available(memberId)).toBe(0);
    expect((await t.pool.query('select from unsettled')).rows).toHaveLength(0);
    expect((await note(given)).headers['idempotency-replayed']).toBe('true');
  });

  it('is for the operator to note, of evidence there is', async () => {
    const told = await tell({ kind: 'review', evidence: undefined });
    expect((await note(told)).body.code).toBe('no_evidence');
    const missing = { ...told, id: told.id.replace(/.{6}$/, 'zzzzzz') };
    expect((await note(missing)).status).toBe(404);
    const auth = await t.apiKey(['activities:write', 'points:write'], school);
    expect((await note(told, forged, { auth })).body.code).toBe('scope_missing');
    for (const wrong of [{}, { reason: 'why' }, { ...forged, actor: '' }])
      expect((await note(told, wrong)).status).toBe(400);
  });
});
