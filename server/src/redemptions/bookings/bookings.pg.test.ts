import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { showTerms } from '../../catalogue/terms-schema.ts';
import { terms } from '../../catalogue/testing/told.ts';
import type { Answered } from '../../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';
import type { RewardTerms } from '../../kernel/reward.ts';
import { findBreaches } from '../../ledger/testing/invariants.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
// Booked for 9 to 10 o'clock in Shanghai.
const MONDAY = '2026-03-09';
const SLOT = '09:00-10:00';
const STARTS = Date.parse('2026-03-09T01:00:00Z');
const BOOKING = {
  kind: 'booking',
  unit: 'slot',
  noticeHours: 2,
  slots: [
    { from: '09:00', to: '10:00', places: 2 },
    { from: '14:00', to: '15:00', places: 2 },
  ],
} as const;

let t: PointsTestApp;
let merchantId: string;
let memberId: string;
let till: string;
// Each on a clock of its own: what is published takes no clock that goes back.
afterEach(async () => {
  const breaches = await findBreaches(t.pool);
  await t.close();
  expect(breaches).toEqual([]);
});
beforeEach(async () => {
  t = await createPointsTestApp();
  t.clock.set(Date.parse('2026-03-02T00:00:00Z'));
  merchantId = await t.merchant();
  till = await t.apiKey(
    ['redemptions:write', 'redemptions:read', 'vouchers:use', 'rewards:read'],
    merchantId,
  );
  memberId = await rich();
});

let codes = 0;
async function rich(): Promise<string> {
  const id = await t.member();
  const issue = { kind: 'issue', memberId: id, merchantId, points: 5_000 };
  await t.ok('POST', '/transactions', issue);
  return id;
}
async function reward(more: Partial<RewardTerms> = {}): Promise<string> {
  codes += 1;
  const body = {
    ...showTerms(terms({ fulfilment: BOOKING, ...more })),
    stores: [{ merchant: merchantId }],
  };
  const { id } = await t.ok('POST', '/rewards', { code: `booked-${codes}`, merchantId, body });
  await t.ok('POST', `/rewards/${id}/publish`, {});
  t.clock.set(t.clock.now() + MINUTE);
  return id;
}
const when = (day: string, slot?: string) => ({ particulars: { kind: 'booking', day, slot } });
const redeem = (rewardId: string, more: object, options = {}): Promise<Answered> =>
  t.call('POST', '/redemptions', { memberId, rewardId, merchantId, ...more }, options);
const booked = async (rewardId: string, more: object = when(MONDAY, SLOT)) => {
  const { status, body, text } = await redeem(rewardId, more);
  expect(status, text).toBe(201);
  return body;
};
const left = async (rewardId: string, day = MONDAY): Promise<number[]> => {
  const query = `merchantId=${merchantId}&from=${day}&to=${day}`;
  const { items } = await t.ok('GET', `/rewards/${rewardId}/availability?${query}`);
  return items.map((each: { left: number }) => each.left);
};
const move = (id: string, day: string, slot?: string, options = {}): Promise<Answered> =>
  t.call('POST', `/redemptions/${id}/move`, { day, slot }, options);
const told = async (member = memberId): Promise<[string, unknown][]> => {
  const { items } = await t.ok('GET', `/members/${member}/messages`);
  return items
    .filter(({ kind }: { kind: string }) => kind.startsWith('booking'))
    .map(({ kind, facts }: { kind: string; facts: { from: string } }) => [kind, facts.from])
    .sort();
};
const use = (code: string, useNo: string): Promise<Answered> =>
  t.call('POST', '/vouchers/uses', { code, merchantId, useNo }, { auth: till });

