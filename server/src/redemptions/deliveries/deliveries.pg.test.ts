import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { showTerms } from '../../catalogue/terms-schema.ts';
import { terms } from '../../catalogue/testing/told.ts';
import type { Answered } from '../../http/test-app.ts';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';
import { settle } from '../../jobs/run-jobs.ts';
import type { RewardTerms } from '../../kernel/reward.ts';
import { findBreaches } from '../../ledger/testing/invariants.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const TO = { name: '韩梅梅', phone: '13800000000', region: '330106', address: '文三路 1 号' };
const ELSEWHERE = { name: '李雷', phone: '0571-8800', region: '330108', address: '江南大道 2 号' };

let t: PointsTestApp;
let merchantId: string;
let memberId: string;
let warehouse: string;
beforeEach(async () => {
  t = await createPointsTestApp();
  merchantId = await t.merchant();
  memberId = await t.member();
  warehouse = await t.apiKey(['deliveries:handle', 'redemptions:read'], merchantId);
  const issue = { kind: 'issue', memberId, merchantId, points: 5_000 };
  await t.ok('POST', '/transactions', issue);
});
afterEach(async () => {
  const [breaches, logged] = [await findBreaches(t.pool), t.logged()];
  await t.close();
  expect(breaches).toEqual([]);
  expect(logged).not.toContain(TO.name);
});

let codes = 0;
async function reward(more: Partial<RewardTerms> = {}): Promise<string> {
  codes += 1;
  const fulfilment = { kind: 'delivery', regions: ['3301'], feeFen: 0 } as const;
  const body = {
    ...showTerms(terms({ kind: 'goods', fulfilment, ...more })),
    stores: [{ merchant: merchantId }],
  };
  const { id } = await t.ok('POST', '/rewards', { code: `sent-${codes}`, merchantId, body });
  await t.ok('POST', `/rewards/${id}/publish`, {});
  t.clock.set(t.clock.now() + MINUTE);
  return id;
}
const redeem = (
  rewardId: string,
  to: object | null = TO,
  more = {},
  options = {},
): Promise<Answered> =>
  t.call(
    'POST',
    '/redemptions',
    {
      ...{ memberId, rewardId, merchantId, ...more },
      ...(to === null ? {} : { particulars: { kind: 'delivery', ...to } }),
    },
    options,
  );
const sent = async (rewardId?: string) => {
  const { status, body, text } = await redeem(rewardId ?? (await reward()));
  expect(status, text).toBe(201);
  return body;
};
const SENT = { state: 'sent', carrier: '顺丰', trackingNo: 'SF1', actor: 'Li Lei' };
const tell = (id: string, told: object, options = { auth: warehouse }): Promise<Answered> =>
  t.call('POST', `/deliveries/${id}/state`, { actor: 'Li Lei', ...told }, options);
const worklist = async (state = 'to_send') =>
  (
    await t.ok('GET', `/deliveries?merchantId=${merchantId}&state=${state}`, undefined, {
      auth: warehouse,
    })
  ).items;
const told = async (): Promise<unknown[]> => {
  const { items } = await t.ok('GET', `/members/${memberId}/messages`);
  return items
    .filter(({ kind }: { kind: string }) => kind === 'delivery')
    .map(({ facts }: { facts: { state: string } }) => facts.state)
    .sort();
};
const handedOver = async (id: string): Promise<string | null> =>
  (await t.ok('GET', `/redemptions/${id}`)).delivery.deliveredAt;
/** Everything in the database that names somebody. */
async function written(): Promise<string> {
  const { rows } = await t.pool.query(
    `select r.particulars::text, r.fingerprint::text, a.* from redemption r, (select json_agg(i)::text as answers from idempotent_answer i) a`,
  );
  return JSON.stringify(rows);
}

