import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';
import { BOX, DAY, openShop, type Shop } from '../../http/test-shop.ts';
import { settle } from '../../jobs/run-jobs.ts';
import type { RewardTerms } from '../../kernel/reward.ts';
import { findBreaches } from '../../ledger/testing/invariants.ts';
import { withTransaction } from '../../platform/database.ts';
import { mustReadId } from '../../platform/web/schema.ts';
import { answerCase } from '../after-sales/answer-case.ts';
import { readCases } from '../after-sales/case-store.ts';
import { sealer } from '../testing/counter.ts';
import { dying } from '../testing/dying.ts';

const MINUTE = 60_000;
const TO = { name: '韩梅梅', phone: '13800000000', region: '330106', address: '文三路 1 号' };
const ELSEWHERE = { name: '李雷', phone: '0571-8800', region: '330108', address: '江南大道 2 号' };
const PARCEL: Partial<RewardTerms> = {
  ...BOX,
  fulfilment: { kind: 'delivery', feeFen: 0 },
  cancellation: { until: 'before_use' },
  afterSales: { returnDays: 7, qualityDays: 7, exchange: true },
};
const SENT = { state: 'sent', carrier: '顺丰', trackingNo: 'SF1' };
const EXCHANGE = { answer: 'accept', remedy: 'exchange' };
const REFUND = { answer: 'accept', remedy: 'refund' };

let t: PointsTestApp;
let shop: Shop;
let memberId: string;
beforeEach(async () => {
  t = await createPointsTestApp();
  shop = await openShop(t);
  memberId = await shop.member();
});
afterEach(async () => {
  const [breaches, logged] = [await findBreaches(t.pool), t.logged()];
  await t.close();
  expect(breaches).toEqual([]);
  expect(logged).not.toContain(TO.name);
});

const order = async (quantity = 1): Promise<string> => {
  const rewardId = await shop.reward(PARCEL);
  const particulars = { kind: 'delivery', ...TO };
  const asked = { memberId, rewardId, merchantId: shop.merchantId, quantity, particulars };
  return (await t.ok('POST', '/redemptions', asked)).id;
};
const tell = (id: string, state: object, more = {}) =>
  t.call('POST', `/deliveries/${id}/state`, { actor: 'Li Lei', ...state, ...more });
const arrives = async (id: string, more = {}) => {
  expect((await tell(id, SENT, more)).status).toBe(200);
  expect((await tell(id, { state: 'delivered' }, more)).status).toBe(200);
};
const worklist = async (state = 'to_send') =>
  (await t.ok('GET', `/deliveries?merchantId=${shop.merchantId}&state=${state}`)).items;
const read = (id: string) => t.ok('GET', `/redemptions/${id}`);
/** Ends in another delivery; answers the case. */
const exchanged = async (id: string, more: object = {}): Promise<string> => {
  // Of one moment they would be in any order.
  t.clock.set(t.clock.now() + 1);
  const opened = await shop.opened(id, { kind: 'exchange', reason: 'wrong_size', ...more });
  const { body } = await shop.answer(opened.id, { ...EXCHANGE, goodsBack: false });
  expect(body.state).toBe('exchanged');
  return opened.id;
};
const erase = async () => {
  await t.jobs.others?.redeemed?.();
};
const kept = async () => {
  const { rows } = await t.pool.query<{ first: boolean; again: boolean | null }>(
    `select r.particulars ->> 'recipient' is not null as first, d.particulars ->> 'recipient' is not null as again
      from redemption r left join delivery d on d.redemption = r.id and d.turn > 0 order by d.turn`,
  );
  return rows;
};