describe('what is booked', () => {
  it('takes a place of its slot, and its code is the visit', async () => {
    const rewardId = await reward();
    const shown = await booked(rewardId);
    expect(shown).toMatchObject({
      state: 'fulfilled',
      particulars: { day: MONDAY, slot: SLOT, startsAt: new Date(STARTS).toISOString() },
      vouchers: [{ form: { form: 'exchange' }, expiresAt: '2026-03-09T02:00:00.000Z' }],
    });
    expect(await left(rewardId)).toEqual([1, 2]);
    const [{ code }] = shown.vouchers;
    t.clock.set(STARTS - 30 * MINUTE - 1);
    expect((await use(code, 'V-1')).body).toMatchObject({
      code: 'voucher_too_early',
      from: '2026-03-09T00:30:00.000Z',
    });
    t.clock.set(STARTS - 30 * MINUTE);
    expect((await use(code, 'V-1')).status).toBe(201);
    expect((await use(code, 'V-2')).body.code).toBe('voucher_used');
    expect((await move(shown.id, '2026-03-10', SLOT)).body.code).toBe('voucher_used');
  });

  it('is full when its places are taken, and free again when one is cancelled', async () => {
    const rewardId = await reward();
    const first = await booked(rewardId);
    expect((await redeem(rewardId, { ...when(MONDAY, SLOT), quantity: 2 })).body).toMatchObject({
      ...{ code: 'slot_full', left: 1 },
    });
    await booked(rewardId);
    expect((await redeem(rewardId, { ...when(MONDAY, SLOT), dryRun: true })).body.code).toBe(
      'slot_full',
    );
    await booked(rewardId, when(MONDAY, '14:00-15:00'));
    expect(await left(rewardId)).toEqual([0, 1]);
    await t.ok('POST', `/redemptions/${first.id}/cancel`, {});
    expect(await left(rewardId)).toEqual([1, 1]);
    await booked(rewardId);
  });

  it('has a last day of the calendar, after which nobody looks further', async () => {
    const items = await left(await reward(), '9999-12-31');
    expect(items).toEqual([2, 2]);
  });

  it('of one slot that everybody wants goes to as many as there are places', async () => {
    const rewardId = await reward();
    const members = await Promise.all(Array.from({ length: 12 }, rich));
    const answers = await Promise.all(
      members.map((each) => redeem(rewardId, { ...when(MONDAY, SLOT), memberId: each })),
    );
    const codesTold = answers.map(({ status, body }) => (status === 201 ? 'booked' : body.code));
    expect(codesTold.filter((each) => each === 'booked')).toHaveLength(2);
    expect(codesTold.filter((each) => each === 'slot_full')).toHaveLength(10);
    expect(await left(rewardId)).toEqual([0, 2]);
  });

  it('refuses times that its terms do not offer, and particulars that it does not ask for', async () => {
    const rewardId = await reward({ offered: { from: '2026-03-01', to: '2026-03-31' } });
    for (const [particulars, code] of [
      [{ kind: 'booking', day: MONDAY, slot: '09:30-10:30' }, 'slot_not_offered'],
      [{ kind: 'booking', day: '2026-04-01', slot: SLOT }, 'slot_not_offered'],
      [{ kind: 'booking', day: '2026-13-01', slot: SLOT }, 'slot_not_offered'],
      [{ kind: 'booking', day: MONDAY }, 'particulars_unfit'],
      [{ kind: 'booking', day: MONDAY, slot: SLOT, until: '2026-03-10' }, 'particulars_unfit'],
      [undefined, 'particulars_unfit'],
    ] as const)
      expect((await redeem(rewardId, { particulars })).body.code).toBe(code);
    t.clock.set(STARTS - 2 * HOUR + 1);
    expect((await redeem(rewardId, when(MONDAY, SLOT))).body.code).toBe('booking_too_late');
    const plain = await reward({ fulfilment: { kind: 'code' } });
    expect((await redeem(plain, when(MONDAY, SLOT))).body.code).toBe('particulars_unfit');
  });

  it('is another request with other particulars', async () => {
    const rewardId = await reward();
    const key = `particulars-${rewardId}`;
    const first = await redeem(rewardId, when(MONDAY, SLOT), { key });
    const again = await redeem(rewardId, when(MONDAY, SLOT), { key });
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect((await redeem(rewardId, when('2026-03-10', SLOT), { key })).body.code).toBe(
      'idempotency_key_reused',
    );
  });

  it('of nights has a code for each room, which counts until the day of departure is over', async () => {
    const fulfilment = {
      ...BOOKING,
      unit: 'night',
      slots: [{ from: '14:00', to: '24:00', places: 2 }],
    } as const;
    const rewardId = await reward({ fulfilment });
    const stay = { kind: 'booking', day: MONDAY, until: '2026-03-11' };
    expect((await redeem(rewardId, { particulars: stay, quantity: 3 })).body).toMatchObject({
      ...{ code: 'particulars_unfit', nights: 2 },
    });
    const shown = await booked(rewardId, { particulars: stay, quantity: 4 });
    expect(shown.vouchers).toMatchObject([
      { expiresAt: '2026-03-11T16:00:00.000Z' },
      { expiresAt: '2026-03-11T16:00:00.000Z' },
    ]);
    expect([await left(rewardId), await left(rewardId, '2026-03-11')]).toEqual([[0], [2]]);
    const body = { day: '2026-03-10', until: '2026-03-12' };
    const moved = await t.ok('POST', `/redemptions/${shown.id}/move`, body);
    expect(moved.particulars).toMatchObject(body);
    expect([await left(rewardId), await left(rewardId, '2026-03-11')]).toEqual([[2], [0]]);
    const longer = { day: '2026-03-10', until: '2026-03-14' };
    expect((await t.call('POST', `/redemptions/${shown.id}/move`, longer)).body.code).toBe(
      'particulars_unfit',
    );
  });
});

