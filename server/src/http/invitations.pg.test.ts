import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';

import { settle } from '../jobs/run-jobs.ts';
import { readId, showId, type Uuid } from '../kernel/id.ts';
import type { RuleBody } from '../rules/rule.ts';
import { createPointsTestApp, type PointsTestApp } from './test-points-app.ts';
import { gives, publishRules, retireRules } from './test-rules.ts';
import { createPhones, type Phone } from './testing/phone.ts';

const DAY_MS = 86_400_000;

let t: PointsTestApp;
let phones: ReturnType<typeof createPhones>;
let shop: string;
let rules: Awaited<ReturnType<typeof publishRules>> = [];
beforeAll(async () => {
  t = await createPointsTestApp();
  phones = createPhones(t);
  await t.ok('PATCH', '/programmes/default', { membersJoinThemselves: true });
});
beforeEach(async () => {
  shop = await t.merchant();
  await retireRules(t, rules);
  rules = [];
});
afterAll(() => t.close());

const offer = async (more: Partial<RuleBody> = {}): Promise<void> => {
  const caps = [
    { per: 'month', points: 250 },
    { per: 'ever', points: 1_000 },
  ] as const;
  rules = await publishRules(t, shop, [gives('referral', 100, { terms: { caps }, ...more })]);
};
const invite = async (phone: Phone): Promise<string> =>
  (await phone.ok('POST', '/members/me/invitation', {})).code;
const shown = (phone: Phone) => phone.ok('GET', '/members/me/invitation');

let numbers = 13_600_000_000;
let asks = 0;
const nextPhone = (): string => {
  numbers += 1;
  return String(numbers);
};
const browse = async (path: string, payload: object) => {
  asks += 1;
  const answer = await t.api.inject({
    ...{ method: 'POST', url: `/v1${path}`, payload },
    remoteAddress: `10.7.${asks >> 8}.${asks & 255}`,
    headers: { 'sec-fetch-site': 'same-origin' },
  });
  return { status: answer.statusCode, body: answer.json() };
};
/** Signs up by a phone code, with what the link carried. */
const signUp = async (
  invitation: string | undefined,
  { phone = nextPhone(), join = 'default' as string | null } = {},
) => {
  await browse('/member-sign-in/codes', { phone, ...(join && { join }) });
  const code = t.sent.findLast((each) => each.phone === `+86${phone}`)?.params.code;
  const asked = {
    phone,
    code: code ?? '000000',
    ...(join && { join }),
    ...(invitation && { invitation }),
  };
  return { ...(await browse('/member-sign-in', asked)), phone };
};
const referralsOf = async (member: string) =>
  (await t.ok('GET', `/activities?memberId=${member}`)).items.filter(
    ({ kind }: { kind: string }) => kind === 'referral',
  );

it('gives a fixed reward to who brought a member, once that one has bought', async () => {
  await offer();
  const phone = await phones.signIn();
  expect(await shown(phone)).toMatchObject({
    programme: 'default',
    code: null,
    offer: {
      merchantId: shop,
      rewards: [
        {
          ...{ pointType: 'points', points: 100, pendingDays: 0, usedUp: false },
          caps: [
            { per: 'month', points: 250, counted: 0 },
            { per: 'ever', points: 1_000, counted: 0 },
          ],
        },
      ],
    },
    joined: 0,
  });
  const code = await invite(phone);
  expect(code).toMatch(/^[2-9a-z]{10}$/);
  expect(await invite(phone)).toBe(code);
  const { body, status } = await signUp(code);
  expect([status, body.joined]).toEqual([200, true]);
  const [told] = await referralsOf(phone.member);
  expect(told).toMatchObject({
    ...{ merchantId: shop, referredMemberId: body.memberId },
    noPointsReason: 'awaiting_first_purchase',
  });
  expect(await shown(phone)).toMatchObject({ code, joined: 1 });
  await t.ok('POST', '/orders', {
    ...{ merchantId: shop, memberId: body.memberId, orderNo: 'first' },
    paidAt: new Date(t.clock.now()).toISOString(),
    lines: [{ lineNo: 1, sku: 'melon', quantity: 1, amountFen: 5_000 }],
  });
  t.clock.advance(7 * DAY_MS);
  await t.rules.refresh();
  await settle(t.jobs);
  expect((await t.balance(phone.member)).available).toBe(100);
  const [reward] = (await shown(phone)).offer.rewards;
  expect(reward.caps).toMatchObject([{ counted: 100 }, { counted: 100 }]);
});

it('tells who invited how many came, and never who', async () => {
  await offer();
  const phone = await phones.signIn();
  const { body } = await signUp(await invite(phone));
  const [own] = (await phone.ok('GET', '/activities')).items;
  const seen = [
    await shown(phone),
    own,
    await phone.ok('GET', `/activities/${own.id}`),
    await phone.ok('GET', `/activities/${own.id}/explanation`),
  ];
  expect(own.kind).toBe('referral');
  expect(JSON.stringify(seen)).not.toContain(body.memberId);
  expect(JSON.stringify(seen)).not.toContain('referredMemberId');
});