describe('what is delivered', () => {
  it('is under way until it has come', async () => {
    const { id } = await sent();
    const stages = async (): Promise<string[]> => {
      const found: string[] = [];
      for (const stage of ['to_use', 'under_way', 'over']) {
        const { items } = await t.ok('GET', `/redemptions?memberId=${memberId}&stage=${stage}`);
        if (items.some((each: { id: string }) => each.id === id)) found.push(stage);
      }
      return found;
    };
    expect(await stages()).toEqual(['under_way']);
    expect((await tell(id, SENT)).status).toBe(200);
    expect(await stages()).toEqual(['under_way']);
    expect((await tell(id, { state: 'delivered' })).status).toBe(200);
    expect(await stages()).toEqual(['over']);
  });

  it('goes to the recipient, whom the merchant that delivers learns, and the database does not', async () => {
    const shown = await sent();
    const { region, ...recipient } = TO;
    expect(shown).toMatchObject({
      ...{ state: 'fulfilled', vouchers: [], particulars: { region, recipient } },
      delivery: { state: 'to_send', sentAt: null },
    });
    expect(await worklist()).toMatchObject([{ redemptionId: shown.id, region, recipient }]);
    const read = (auth?: string) =>
      t.ok('GET', `/redemptions/${shown.id}`, undefined, auth === undefined ? {} : { auth });
    expect((await read()).particulars.recipient).toEqual(recipient);
    // For that there is a scope of its own.
    expect((await read(warehouse)).particulars.recipient).toBe(null);
    const { items } = await t.ok('GET', `/redemptions?memberId=${memberId}`);
    expect(items).toMatchObject([{ particulars: { region, recipient: null } }]);
    const all = await written();
    for (const secret of [TO.name, TO.phone, TO.address]) expect(all).not.toContain(secret);
    const other = await t.apiKey(['deliveries:handle'], await t.merchant());
    const path = `/deliveries/${shown.id}`;
    expect((await t.call('GET', path, undefined, { auth: other })).body.code).toBe(
      'delivery_not_found',
    );
    expect((await tell(shown.id, SENT, { auth: other })).body.code).toBe('delivery_not_found');
    const list = `/deliveries?merchantId=${merchantId}`;
    expect((await t.call('GET', list, undefined, { auth: other })).body.code).toBe(
      'merchant_out_of_reach',
    );
  });

  it('is sent, and delivered, and its member told of each, however often it is said', async () => {
    const { id } = await sent();
    expect((await tell(id, { state: 'delivered' })).body).toMatchObject({
      ...{ code: 'delivery_state', state: 'to_send' },
    });
    t.clock.set(t.clock.now() + DAY);
    const first = await tell(id, SENT);
    expect([first.status, first.body]).toMatchObject([200, { state: 'sent', carrier: '顺丰' }]);
    expect((await tell(id, SENT)).body).toEqual(first.body);
    expect((await tell(id, { ...SENT, trackingNo: 'SF2' })).body.code).toBe('delivery_state');
    expect(await handedOver(id)).toBe(null);
    const at = new Date(t.clock.now() + MINUTE).toISOString();
    expect((await tell(id, { state: 'delivered', at })).body.code).toBe('time_in_future');
    t.clock.set(t.clock.now() + DAY);
    expect((await tell(id, { state: 'delivered', at })).body.deliveredAt).toBe(at);
    expect((await tell(id, { state: 'delivered' })).body.deliveredAt).toBe(at);
    expect(await handedOver(id)).toBe(at);
    expect(await told()).toEqual(['delivered', 'sent']);
    expect((await t.ok('GET', `/redemptions/${id}`)).delivery).toMatchObject({
      ...{ state: 'delivered', carrier: '顺丰', trackingNo: 'SF1', deliveredAt: at },
    });
    expect(await worklist()).toEqual([]);
    expect(await worklist('delivered')).toMatchObject([{ redemptionId: id }]);
  });

  it('is told by two at once as by one', async () => {
    const { id } = await sent();
    const answers = await Promise.all([
      ...[tell(id, SENT), tell(id, SENT), tell(id, { ...SENT, trackingNo: 'SF2' })],
    ]);
    const { delivery, changes } = await t.ok('GET', `/deliveries/${id}`);
    expect(changes).toHaveLength(1);
    for (const { status, body } of answers)
      expect(status === 200 ? body.trackingNo : body.code).toBe(
        status === 200 ? delivery.trackingNo : 'delivery_state',
      );
    expect(await told()).toEqual(['sent']);
  });

  it('that could not be delivered says why; what was wrong is corrected, and stays written', async () => {
    const { id } = await sent();
    await tell(id, SENT);
    await tell(id, { state: 'delivered' });
    const back = { state: 'undeliverable', reason: '无人签收' };
    expect((await tell(id, back)).body.code).toBe('delivery_state');
    const correction = '快递员按错了';
    expect((await tell(id, { ...back, correction })).body).toMatchObject({
      ...{ state: 'undeliverable', reason: '无人签收', deliveredAt: null },
    });
    expect(await handedOver(id)).toBe(null);
    const { changes } = await t.ok('GET', `/deliveries/${id}`);
    expect(changes).toMatchObject([
      { from: 'to_send', to: 'sent', correction: null, actor: 'Li Lei' },
      { from: 'sent', to: 'delivered' },
      { from: 'delivered', to: 'undeliverable', correction },
    ]);
    expect(await told()).toEqual(['delivered', 'sent', 'undeliverable']);
    expect((await t.ok('POST', `/redemptions/${id}/cancel`, {})).state).toBe('cancelled');
  });

  it('goes elsewhere until it is sent, within the regions that are served', async () => {
    const { id } = await sent();
    const path = `/redemptions/${id}/recipient`;
    const key = `elsewhere-${id}`;
    const first = await t.call('PUT', path, ELSEWHERE, { key });
    expect([first.status, first.body]).toMatchObject([200, { region: '330108', recipient: null }]);
    expect((await t.call('PUT', path, ELSEWHERE, { key })).body).toEqual(first.body);
    const far = { ...ELSEWHERE, region: '110101' };
    expect((await t.call('PUT', path, far)).body.code).toBe('region_not_served');
    expect(await worklist()).toMatchObject([
      { region: '330108', recipient: { name: '李雷', address: ELSEWHERE.address } },
    ]);
    expect(await written()).not.toContain('李雷');
    await tell(id, SENT);
    expect((await t.call('PUT', path, TO)).body.code).toBe('delivery_state');
    const plain = await t.ok('POST', '/redemptions', {
      ...{ memberId, merchantId, rewardId: await reward({ fulfilment: { kind: 'code' } }) },
    });
    expect((await t.call('PUT', `/redemptions/${plain.id}/recipient`, TO)).body.code).toBe(
      'delivery_not_found',
    );
  });

  it('is cancelled until it is sent, by its terms, whoever is quicker', async () => {
    const rewardId = await reward();
    const [first, second] = [await sent(rewardId), await sent(rewardId)];
    expect((await t.ok('POST', `/redemptions/${first.id}/cancel`, {})).delivery.state).toBe(
      'cancelled',
    );
    expect((await tell(first.id, SENT)).body.code).toBe('delivery_state');
    expect(await worklist()).toMatchObject([{ redemptionId: second.id }]);
    const [was, cancelled] = await Promise.all([
      tell(second.id, SENT),
      t.call('POST', `/redemptions/${second.id}/cancel`, {}),
    ]);
    expect([was.status, cancelled.status].sort()).not.toEqual([200, 200]);
    const third = await sent(rewardId);
    await tell(third.id, SENT);
    expect((await t.call('POST', `/redemptions/${third.id}/cancel`, {})).body).toMatchObject({
      ...{ code: 'redemption_not_cancellable', state: 'sent' },
    });
    const never = await sent(await reward({ cancellation: { until: 'never' } }));
    expect((await t.call('POST', `/redemptions/${never.id}/cancel`, {})).body.code).toBe(
      'redemption_not_cancellable',
    );
  });

  it('refuses other regions, other particulars, and a fee that nobody can be paid', async () => {
    const rewardId = await reward();
    expect((await redeem(rewardId, { ...TO, region: '110101' })).body.code).toBe(
      'region_not_served',
    );
    expect((await redeem(rewardId, null)).body).toMatchObject({
      ...{ code: 'particulars_unfit', wanted: 'delivery' },
    });
    const key = `digest-${rewardId}`;
    const first = await redeem(rewardId, TO, {}, { key });
    expect((await redeem(rewardId, TO, {}, { key })).body).toEqual(first.body);
    expect((await redeem(rewardId, ELSEWHERE, {}, { key })).body.code).toBe(
      'idempotency_key_reused',
    );
    const fee = await reward({ fulfilment: { kind: 'delivery', feeFen: 1_000 } });
    expect((await redeem(fee)).body.code).toBe('payment_not_offered');
  });

  it('can be returned from the day on which it was delivered, however long it was on its way', async () => {
    const { id } = await sent();
    const claim = { kind: 'return', reason: 'changed_mind', actor: 'Han Meimei', dryRun: true };
    const open = () => t.call('POST', `/redemptions/${id}/after-sales`, claim);
    t.clock.set(t.clock.now() + 10 * DAY);
    await tell(id, SENT);
    expect((await open()).status).toBe(200);
    t.clock.set(t.clock.now() + 20 * DAY);
    await tell(id, { state: 'delivered' });
    t.clock.set(t.clock.now() + 7 * DAY);
    expect((await open()).status).toBe(200);
    t.clock.set(t.clock.now() + DAY);
    expect((await open()).body.code).toBe('after_sales_too_late');
  });

  it('that its supplier cannot send is on no list any more', async () => {
    const { id } = await sent();
    const why = { reason: 'out_of_stock', actor: 'Li Lei', onShelf: false };
    await t.ok('POST', `/redemptions/${id}/supplier-cancellation`, why);
    expect(await worklist()).toEqual([]);
    expect((await tell(id, SENT)).body.code).toBe('delivery_state');
  });

  it('is listed in pages, the oldest first', async () => {
    const rewardId = await reward({
      prices: [{ points: [{ pointType: 'points', points: 1 }], cashFen: 0 }],
    });
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.push((await sent(rewardId)).id);
    const found: string[] = [];
    let cursor = '';
    do {
      const path = `/deliveries?merchantId=${merchantId}&limit=2${cursor}`;
      const page = await t.ok('GET', path, undefined, { auth: warehouse });
      found.push(...page.items.map(({ redemptionId }: { redemptionId: string }) => redemptionId));
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    expect(new Set(found)).toEqual(new Set(ids));
    expect(found).toHaveLength(5);
  });
});

describe('to whom it went', () => {
  const recipients = async (): Promise<(string | null)[]> => {
    const { rows } = await t.pool.query<{ to: string | null }>(
      `select particulars ->> 'recipient' as to from redemption order by id`,
    );
    return rows.map((each) => (each.to === null ? null : 'kept'));
  };
  const follow = async (): Promise<void> => {
    await t.jobs.others?.redeemed?.();
  };

  it('is erased half a year after it was delivered, and at once when it came to nothing', async () => {
    const rewardId = await reward();
    const { id } = await sent(rewardId);
    t.clock.set(t.clock.now() + 1);
    const gone = await sent(rewardId);
    t.clock.set(t.clock.now() + 1);
    await sent(rewardId);
    t.clock.set(t.clock.now() + 1);
    await tell(id, SENT);
    await tell(id, { state: 'delivered' });
    const deliveredAt = t.clock.now();
    await t.ok('POST', `/redemptions/${gone.id}/cancel`, {});
    await t.ok('PUT', `/rewards/${rewardId}/stock`, { total: 2 });
    expect((await redeem(rewardId)).body.code).toBe('reward_out_of_stock');
    expect(await recipients()).toEqual(['kept', 'kept', 'kept', 'kept']);
    await follow();
    expect(await recipients()).toEqual(['kept', null, 'kept', null]);
    t.clock.set(deliveredAt + 183 * DAY - 1);
    await follow();
    expect(await recipients()).toEqual(['kept', null, 'kept', null]);
    t.clock.set(t.clock.now() + 1);
    await follow();
    expect(await recipients()).toEqual([null, null, 'kept', null]);
    expect((await t.ok('GET', `/redemptions/${id}`)).particulars).toMatchObject({
      ...{ region: '330106', recipient: null },
    });
    expect((await tell(id, { ...SENT, correction: 'no' })).status).toBe(200);
  });

  it('is erased with its member, and with whom became part of them', async () => {
    await sent();
    const survivorId = await t.member();
    const merge = { from: memberId, reason: 'one person', actor: 'Li Lei' };
    await t.ok('POST', `/members/${survivorId}/merges`, merge);
    await settle(t.jobs);
    await t.ok('POST', `/members/${survivorId}/erasures`, { reason: 'asked', actor: 'Li Lei' });
    expect(await recipients()).toEqual([null]);
    expect(await worklist()).toMatchObject([{ recipient: null, region: '330106' }]);
  });
});