describe('moving a booking', () => {
  it('gives up one place for another, codes and all, and says so', async () => {
    const rewardId = await reward();
    const shown = await booked(rewardId);
    const key = `move-${shown.id}`;
    const moved = await move(shown.id, '2026-03-10', '14:00-15:00', { key });
    expect([moved.status, moved.body]).toMatchObject([
      200,
      {
        particulars: { day: '2026-03-10', slot: '14:00-15:00' },
        vouchers: [{ expiresAt: '2026-03-10T07:00:00.000Z' }],
      },
    ]);
    expect(moved.body.vouchers[0].code).toBe(undefined);
    expect([await left(rewardId), await left(rewardId, '2026-03-10')]).toEqual([
      [2, 2],
      [2, 1],
    ]);
    expect((await move(shown.id, '2026-03-10', '14:00-15:00', { key })).body).toEqual(moved.body);
    expect((await move(shown.id, '2026-03-10', '14:00-15:00')).body).toEqual(moved.body);
    expect(await told()).toEqual([
      ['booking', '2026-03-09 09:00'],
      ['booking', '2026-03-10 14:00'],
    ]);
    t.clock.set(Date.parse('2026-03-10T06:00:00Z'));
    expect((await use(shown.vouchers[0].code, 'M-1')).status).toBe(201);
  });

  it('never has both places or none, whoever races for the last', async () => {
    const rewardId = await reward();
    const there = { ...when('2026-03-10', SLOT) };
    await booked(rewardId, there);
    const movers = await Promise.all(Array.from({ length: 4 }, rich));
    const ids: string[] = [];
    for (const each of movers) {
      const slot = ids.length < 2 ? SLOT : '14:00-15:00';
      ids.push((await booked(rewardId, { ...when(MONDAY, slot), memberId: each })).id);
    }
    const answers = await Promise.all(ids.map((id) => move(id, '2026-03-10', SLOT)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body }) => body.code === 'slot_full')).toHaveLength(3);
    const [morning, afternoon] = await left(rewardId);
    expect([(morning ?? 0) + (afternoon ?? 0), await left(rewardId, '2026-03-10')]).toEqual([
      1,
      [0, 2],
    ]);
  });

  it('and cancelling it at once ends in one of both', async () => {
    const rewardId = await reward();
    const { id } = await booked(rewardId);
    await Promise.all([
      move(id, '2026-03-10', SLOT),
      t.call('POST', `/redemptions/${id}/cancel`, {}),
      move(id, '2026-03-11', SLOT),
    ]);
    expect((await t.ok('GET', `/redemptions/${id}`)).state).toBe('cancelled');
    for (const day of [MONDAY, '2026-03-10', '2026-03-11'])
      expect(await left(rewardId, day)).toEqual([2, 2]);
  });

  it('is not done with what is under a case, or came back by one', async () => {
    const rewardId = await reward();
    const { id } = await booked(rewardId, { ...when(MONDAY, SLOT), quantity: 2 });
    const claim = { kind: 'return', reason: 'changed_mind', places: [0], actor: 'Han Meimei' };
    const { id: caseId } = await t.ok('POST', `/redemptions/${id}/after-sales`, claim);
    expect((await move(id, '2026-03-10', SLOT)).body.code).toBe('redemption_has_case');
    const answer = { answer: 'accept', remedy: 'refund', actor: 'Li Lei' };
    await t.ok('POST', `/after-sales/${caseId}/answers`, answer);
    expect(await left(rewardId)).toEqual([1, 2]);
    expect((await move(id, '2026-03-10', SLOT)).body.code).toBe('redemption_has_case');
  });

  it('ends when it could not be cancelled any more', async () => {
    const hours = await reward({ cancellation: { until: 'hours_before', hours: 24 } });
    const [{ id }, late] = [await booked(hours), await booked(hours)];
    t.clock.set(STARTS - 24 * HOUR);
    expect((await move(id, '2026-03-12', SLOT)).status).toBe(200);
    t.clock.set(STARTS - 24 * HOUR + 1);
    expect((await t.ok('POST', `/redemptions/${id}/cancel`, {})).state).toBe('cancelled');
    expect((await move(id, '2026-03-13', SLOT)).body.code).toBe('booking_not_movable');
    expect((await move(late.id, '2026-03-12', SLOT)).body.code).toBe('booking_not_movable');
    const cancel = await t.call('POST', `/redemptions/${late.id}/cancel`, {});
    expect(cancel.body).toMatchObject({
      ...{ code: 'redemption_not_cancellable', until: '2026-03-08T01:00:00.000Z' },
    });
    const never = await booked(await reward({ cancellation: { until: 'never' } }));
    expect((await move(never.id, '2026-03-12', SLOT)).body.code).toBe('booking_not_movable');
    const plain = await booked(await reward({ fulfilment: { kind: 'code' } }), {});
    expect((await move(plain.id, '2026-03-12', SLOT)).body.code).toBe('booking_not_movable');
    const other = await t.apiKey(['redemptions:write'], await t.merchant());
    expect((await move(never.id, '2026-03-12', SLOT, { auth: other })).body.code).toBe(
      'redemption_not_found',
    );
  });
});

