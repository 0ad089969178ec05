import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Answered } from '../http/test-app.ts';
import {
  DAY,
  fresh,
  type GreenSchool,
  grantedOf,
  iso,
  makeGreenSchool,
} from '../http/test-green-school.ts';
import { createPointsTestApp, type PointsTestApp } from '../http/test-points-app.ts';
import { gives, publishRules } from '../http/test-rules.ts';
import { settle } from '../jobs/run-jobs.ts';
import { readId } from '../kernel/id.ts';

type Body = Answered['body'];

let t: PointsTestApp;
let school: string;
let memberId: string;
let green: GreenSchool['green'];
let certify: GreenSchool['certify'];
let tell: GreenSchool['tell'];
beforeAll(async () => {
  t = await createPointsTestApp();
});
beforeEach(async () => {
  ({ school, memberId, green, certify, tell } = await makeGreenSchool(t));
});
afterAll(() => t.close());

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
