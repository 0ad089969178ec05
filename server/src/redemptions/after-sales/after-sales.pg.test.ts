import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';
import { BOX, DAY, IN_PARTS, openShop, type Shop } from '../../http/test-shop.ts';
import { settle, sweepNow } from '../../jobs/run-jobs.ts';
import { findBreaches } from '../../ledger/testing/invariants.ts';
import { verifyLedger } from '../../ledger/verify.ts';

const MINUTE = 60_000;

let t: PointsTestApp;
let shop: Shop;
let memberId: string;
beforeAll(async () => {
  t = await createPointsTestApp();
  shop = await openShop(t);
});
afterAll(async () => {
  const [breaches, { findings }] = [await findBreaches(t.pool), await verifyLedger(t.pool)];
  const { rows } = await t.pool.query('select 1 from unsettled');
  await t.close();
  expect(breaches).toEqual([]);
  expect(findings).toEqual([]);
  expect(rows).toEqual([]);
});
beforeEach(async () => {
  memberId = await shop.member();
});

const told = async (): Promise<string[]> => {
  const { items } = await t.ok('GET', `/messages?memberId=${memberId}`);
  const own = items.filter(({ kind }: { kind: string }) => kind === 'after_sales');
  return own.map((each: { facts: { what: string } }) => each.facts.what);
};

