import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { DAY, type GreenSchool, iso, makeGreenSchool } from '../http/test-green-school.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { gives, publishRules } from '../http/test-rules.ts';
import { settle } from '../jobs/run-jobs.ts';
import { readId } from '../kernel/id.ts';

type Body = Answered['body'];

let t: PointsTestApp;
let school: string;
let memberId: string;
let certificate: GreenSchool['certificate'];
let green: GreenSchool['green'];
let certify: GreenSchool['certify'];
let revoke: GreenSchool['revoke'];
let tell: GreenSchool['tell'];
beforeAll(async () => {
  t = await createPointsTestApp();
});
beforeEach(async () => {
  ({ school, memberId, certificate, green, certify, revoke, tell } = await makeGreenSchool(t));
});
afterAll(() => t.close());

const available = async (member: string): Promise<number> =>
  (await t.balance(member))?.available ?? 0;

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
