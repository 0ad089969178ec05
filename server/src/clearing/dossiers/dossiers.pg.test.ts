import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Answered } from '../../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';
import { showInstant } from '../../kernel/clock.ts';

const DAY = 24 * 60 * 60_000;
let t: PointsTestApp;
let merchantId: string;
let memberId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  merchantId = await t.merchant();
  memberId = await t.member();
  await t.ok('POST', '/clearing/terms', {
    points: [
      {
        ...{ pointType: 'points', issuePriceMicroFen: 10_000_000, feeBasisPoints: 0 },
        reimbursementMicroFen: 9_000_000,
      },
    ],
    ...{ settlement: 'postpaid', cycle: 'month', paymentTermDays: 10, actor: 'Li Lei' },
  });
});
afterAll(async () => {
  await t.close();
});

const later = (ms: number): string => showInstant(t.clock.now() + ms);
const issue = (auth?: string): Promise<Answered> =>
  t.call(
    'POST',
    '/transactions',
    { kind: 'issue', memberId, merchantId, points: 1 },
    auth === undefined ? {} : { auth },
  );
const issued = async (): Promise<string> => {
  const { status, body } = await issue();
  return status === 201 ? 'issued' : body.code;
};
const document = (more: object = {}) => ({
  ...{ merchantId, kind: 'filing', documentNo: '备 2026-1', issuingBody: '商务局' },
  ...{ validFrom: later(0), validUntil: later(10 * DAY), checkedAt: later(0) },
  ...{ reference: 'file 17', actor: 'Li Lei', ...more },
});
const require = (kinds: string[], from?: string): Promise<Answered['body']> =>
  t.ok('PUT', '/dossiers/requirement', { kinds, from, actor: 'Li Lei' });
const change = (id: string, more: object): Promise<Answered> =>
  t.call('POST', `/dossiers/${id}/changes`, { reason: 'told so', actor: 'Li Lei', ...more });

it('stops issuing to the instant at which a document lapses, with nothing having to run', async () => {
  await require(['filing'], later(DAY));
  expect(await issued()).toBe('issued');
  t.clock.set(t.clock.now() + DAY - 1);
  expect(await issued()).toBe('issued');
  t.clock.set(t.clock.now() + 1);
  expect(await issued()).toBe('dossier_missing');
  const { id } = await t.ok('POST', '/dossiers', document());
  t.clock.set(t.clock.now() + 1);
  expect(await issued()).toBe('issued');
  t.clock.set(t.clock.now() + 10 * DAY - 2);
  expect(await issued()).toBe('issued');
  t.clock.set(t.clock.now() + 1);
  expect(await issued()).toBe('dossier_lapsed');
  expect((await change(id, { validUntil: later(DAY) })).body.valid).toBe(true);
  t.clock.set(t.clock.now() + 1);
  expect(await issued()).toBe('issued');
  // Others have shown nothing.
  const other = await t.merchant();
  const theirs = { kind: 'issue', memberId, merchantId: other, points: 1 };
  expect((await t.call('POST', '/transactions', theirs)).body.code).toBe('dossier_missing');
  const { items } = await t.ok('GET', '/dossiers/requirement');
  expect(items).toMatchObject([{ number: 1, kinds: ['filing'] }]);
  const past = await t.call('PUT', '/dossiers/requirement', {
    ...{ kinds: [], from: later(-1), actor: 'Li Lei' },
  });
  expect(past.body.code).toBe('requirement_in_past');
});

it('stops at once what is suspended or revoked, and keeps every change', async () => {
  const { id } = await t.ok('POST', '/dossiers', document({ validUntil: later(400 * DAY) }));
  const { items: before } = await t.ok('GET', `/dossiers?merchantId=${merchantId}&kind=filing`);
  for (const each of before)
    if (each.id !== id) expect((await change(each.id, { status: 'revoked' })).status).toBe(200);
  t.clock.set(t.clock.now() + 1);
  expect(await issued()).toBe('issued');
  expect((await change(id, { status: 'suspended' })).body.valid).toBe(false);
  t.clock.set(t.clock.now() + 1);
  expect(await issued()).toBe('dossier_lapsed');
  await change(id, { status: 'valid' });
  t.clock.set(t.clock.now() + 1);
  expect(await issued()).toBe('issued');
  await change(id, { status: 'revoked' });
  t.clock.set(t.clock.now() + 1);
  expect(await issued()).toBe('dossier_lapsed');
  expect((await change(id, { status: 'valid' })).body.code).toBe('dossier_revoked');
  const { changes } = await t.ok('GET', `/dossiers/${id}`);
  expect(changes.map((each: { status: string }) => each.status)).toEqual([
    ...['valid', 'suspended', 'valid', 'revoked'],
  ]);
  // Points that are out there are used all the same.
  const burn = { kind: 'burn', memberId, merchantId, points: 1 };
  expect((await t.call('POST', '/transactions', burn)).status).toBe(201);
});

it('refuses documents that make no sense', async () => {
  const refused = async (more: object): Promise<string> =>
    (await t.call('POST', '/dossiers', document(more))).body.code;
  expect(await refused({ validUntil: later(0) })).toBe('period_invalid');
  expect(await refused({ checkedAt: later(1) })).toBe('time_in_future');
  expect((await change('dos_01h455vb4pex5vsknk084sn02q', {})).body.code).toBe('dossier_not_found');
});

it('tells what ends soon, has ended, or is missing, and a merchant its own alone', async () => {
  const other = await t.merchant();
  const kind = 'credit_certification';
  await t.ok(
    'POST',
    '/dossiers',
    document({ merchantId: other, kind, validUntil: later(5 * DAY) }),
  );
  const alerts = async (auth?: string): Promise<Answered['body'][]> =>
    (await t.ok('GET', '/dossiers/alerts', undefined, auth === undefined ? {} : { auth })).items;
  const theirs = [
    { merchantId: other, kind, level: 'days_7', until: later(5 * DAY), required: false },
    { merchantId: other, kind: 'filing', level: 'missing', until: null, required: true },
  ];
  expect((await alerts()).filter((each) => each.merchantId === other)).toEqual(theirs);
  const auth = await t.apiKey(['dossiers:read'], other);
  expect(await alerts(auth)).toEqual(theirs);
  expect((await alerts()).filter((each) => each.merchantId === merchantId)).toMatchObject([
    { kind: 'filing', level: 'lapsed', required: true },
  ]);
  const { items } = await t.ok('GET', '/dossiers', undefined, { auth });
  expect(items.map((each: { kind: string }) => each.kind)).toEqual([kind]);
  const [mine] = (await t.ok('GET', `/dossiers?merchantId=${merchantId}`)).items;
  expect((await t.call('GET', `/dossiers/${mine.id}`, undefined, { auth })).body.code).toBe(
    'dossier_not_found',
  );
  expect((await t.call('POST', '/dossiers', document(), { auth })).status).toBe(403);
});