describe('a merchant and the time', () => {
  it('sees the bookings of a day in pages, who came, and who did not', async () => {
    const rewardId = await reward();
    const [first, second] = [await booked(rewardId), await booked(rewardId)];
    const later = await booked(rewardId, when(MONDAY, '14:00-15:00'));
    const gone = await booked(rewardId, when(MONDAY, '14:00-15:00'));
    await booked(rewardId, when('2026-03-10', SLOT));
    await t.ok('POST', `/redemptions/${gone.id}/cancel`, {});
    t.clock.set(STARTS);
    expect((await use(first.vouchers[0].code, 'L-1')).status).toBe(201);
    t.clock.set(STARTS + HOUR);
    const found: { redemptionId: string; state: string }[] = [];
    let cursor = '';
    do {
      const path = `/bookings?merchantId=${merchantId}&day=${MONDAY}&limit=2${cursor}`;
      const page = await t.ok('GET', path, undefined, { auth: till });
      found.push(...page.items);
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(new Map(found.map(({ redemptionId, state }) => [redemptionId, state]))).toEqual(
      new Map([
        [first.id, 'came'],
        [second.id, 'missed'],
        [later.id, 'booked'],
      ]),
    );
    expect(found).toHaveLength(3);
    expect((await use(second.vouchers[0].code, 'L-2')).body.code).toBe('voucher_expired');
    const other = await t.apiKey(['redemptions:read', 'rewards:read'], await t.merchant());
    for (const path of [
      `/bookings?merchantId=${merchantId}&day=${MONDAY}`,
      `/rewards/${rewardId}/availability?merchantId=${merchantId}&from=${MONDAY}&to=${MONDAY}`,
    ])
      expect((await t.call('GET', path, undefined, { auth: other })).body.code).toBe(
        'merchant_out_of_reach',
      );
    const bad = `/bookings?merchantId=${merchantId}&day=2026-02-30`;
    expect((await t.call('GET', bad)).body.code).toBe('days_invalid');
  });

  it('shows what is free for a month at most, and whether it is early enough', async () => {
    const rewardId = await reward();
    t.clock.set(STARTS - 2 * HOUR + 1);
    const path = (from: string, to: string) =>
      `/rewards/${rewardId}/availability?merchantId=${merchantId}&from=${from}&to=${to}`;
    const shown = await t.ok('GET', path(MONDAY, '2026-04-08'), undefined, { auth: till });
    expect(shown.items).toHaveLength(62);
    expect(shown.items[0]).toMatchObject({ day: MONDAY, slot: SLOT, left: 2, open: false });
    expect(shown.items[1]).toMatchObject({ slot: '14:00-15:00', open: true });
    for (const [from, to] of [
      [MONDAY, '2026-04-09'],
      ['2026-03-10', MONDAY],
      ['2026-02-30', MONDAY],
    ] as const)
      expect((await t.call('GET', path(from, to))).body.code).toBe('days_invalid');
    const plain = await reward({ fulfilment: { kind: 'code' } });
    const query = `merchantId=${merchantId}&from=${MONDAY}&to=${MONDAY}`;
    expect((await t.call('GET', `/rewards/${plain}/availability?${query}`)).body.code).toBe(
      'reward_not_booked',
    );
  });

  it('reminds of a booking a day before, once, where it is then', async () => {
    const rewardId = await reward();
    const kept = await booked(rewardId);
    const away = await booked(rewardId, when('2026-03-10', SLOT));
    const gone = await booked(rewardId, when('2026-03-11', SLOT));
    await move(away.id, '2026-03-09', SLOT);
    await t.ok('POST', `/redemptions/${gone.id}/cancel`, {});
    const remind = async (at: number): Promise<unknown[]> => {
      t.clock.set(at);
      await t.jobs.others?.redeemed?.();
      return (await told()).filter(([kind]) => kind === 'booking_reminder');
    };
    expect(await remind(STARTS - DAY - 1)).toEqual([]);
    const both = [
      ['booking_reminder', '2026-03-09 09:00'],
      ['booking_reminder', '2026-03-09 09:00'],
    ];
    expect(await remind(STARTS - DAY)).toEqual(both);
    expect(await remind(STARTS - DAY + HOUR)).toEqual(both);
    await move(kept.id, '2026-03-12', SLOT);
    expect(await remind(STARTS + 2 * DAY)).toHaveLength(1);
  });
});

it('limits count what two members had before they became one', async () => {
  const rewardId = await reward({ limits: [{ per: 'year', times: 2 }] });
  const absorbedId = await rich();
  await booked(rewardId, { ...when(MONDAY, SLOT), memberId: absorbedId });
  const own = await booked(rewardId);
  const merge = { from: absorbedId, reason: 'one person', actor: 'Li Lei' };
  await t.ok('POST', `/members/${memberId}/merges`, merge);
  const again = when('2026-03-10', SLOT);
  expect((await redeem(rewardId, again)).body).toMatchObject({
    ...{ code: 'redemption_limit_reached', left: 0 },
  });
  await t.ok('POST', `/redemptions/${own.id}/cancel`, {});
  await booked(rewardId, again);
  expect((await redeem(rewardId, again)).body.code).toBe('redemption_limit_reached');
});