describe('what is exchanged', () => {
  it('is sent again, the units of the case alone, and the first stays as it was', async () => {
    const id = await order(3);
    await arrives(id);
    const before = (await t.ok('GET', `/deliveries/${id}`)) as object;
    const opened = await shop.opened(id, {
      ...{ kind: 'exchange', reason: 'wrong_size', places: [0, 2] },
    });
    await shop.answer(opened.id, EXCHANGE);
    expect(await worklist()).toEqual([]);
    await shop.answer(opened.id, { answer: 'receive', onShelf: true });
    const key = 'settled-once';
    const first = await shop.answer(opened.id, { answer: 'settle' }, { key });
    expect(first.body.state).toBe('exchanged');
    const again = await shop.answer(opened.id, { answer: 'settle' }, { key });
    expect(again.body).toEqual(first.body);
    expect((await shop.answer(opened.id, { answer: 'settle' })).body.code).toBe(
      'after_sales_step_not_possible',
    );
    const { region, ...recipient } = TO;
    expect(await worklist()).toMatchObject([
      { redemptionId: id, exchangeOf: opened.id, quantity: 2, region, recipient },
    ]);
    expect(await t.ok('GET', `/deliveries/${id}`)).toEqual(before);
    expect(await read(id)).toMatchObject({
      delivery: { state: 'delivered' },
      sentAgain: [{ exchangeOf: opened.id, quantity: 2, recipient, state: 'to_send' }],
    });
    expect(await shop.available(memberId)).toBe(2_000);
  });

  it('has its own states, corrections and messages', async () => {
    const id = await order();
    await arrives(id);
    const more = { exchangeOf: await exchanged(id) };
    expect((await tell(id, { state: 'delivered' }, more)).body.code).toBe('delivery_state');
    const key = 'sent-again';
    const told = { ...{ ...SENT, trackingNo: 'SF2' }, ...more, actor: 'Li Lei' };
    const first = await t.call('POST', `/deliveries/${id}/state`, told, { key });
    expect(first.body).toMatchObject({ state: 'sent', trackingNo: 'SF2', ...more });
    expect((await t.call('POST', `/deliveries/${id}/state`, told, { key })).body).toEqual(
      first.body,
    );
    const lost = { state: 'undeliverable', reason: '无人签收' };
    await tell(id, lost, more);
    await tell(id, { state: 'delivered', correction: '签收了' }, more);
    const story = await t.ok('GET', `/deliveries/${id}?exchangeOf=${more.exchangeOf}`);
    expect(story.changes.map(({ to }: { to: string }) => to)).toEqual([
      ...['sent', 'undeliverable', 'delivered'],
    ]);
    expect((await t.ok('GET', `/deliveries/${id}`)).changes).toHaveLength(2);
    const { items } = await t.ok('GET', `/members/${memberId}/messages`);
    const states = items
      .filter(({ kind }: { kind: string }) => kind === 'delivery')
      .map(({ facts }: { facts: { state: string } }) => facts.state)
      .sort();
    expect(states).toEqual(['delivered', 'delivered', 'sent', 'sent', 'undeliverable']);
    // Of another redemption it is none.
    const other = await order();
    expect((await tell(other, SENT, more)).body.code).toBe('delivery_not_found');
  });

  it('can be returned from the day on which it came again, the other units from the first', async () => {
    const id = await order(2);
    await arrives(id);
    const more = { exchangeOf: await exchanged(id, { places: [1] }) };
    t.clock.set(t.clock.now() + 5 * DAY);
    await arrives(id, more);
    t.clock.set(t.clock.now() + 4 * DAY);
    expect((await shop.open(id, { places: [0] })).body.code).toBe('after_sales_too_late');
    const late = await shop.opened(id, { places: [1] });
    await shop.say(late.id, 'withdraw');
    t.clock.set(t.clock.now() + 4 * DAY);
    expect((await shop.open(id, { places: [1] })).body.code).toBe('after_sales_too_late');
  });

  it('twice is sent twice more, and what was not sent yet is not sent twice', async () => {
    const id = await order(2);
    await arrives(id);
    const first = await exchanged(id);
    const second = await exchanged(id, { places: [0] });
    expect(await worklist()).toMatchObject([
      { exchangeOf: first, quantity: 1 },
      { exchangeOf: second, quantity: 1 },
    ]);
    await arrives(id, { exchangeOf: first });
    await arrives(id, { exchangeOf: second });
    const third = await exchanged(id);
    expect(await worklist()).toMatchObject([{ exchangeOf: third, quantity: 2 }]);
    expect((await read(id)).sentAgain).toHaveLength(3);
    // That the first was not sent after all sends nothing a second time.
    const correction = 'never left';
    expect((await tell(id, { state: 'to_send', correction })).body.code).toBe('delivery_state');
    expect(await worklist()).toMatchObject([{ exchangeOf: third, quantity: 2 }]);
  });

  it('and then given back is not sent', async () => {
    const id = await order(2);
    await arrives(id);
    const more = { exchangeOf: await exchanged(id) };
    const some = await shop.opened(id, { places: [0] });
    expect((await shop.answer(some.id, REFUND)).body.state).toBe('refunded');
    expect(await worklist()).toMatchObject([{ ...more, quantity: 1 }]);
    const rest = await shop.opened(id, { places: [1] });
    expect((await shop.answer(rest.id, REFUND)).body.state).toBe('refunded');
    expect(await worklist()).toEqual([]);
    expect((await tell(id, SENT, more)).body.code).toBe('delivery_state');
    expect((await read(id)).sentAgain).toMatchObject([{ state: 'cancelled' }]);
    expect(await shop.available(memberId)).toBe(5_000);
    await erase();
    expect(await kept()).toEqual([{ first: true, again: false }]);
  });

  it('is waited for while it is on its way, unless it is said not to have come', async () => {
    const id = await order(2);
    await arrives(id);
    const exchangeOf = await exchanged(id, { places: [0] });
    await tell(id, SENT, { exchangeOf });
    const way = await shop.opened(id, { places: [0] });
    expect((await shop.answer(way.id, REFUND)).body.state).toBe('accepted');
    await shop.say(way.id, 'withdraw');
    const claim = { kind: 'quality', reason: 'not_delivered', places: [0] };
    const lost = await shop.opened(id, claim);
    expect((await shop.answer(lost.id, REFUND)).body.state).toBe('refunded');
  });

  it('is cancelled with the redemption where none of it was ever sent', async () => {
    const id = await order(2);
    await exchanged(id, { places: [0] });
    expect(await worklist()).toMatchObject([{ exchangeOf: null, quantity: 1 }, { quantity: 1 }]);
    expect((await t.ok('POST', `/redemptions/${id}/cancel`, {})).state).toBe('cancelled');
    expect(await worklist()).toEqual([]);
    const other = await order();
    await arrives(other);
    await exchanged(other);
    expect((await t.call('POST', `/redemptions/${other}/cancel`, {})).body.code).toBe(
      'redemption_not_cancellable',
    );
  });

  it('is exchanged once by two who say so at once', async () => {
    const id = await order();
    const opened = await shop.opened(id, { kind: 'exchange', reason: 'wrong_size' });
    const answers = await Promise.all([1, 2, 3].map(() => shop.answer(opened.id, EXCHANGE)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    expect(await worklist()).toMatchObject([{ exchangeOf: opened.id, quantity: 1 }]);
  });

  it('by a process that dies is sent again once, at whichever step it died', async () => {
    const seen = new Set<string>();
    const rewardId = await shop.reward(PARCEL);
    const said = { by: null, actor: 'Li Lei', note: null };
    for (const after of [false, true])
      for (let at = 1; ; at += 1) {
        const who = await shop.member(1_000);
        const particulars = { kind: 'delivery', ...TO };
        const asked = { memberId: who, rewardId, merchantId: shop.merchantId, particulars };
        const { id } = await t.ok('POST', '/redemptions', asked);
        const opened = await shop.opened(id, { kind: 'exchange', reason: 'wrong_size' });
        const own = mustReadId('afterSalesCase', opened.id);
        const of = (await readCases(t.pool, [own])).get(own);
        if (of === undefined) throw new Error('there is a case');
        const { pool, ledger } = dying(t.pool, t.ledger, at, after);
        const { clock, jobs } = t;
        const deps = { pool, ledger, sealer, clock, programmes: jobs.programmes };
        const answer = { answer: 'accept', remedy: 'exchange' } as const;
        const died = await withTransaction(pool, (tx) =>
          answerCase(tx, { ...deps, tell: async () => {} }, of, answer, said),
        ).then(
          () => false,
          () => true,
        );
        const { state } = await shop.read(opened.id);
        seen.add(state);
        const whole = async () => {
          const { delivery, sentAgain = [] } = await read(id);
          return [delivery.state, ...sentAgain.map((each: { state: string }) => each.state)];
        };
        expect(await whole()).toEqual(
          state === 'exchanged' ? ['cancelled', 'to_send'] : ['to_send'],
        );
        await shop.answer(opened.id, EXCHANGE);
        expect(await whole()).toEqual(['cancelled', 'to_send']);
        if (!died) break;
        expect(at).toBeLessThan(50);
      }
    expect([...seen].sort()).toEqual(['exchanged', 'opened']);
  });
});

describe('the worklist', () => {
  it('has only what is still to be sent of what went back in part, also of what came back undelivered', async () => {
    const id = await order(3);
    const opened = await shop.opened(id, { places: [1] });
    await shop.answer(opened.id, REFUND);
    expect(await worklist()).toMatchObject([{ redemptionId: id, exchangeOf: null, quantity: 2 }]);
    await tell(id, SENT);
    const way = await shop.opened(id, { places: [0] });
    await shop.answer(way.id, { ...REFUND, goodsBack: false });
    expect(await worklist('sent')).toMatchObject([{ quantity: 2 }]);
    await tell(id, { state: 'to_send', correction: 'never left' });
    expect(await worklist()).toMatchObject([{ quantity: 1 }]);
    await tell(id, SENT);
    await tell(id, { state: 'undeliverable', reason: '无人签收' });
    const rest = await shop.opened(id, { places: [2] });
    await shop.answer(rest.id, REFUND);
    expect((await read(id)).delivery.state).toBe('cancelled');
    expect(await shop.available(memberId)).toBe(5_000);
  });

  it('is read in pages, also where two are of one redemption and moment', async () => {
    const id = await order(4);
    const moment = t.clock.now();
    for (const place of [0, 1, 2]) {
      await exchanged(id, { places: [place] });
      t.clock.set(moment);
    }
    const found: string[] = [];
    let cursor = '';
    do {
      const path = `/deliveries?merchantId=${shop.merchantId}&limit=1${cursor}`;
      const page = await t.ok('GET', path);
      found.push(...page.items.map((each: { exchangeOf: string | null }) => each.exchangeOf));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(new Set(found).size).toBe(4);
    expect(found).toHaveLength(4);
  });
});

describe('to whom it goes again', () => {
  const path = (id: string) => `/redemptions/${id}/recipient`;

  it('can be changed until it is sent, and the first keeps its own', async () => {
    const id = await order();
    await arrives(id);
    expect((await t.call('PUT', path(id), ELSEWHERE)).body.code).toBe('delivery_state');
    const more = { exchangeOf: await exchanged(id) };
    expect((await t.call('PUT', path(id), ELSEWHERE)).body).toMatchObject({
      ...{ ...more, region: '330108', recipient: null },
    });
    expect(await worklist()).toMatchObject([{ recipient: { name: '李雷' } }]);
    expect((await t.ok('GET', `/deliveries/${id}`)).delivery.recipient.name).toBe('韩梅梅');
    await tell(id, SENT, more);
    expect((await t.call('PUT', path(id), TO)).body.code).toBe('delivery_state');
    await tell(id, { state: 'delivered' }, more);
    // The next goes where the last one went.
    await exchanged(id);
    expect(await worklist()).toMatchObject([{ recipient: { name: '李雷' } }]);
  });

  it('is kept until its own terms are over', async () => {
    const id = await order();
    await arrives(id);
    t.clock.set(t.clock.now() + 5 * DAY);
    const more = { exchangeOf: await exchanged(id) };
    await arrives(id, more);
    t.clock.set(t.clock.now() + 178 * DAY);
    await erase();
    expect(await kept()).toEqual([{ first: false, again: true }]);
    t.clock.set(t.clock.now() + 5 * DAY - MINUTE);
    await erase();
    expect(await kept()).toEqual([{ first: false, again: true }]);
    t.clock.set(t.clock.now() + MINUTE);
    await erase();
    expect(await kept()).toEqual([{ first: false, again: false }]);
    expect((await read(id)).sentAgain).toMatchObject([{ region: '330106', recipient: null }]);
  });

  it('is erased with a forgotten member, whose exchange is not sent to anybody', async () => {
    const id = await order(2);
    await arrives(id);
    await exchanged(id, { places: [0] });
    const opened = await shop.opened(id, { kind: 'exchange', reason: 'other', places: [1] });
    const erasure = { reason: 'asked', actor: 'Li Lei' };
    await t.ok('POST', `/members/${memberId}/erasures`, erasure);
    expect(await kept()).toEqual([{ first: false, again: false }]);
    const { body } = await shop.answer(opened.id, { ...EXCHANGE, goodsBack: false });
    expect(body.state).toBe('exchanged');
    expect(await worklist()).toMatchObject([{ recipient: null }, { recipient: null }]);
  });

  it('is that of a merged member too', async () => {
    const id = await order();
    await arrives(id);
    const opened = await shop.opened(id, { kind: 'exchange', reason: 'other' });
    const survivorId = await t.member();
    const merge = { from: memberId, reason: 'one person', actor: 'Li Lei' };
    await t.ok('POST', `/members/${survivorId}/merges`, merge);
    await settle(t.jobs);
    await shop.answer(opened.id, { ...EXCHANGE, goodsBack: false });
    expect(await worklist()).toMatchObject([{ recipient: { name: '韩梅梅' } }]);
    await tell(id, SENT, { exchangeOf: opened.id });
    const { items } = await t.ok('GET', `/members/${survivorId}/messages`);
    expect(items.map(({ kind }: { kind: string }) => kind)).toContain('delivery');
    const erasure = { reason: 'asked', actor: 'Li Lei' };
    await t.ok('POST', `/members/${survivorId}/erasures`, erasure);
    expect(await kept()).toEqual([{ first: false, again: false }]);
  });
});