it('counts for nobody who was a member before, and so for nobody themselves', async () => {
  await offer();
  const phone = await phones.signIn();
  const code = await invite(phone);
  const known = nextPhone();
  await t.ok('POST', '/members', { phone: known });
  expect((await signUp(code, { phone: known })).body.joined).toBe(false);
  // Who signs in once more comes by nobody.
  const first = await signUp(undefined);
  t.clock.advance(60_000);
  await signUp(code, { phone: first.phone });
  const own = (await t.ok('GET', `/members/${phone.member}`)).phoneLastFour;
  expect(own).toHaveLength(4);
  expect(await referralsOf(phone.member)).toEqual([]);
});

it('passes over what is no invitation, and lets in who comes by it', async () => {
  await offer();
  await t.ok('POST', '/programmes', { code: 'apart', name: 'Apart', membersJoinThemselves: true });
  const phone = await phones.signIn();
  const code = await invite(phone);
  expect((await signUp('2222222222')).body.joined).toBe(true);
  expect((await signUp(code.toUpperCase())).body.joined).toBe(true);
  // It leads into one programme, and counts for no other.
  expect((await signUp(code, { join: 'apart' })).body.joined).toBe(true);
  // Nobody joins without being asked to.
  expect((await signUp(code, { join: null })).body.code).toBe('code_wrong');
  expect(await referralsOf(phone.member)).toEqual([]);
});

it('records one referral of two who sign up with one phone at once, however often it is made up for', async () => {
  await offer();
  const [one, two] = [await phones.signIn(), await phones.signIn()];
  const codes = [await invite(one), await invite(two)];
  const phone = nextPhone();
  await browse('/member-sign-in/codes', { phone, join: 'default' });
  const code = t.sent.findLast((each) => each.phone === `+86${phone}`)?.params.code;
  const answers = await Promise.all(
    codes.map((invitation) =>
      browse('/member-sign-in', { phone, code, join: 'default', invitation }),
    ),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
  await settle(t.jobs);
  const all = [...(await referralsOf(one.member)), ...(await referralsOf(two.member))];
  expect(all).toHaveLength(1);
});

it('makes up for a referral that a crash left behind', async () => {
  await offer();
  const phone = await phones.signIn();
  // As it is when the process ended between the member and the referral.
  const [referred, by] = [await t.member(), phone.member].map((id) => readId('member', id));
  await t.pool.query(
    'insert into invited (member, programme, by, since_ms) values ($1, 1, $2, $3)',
    [referred, by, t.clock.now()],
  );
  t.clock.advance(5 * 60_000);
  await t.rules.refresh();
  await settle(t.jobs);
  expect(await referralsOf(phone.member)).toMatchObject([
    { referredMemberId: showId('member', referred as Uuid) },
  ]);
  const { rows } = await t.pool.query('select from invited');
  expect(rows).toEqual([]);
});

it('offers nothing where no rule gives anything, and records nothing', async () => {
  const phone = await phones.signIn();
  expect((await shown(phone)).offer).toBeNull();
  await signUp(await invite(phone));
  expect(await referralsOf(phone.member)).toEqual([]);
  // An operator's rule that names nobody is issued by whoever the member joined at: here by nobody.
  rules = await publishRules(t, null, [
    gives('referral', 50, { terms: { caps: [{ per: 'ever', points: 500 }] } }),
  ]);
  expect((await shown(phone)).offer).toBeNull();
});

it('is the survivor’s once two are one person, and gone with who was erased', async () => {
  await offer();
  const [one, two] = [await phones.signIn(), await phones.signIn()];
  const code = await invite(one);
  const merge = { from: one.member, reason: 'one person', actor: 'Li Lei' };
  await t.ok('POST', `/members/${two.member}/merges`, merge);
  const { body } = await signUp(code);
  expect(await referralsOf(two.member)).toMatchObject([{ referredMemberId: body.memberId }]);
  await t.ok('POST', `/members/${two.member}/erasures`, { actor: 'Li Lei', reason: 'asked' });
  expect((await signUp(code)).body.joined).toBe(true);
  expect(await referralsOf(two.member)).toHaveLength(1);
});

it('is no merchant’s business', async () => {
  const phone = await phones.signIn();
  const auth = await t.apiKey(['activities:read', 'activities:write'], shop);
  const path = `/members/${phone.member}/invitation`;
  expect((await t.call('GET', path, undefined, { auth })).body.code).toBe('operator_only');
  expect((await t.call('POST', path, {}, { auth })).body.code).toBe('operator_only');
});