describe('a return', () => {
  it('of vouchers that nobody used gives their points back to the lots, without a fee, and frees stock and limits', async () => {
    const rewardId = await shop.reward({
      ...{ cancellation: { until: 'before_use', feePoints: 50 } },
      limits: [{ per: 'ever', times: 2 }],
    });
    const redeemed = await shop.redeem(memberId, rewardId, 2);
    const opened = await shop.opened(redeemed.id);
    expect(opened).toMatchObject({ state: 'opened', places: [0, 1], kind: 'return' });
    const { body } = await shop.answer(opened.id, { answer: 'accept', remedy: 'refund' });
    expect(body).toMatchObject({
      ...{ state: 'refunded', onShelf: true, cashFen: 0, dueAt: null },
      ...{ back: [{ pointType: 'points', points: 2_000 }], compensation: [] },
    });
    expect(body.history.map((each: { step: string }) => each.step)).toEqual([
      'open',
      'refund',
      'end',
    ]);
    expect(await shop.available(memberId)).toBe(5_000);
    expect(await shop.stock(rewardId)).toMatchObject({ sold: 0 });
    const check = { code: redeemed.vouchers[0].code, merchantId: shop.merchantId, billFen: 100 };
    expect((await t.call('POST', '/vouchers/check', check)).body.code).toBe('voucher_void');
    await shop.redeem(memberId, rewardId, 2);
    expect(await told()).toEqual(['refunded']);
    // The transaction that it names is there.
    const { items } = await t.ok('GET', `/members/${memberId}/transactions`);
    expect(items.map((each: { id: string }) => each.id)).toContain(body.back[0].transactionId);
  });

  it('of goods waits until they are back, and says whether they go back on the shelf', async () => {
    const rewardId = await shop.reward(BOX);
    const redeemed = await shop.redeem(memberId, rewardId, 2);
    for (const { code } of redeemed.vouchers) await shop.use(code);
    const opened = await shop.opened(redeemed.id, { places: [1] });
    const accepted = await shop.answer(opened.id, { answer: 'accept', remedy: 'refund' });
    expect(accepted.body).toMatchObject({ state: 'accepted', remedy: 'refund', dueAt: null });
    expect((await shop.say(opened.id, 'send')).body).toMatchObject({ state: 'sent' });
    const received = await shop.answer(opened.id, { answer: 'receive', onShelf: false });
    expect(received.body.state).toBe('received');
    expect(await shop.available(memberId)).toBe(3_000);
    const settled = await shop.answer(opened.id, { answer: 'settle' });
    expect(settled.body).toMatchObject({ state: 'refunded', back: [{ points: 1_000 }] });
    expect(await shop.available(memberId)).toBe(4_000);
    expect(await shop.stock(rewardId)).toMatchObject({ sold: 2 });
    // A use that is undone afterwards brings nothing back to life.
    const { rows } = await t.pool.query(
      `select state from voucher where place = 1 and state = 'void'`,
    );
    expect(rows.length).toBeGreaterThan(0);
  });

  it('in parts gives back exactly the whole, in any order, and never more units than there are', async () => {
    const rewardId = await shop.reward({
      prices: [{ points: [{ pointType: 'points', points: 333 }], cashFen: 0 }],
    });
    const redeemed = await shop.redeem(memberId, rewardId, 3);
    expect(await shop.available(memberId)).toBe(4_001);
    for (const place of [2, 0, 1]) {
      const opened = await shop.opened(redeemed.id, { places: [place] });
      expect((await shop.open(redeemed.id, { places: [place] })).body.code).toBe(
        'after_sales_units_taken',
      );
      await shop.answer(opened.id, { answer: 'accept', remedy: 'refund' });
    }
    expect(await shop.available(memberId)).toBe(5_000);
    for (const more of [{}, { places: [0] }, { places: [3] }])
      expect((await shop.open(redeemed.id, more)).body.code).toBe('after_sales_units_taken');
    expect((await t.call('POST', `/redemptions/${redeemed.id}/cancel`, {})).body.code).toBe(
      'redemption_has_case',
    );
    await expect(
      t.pool.query('update redemption set returned = 4 where returned = 3'),
    ).rejects.toThrow('redemption_returned');
  });

  it('is for as long as the terms say, and not of what was used up', async () => {
    const redeemed = await shop.redeem(memberId, await shop.reward(IN_PARTS), 2);
    await shop.use(redeemed.vouchers[0].code, 100);
    expect((await shop.open(redeemed.id, { places: [0] })).body.code).toBe('voucher_used');
    const none = await shop.redeem(
      memberId,
      await shop.reward({ afterSales: { returnDays: 0, qualityDays: 15, exchange: false } }),
    );
    expect((await shop.open(none.id)).body.code).toBe('after_sales_not_offered');
    expect((await shop.open(none.id, { kind: 'exchange', reason: 'wrong_kind' })).body.code).toBe(
      'after_sales_not_offered',
    );
    await shop.pass(7);
    const late = await shop.opened(redeemed.id);
    expect(late.places).toEqual([1]);
    await shop.say(late.id, 'withdraw');
    await shop.pass(1);
    expect((await shop.open(redeemed.id, { places: [1] })).body).toMatchObject({
      code: 'after_sales_too_late',
      days: 7,
    });
  });

  it('happens once, whoever asks and answers at the same time', async () => {
    const redeemed = await shop.redeem(memberId, await shop.reward());
    const tills = await Promise.all([1, 2, 3, 4].map(() => shop.open(redeemed.id)));
    expect(tills.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    const { id } = tills.find(({ status }) => status === 201)?.body ?? {};
    const accept = { answer: 'accept', remedy: 'refund' };
    const answers = await Promise.all([1, 2, 3, 4].map(() => shop.answer(id, accept)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    expect(await shop.available(memberId)).toBe(5_000);
    // The same request is answered as it is, another one is not possible any more.
    const once = { key: 'after-sales-once' };
    const other = await shop.opened((await shop.redeem(memberId, await shop.reward())).id);
    const first = await shop.answer(other.id, accept, once);
    const again = await shop.answer(other.id, accept, once);
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect(again.headers['idempotency-replayed']).toBe('true');
    expect(await shop.available(memberId)).toBe(5_000);
  });

  it('of a voucher that is used meanwhile ends in one of both', async () => {
    const rewardId = await shop.reward();
    memberId = await shop.member(8_000);
    for (let round = 0; round < 8; round += 1) {
      const redeemed = await shop.redeem(memberId, rewardId);
      const before = await shop.available(memberId);
      const { id } = await shop.opened(redeemed.id);
      const [{ code }] = redeemed.vouchers;
      const bill = { code, merchantId: shop.merchantId, useNo: `race-${round}`, billFen: 8_000 };
      const [used, answered] = await Promise.all([
        t.call('POST', '/vouchers/uses', bill),
        shop.answer(id, { answer: 'accept', remedy: 'refund' }),
      ]);
      const isBack = answered.status === 200;
      expect(used.body.code ?? 'used').toBe(isBack ? 'voucher_void' : 'used');
      expect(answered.body.code ?? 'refunded').toBe(isBack ? 'refunded' : 'voucher_used');
      expect(await shop.available(memberId)).toBe(before + (isBack ? 1_000 : 0));
    }
  });

  it('after its lots lapsed has the points live on for the grace', async () => {
    await t.ok('POST', '/programmes/default/point-types', { code: 'brief', name: 'Brief' });
    await t.jobs.programmes.refresh();
    const rewardId = await shop.reward({
      prices: [{ points: [{ pointType: 'brief', points: 60 }], cashFen: 0 }],
      afterSales: { returnDays: 30, qualityDays: 30, exchange: false },
    });
    await t.ok('POST', '/transactions', {
      ...{ kind: 'issue', memberId, merchantId: shop.merchantId, points: 100 },
      ...{ pointType: 'brief', expiresAt: new Date(t.clock.now() + 5 * DAY).toISOString() },
    });
    const redeemed = await shop.redeem(memberId, rewardId);
    await shop.pass(6);
    await sweepNow(t.jobs);
    const { id } = await shop.opened(redeemed.id);
    await shop.answer(id, { answer: 'accept', remedy: 'refund' });
    const brief = async () => {
      const { balances } = await t.ok('GET', `/members/${memberId}/balance`);
      return balances.find((each: { pointType: string }) => each.pointType === 'brief').available;
    };
    // The forty that nobody spent are gone.
    expect(await brief()).toBe(60);
    t.clock.set(t.clock.now() + 29 * DAY);
    expect(await brief()).toBe(60);
    t.clock.set(t.clock.now() + 2 * DAY);
    expect(await brief()).toBe(0);
  });

  it('of a member who became part of another one comes to the other, and forgetting changes nothing', async () => {
    const survivorId = await t.member();
    const rewardId = await shop.reward();
    const [first, second] = [
      await shop.redeem(memberId, rewardId),
      await shop.redeem(memberId, rewardId),
    ];
    const before = await shop.opened(first.id);
    const merge = { from: memberId, reason: 'one person', actor: 'Li Na' };
    await t.ok('POST', `/members/${survivorId}/merges`, merge);
    expect(await shop.available(survivorId)).toBe(3_000);
    await shop.answer(before.id, { answer: 'accept', remedy: 'refund' });
    expect(await shop.available(survivorId)).toBe(4_000);
    await t.ok('POST', `/members/${survivorId}/erasures`, { actor: 'Li Na', reason: 'asked for' });
    const { id } = await shop.opened(second.id);
    await shop.answer(id, { answer: 'accept', remedy: 'refund' });
    expect(await shop.available(survivorId)).toBe(5_000);
    const { items } = await t.ok('GET', `/after-sales?memberId=${survivorId}`);
    expect(items.map((each: { state: string }) => each.state)).toEqual(['refunded', 'refunded']);
  });

  it('that was refunded by hand gives back what is left, and ends', async () => {
    const redeemed = await shop.redeem(memberId, await shop.reward());
    const { id } = await shop.opened(redeemed.id);
    const [{ transactionId }] = redeemed.price;
    await t.ok('POST', '/transactions', {
      ...{ kind: 'refund', memberId, transactionId, points: 300 },
    });
    const { body } = await shop.answer(id, { answer: 'accept', remedy: 'refund' });
    expect(body).toMatchObject({ state: 'refunded', back: [{ points: 700 }] });
    expect(await shop.available(memberId)).toBe(5_000);
  });

  it('goes on by itself when the ledger was away', async () => {
    const redeemed = await shop.redeem(memberId, await shop.reward());
    const { id } = await shop.opened(redeemed.id);
    t.ledgerDown = true;
    const accept = { answer: 'accept', remedy: 'refund' };
    expect((await shop.answer(id, accept, { key: 'away' })).status).toBe(503);
    t.ledgerDown = false;
    expect((await shop.read(id)).state).toBe('settling');
    t.clock.set(t.clock.now() + 2 * MINUTE);
    await settle(t.jobs);
    expect((await shop.answer(id, accept, { key: 'away' })).body.state).toBe('refunded');
    expect(await shop.available(memberId)).toBe(5_000);
  });

  it('can be rehearsed', async () => {
    const redeemed = await shop.redeem(memberId, await shop.reward());
    const dry = await shop.open(redeemed.id, { dryRun: true });
    expect([dry.status, dry.body]).toMatchObject([200, { state: 'opened', dryRun: true }]);
    const { id } = await shop.opened(redeemed.id);
    const answer = { answer: 'accept', remedy: 'refund', dryRun: true };
    expect((await shop.answer(id, answer)).body).toMatchObject({
      ...{ state: 'refunded', back: [{ points: 1_000 }], dryRun: true },
    });
    expect((await shop.read(id)).state).toBe('opened');
    expect(await shop.available(memberId)).toBe(4_000);
  });
});

describe('a merchant', () => {
  it('cannot refuse because it was points, in no way', async () => {
    const redeemed = await shop.redeem(memberId, await shop.reward());
    const { id } = await shop.opened(redeemed.id);
    for (const reason of ['it_was_points', 'points', 'redeemed_with_points', 'other'])
      expect((await shop.answer(id, { answer: 'refuse', reason })).body.code).toBe(
        'invalid_request',
      );
    const note = '积分兑换的商品不予退换';
    expect((await shop.answer(id, { answer: 'refuse', reason: 'used_up', note })).body.code).toBe(
      'after_sales_words',
    );
    const entry = (reason: string, words: string | null) =>
      t.pool.query(
        `insert into after_sales_step (case_id, number, step, state, at_ms, reason, note)
          select id, 99, 'refuse', 'refused', 1, $1, $2 from after_sales_case limit 1`,
        [reason, words],
      );
    await expect(entry('it_was_points', null)).rejects.toThrow('after_sales_step_reason_check');
    await expect(entry('used_up', note)).rejects.toThrow('after_sales_step_not_of_points');
    await expect(
      t.pool.query(`update after_sales_case set reason = 'it_was_points'`),
    ).rejects.toThrow('after_sales_case_check');
  });

  it('who refuses says why, and the member may ask the operator', async () => {
    const redeemed = await shop.redeem(memberId, await shop.reward());
    const { id } = await shop.opened(redeemed.id);
    const refused = await shop.answer(id, { answer: 'refuse', reason: 'unsealed', note: 'open' });
    expect(refused.body).toMatchObject({ state: 'refused', dueAt: null });
    expect(refused.body.history.at(-1)).toMatchObject({
      ...{ step: 'refuse', reason: 'unsealed', actor: 'Li Lei', note: 'open' },
    });
    const own = { auth: shop.key };
    expect(
      (await t.call('POST', `/after-sales/${id}/member-steps`, { step: 'appeal', actor: 'x' }, own))
        .body.code,
    ).toBe('operator_only');
    expect((await shop.say(id, 'appeal')).body.state).toBe('escalated');
    expect((await shop.answer(id, { answer: 'refuse', reason: 'unsealed' })).body.code).toBe(
      'after_sales_step_not_possible',
    );
    const { items } = await t.ok('GET', '/after-sales?state=escalated');
    expect(items.map((each: { id: string }) => each.id)).toContain(id);
    const decided = await shop.decide(id, { for: 'member', remedy: 'refund' });
    expect(decided.body.state).toBe('refunded');
    expect(await shop.available(memberId)).toBe(5_000);
    expect((await told()).sort()).toEqual(['escalated', 'refunded', 'refused']);
  });

  it('has an appeal dismissed by the operator alone; then it is over', async () => {
    const redeemed = await shop.redeem(memberId, await shop.reward());
    const { id } = await shop.opened(redeemed.id);
    await shop.answer(id, { answer: 'refuse', reason: 'custom_made' });
    await shop.say(id, 'appeal');
    const decision = { for: 'merchant', reason: 'custom_made', actor: 'Li Lei' };
    const theirs = await t.call('POST', `/after-sales/${id}/decision`, decision, {
      auth: shop.key,
    });
    expect(theirs.body.code).toBe('scope_missing');
    expect((await shop.decide(id, decision)).body.state).toBe('dismissed');
    expect((await shop.say(id, 'appeal')).body.code).toBe('after_sales_step_not_possible');
  });

  it('sees its own cases, the next deadline first, and those of nobody else', async () => {
    const other = await openShop(t);
    const rewardId = await other.reward();
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      const redeemed = await other.redeem(memberId, rewardId);
      ids.push((await other.opened(redeemed.id)).id);
      t.clock.set(t.clock.now() + DAY);
    }
    await other.answer(ids[1] as string, { answer: 'refuse', reason: 'not_ours' });
    const found: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const start: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page: { items: { id: string }[]; nextCursor: string | null } = await t.ok(
        ...(['GET', `/after-sales?limit=2${start}`, undefined] as const),
        { auth: other.key },
      );
      found.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(found).toEqual([ids[0], ids[2], ids[3], ids[4], ids[1]]);
    expect((await t.call('GET', '/after-sales?cursor=x')).body.code).toBe('cursor_invalid');
    const soon = new Date(t.clock.now() + 13 * DAY).toISOString();
    const due = await t.ok('GET', `/after-sales?dueBefore=${soon}`, undefined, {
      auth: other.key,
    });
    expect(due.items.map((each: { id: string }) => each.id)).toEqual([ids[0], ids[2]]);
    const theirs = await t.call('GET', `/after-sales/${ids[0]}`, undefined, { auth: shop.key });
    expect(theirs.body.code).toBe('after_sales_case_not_found');
  });
});

describe('time', () => {
  it('of 15 days without a word counts as a refusal and brings the case to the operator', async () => {
    const rewardId = await shop.reward(BOX);
    const redeemed = await shop.redeem(memberId, rewardId, 3);
    for (const { code } of redeemed.vouchers) await shop.use(code);
    const silent = await shop.opened(redeemed.id, { places: [0] });
    const onTheWay = await shop.opened(redeemed.id, { places: [1] });
    const waiting = await shop.opened(redeemed.id, { places: [2] });
    for (const { id } of [onTheWay, waiting])
      await shop.answer(id, { answer: 'accept', remedy: 'refund' });
    await shop.say(onTheWay.id, 'send');
    await shop.pass(15);
    expect((await shop.read(silent.id)).state).toBe('opened');
    await shop.pass(1);
    for (const { id } of [silent, onTheWay]) {
      const now = await shop.read(id);
      expect(now).toMatchObject({ state: 'escalated', dueAt: null });
      expect(now.history.at(-1)).toMatchObject({ step: 'escalate', byKey: null, actor: null });
    }
    // It is the member who has not sent it yet.
    expect((await shop.read(waiting.id)).state).toBe('accepted');
    expect(await told()).toContain('escalated');
    // It may still agree.
    const late = await shop.answer(silent.id, {
      answer: 'accept',
      remedy: 'refund',
      goodsBack: false,
    });
    expect(late.body.state).toBe('refunded');
  });

  it('of 7 days gives points back by itself for what is back, and else brings it to the operator', async () => {
    const redeemed = await shop.redeem(memberId, await shop.reward(BOX), 2);
    for (const { code } of redeemed.vouchers) await shop.use(code);
    const cases: { id: string }[] = [];
    for (const [place, remedy] of ['refund', 'mend'].entries()) {
      const claim = { kind: 'quality', reason: 'faulty', places: [place] };
      const { id } = await shop.opened(redeemed.id, claim);
      await shop.answer(id, { answer: 'accept', remedy });
      await shop.answer(id, { answer: 'receive', onShelf: true });
      cases.push({ id });
    }
    await shop.pass(8);
    const states = await Promise.all(cases.map(async ({ id }) => (await shop.read(id)).state));
    expect(states).toEqual(['refunded', 'escalated']);
    expect(await shop.available(memberId)).toBe(4_000);
  });

  it('moves many at once, beside two sweeps, each once', async () => {
    const rewardId = await shop.reward({
      prices: [{ points: [{ pointType: 'points', points: 1 }], cashFen: 0 }],
    });
    const redeemed = await shop.redeem(memberId, rewardId, 40);
    const opened = [];
    for (let place = 0; place < 40; place += 1)
      opened.push((await shop.opened(redeemed.id, { places: [place] })).id);
    t.clock.set(t.clock.now() + 16 * DAY);
    const sweep = () => t.jobs.others?.afterSales?.();
    await Promise.all([sweep(), sweep()]);
    await sweep();
    const { rows } = await t.pool.query(
      `select step, count(*)::int as times from after_sales_step s join after_sales_case c on c.id = s.case_id
        where c.state = 'escalated' and c.member = (select member from after_sales_case where state = 'escalated' order by id desc limit 1)
        group by step order by step`,
    );
    expect(rows).toEqual([
      { step: 'escalate', times: 40 },
      { step: 'open', times: 40 },
    ]);
    await Promise.all(opened.map((id) => shop.say(id, 'withdraw')));
  });
});

describe('what is delivered', () => {
  const PARCEL = {
    ...BOX,
    fulfilment: { kind: 'delivery', feeFen: 0 },
    cancellation: { until: 'never' },
  } as const;
  const to = { name: '韩梅梅', phone: '13800000000', region: '330106', address: '文三路 1 号' };
  const order = async (quantity = 1) => {
    const rewardId = await shop.reward(PARCEL);
    const particulars = { kind: 'delivery', ...to };
    const asked = { memberId, rewardId, merchantId: shop.merchantId, quantity, particulars };
    return (await t.ok('POST', '/redemptions', asked)).id;
  };
  const tell = (id: string, state: object) =>
    t.ok('POST', `/deliveries/${id}/state`, { actor: 'Li Lei', ...state });
  const SENT = { state: 'sent', carrier: '顺丰', trackingNo: 'SF1' };
  const refund = { answer: 'accept', remedy: 'refund' };

  it('can be returned so many days after it came, whenever it was redeemed, and is waited for', async () => {
    const id = await order();
    await shop.pass(20);
    await tell(id, SENT);
    await tell(id, { state: 'delivered' });
    await shop.pass(7);
    const opened = await shop.opened(id);
    const { body } = await shop.answer(opened.id, refund);
    expect(body.state).toBe('accepted');
    await shop.say(opened.id, 'withdraw');
    await shop.pass(1);
    expect((await shop.open(id)).body.code).toBe('after_sales_too_late');
    expect((await shop.opened(id, { kind: 'quality', reason: 'incomplete' })).state).toBe('opened');
  });

  it('is waited for while it is on its way, unless it is said not to have come', async () => {
    const [id, lost] = [await order(), await order()];
    await tell(id, SENT);
    await tell(lost, SENT);
    const opened = await shop.opened(id);
    expect((await shop.answer(opened.id, refund)).body.state).toBe('accepted');
    const never = await shop.opened(lost, { kind: 'quality', reason: 'not_delivered' });
    expect((await shop.answer(never.id, refund)).body.state).toBe('refunded');
  });

  it('is not sent any more when all of it goes back before', async () => {
    const id = await order(2);
    const parcel = async () => (await t.ok('GET', `/redemptions/${id}`)).delivery.state;
    const first = await shop.opened(id, { places: [0] });
    expect((await shop.answer(first.id, refund)).body.state).toBe('refunded');
    expect(await parcel()).toBe('to_send');
    await shop.cancel(id);
    expect(await parcel()).toBe('cancelled');
    expect(await shop.available(memberId)).toBe(5_000);
  });
});

describe('an exchange', () => {
  it('gives another voucher with the same end; the one before counts no more', async () => {
    const redeemed = await shop.redeem(memberId, await shop.reward(IN_PARTS));
    const [before] = redeemed.vouchers;
    const use = await shop.use(before.code, 1_000);
    const { id } = await shop.opened(redeemed.id, { kind: 'quality', reason: 'not_honoured' });
    const { body } = await shop.answer(id, { answer: 'accept', remedy: 'exchange' });
    expect(body).toMatchObject({ state: 'exchanged', back: [] });
    const { vouchers } = await t.ok('GET', `/redemptions/${redeemed.id}`);
    expect(vouchers).toMatchObject([
      { place: 0, state: 'void', code: before.code },
      { place: 0, state: 'open', leftFen: 4_000, expiresAt: before.expiresAt },
    ]);
    const undo = { reason: 'wrong bill', actor: 'Li Lei' };
    expect((await t.call('POST', `/vouchers/uses/${use.id}/undo`, undo)).body.code).toBe(
      'voucher_void',
    );
    expect((await shop.use(vouchers[1].code, 4_000)).offFen).toBe(4_000);
    expect(await shop.available(memberId)).toBe(4_000);
  });

  it('of goods that were fetched lets another one be fetched', async () => {
    const redeemed = await shop.redeem(memberId, await shop.reward(BOX));
    await shop.use(redeemed.vouchers[0].code);
    const { id } = await shop.opened(redeemed.id, { kind: 'exchange', reason: 'wrong_size' });
    expect((await shop.answer(id, { answer: 'accept', remedy: 'mend' })).body.code).toBe(
      'after_sales_step_not_possible',
    );
    await shop.answer(id, { answer: 'accept', remedy: 'exchange' });
    await shop.answer(id, { answer: 'receive', onShelf: true });
    expect((await shop.answer(id, { answer: 'settle' })).body.state).toBe('exchanged');
    const { vouchers } = await t.ok('GET', `/redemptions/${redeemed.id}`);
    await shop.use(vouchers[1].code);
    // What was exchanged may be bad as well.
    expect((await shop.opened(redeemed.id, { kind: 'quality', reason: 'damaged' })).places).toEqual(
      [0],
    );
  });
});
