import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import { fresh, type GreenSchool, grantedOf, makeGreenSchool } from '../http/test-green-school.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { gives, publishRules } from '../http/test-rules.ts';
import { settle } from '../jobs/run-jobs.ts';
import { readId, type Uuid } from '../kernel/id.ts';

type Body = Answered['body'];

let t: PointsTestApp;
let school: string;
let memberId: string;
let green: GreenSchool['green'];
let certify: GreenSchool['certify'];
let revoke: GreenSchool['revoke'];
let tell: GreenSchool['tell'];
beforeAll(async () => {
  t = await createPointsTestApp();
});
beforeEach(async () => {
  ({ school, memberId, green, certify, revoke, tell } = await makeGreenSchool(t));
});
afterAll(() => t.close());

const available = async (member: string): Promise<number> =>
  (await t.balance(member))?.available ?? 0;

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
