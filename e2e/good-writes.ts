import { PATIENCE_MS } from '@hongmi/server/kernel/testing/patience';
import type { Pool } from 'pg';
import { expect, vi } from 'vitest';
import { createCaller } from './caller.ts';
import { CLEARING_OPERATIONS, prepareClearingWrites } from './clearing-writes.ts';
import { prepareStaffWrites, STAFF_OPERATIONS, STAFF_WITHOUT_DRY_RUN } from './staff-writes.ts';
import type { Write } from './write.ts';

/** Every write, those that move points by what they do. */
export const OPERATIONS = [
  'createKey',
  'createKey of a programme',
  'rotateKey',
  'revokeKey',
  'createProgramme',
  'addPointType',
  'changePointType',
  'changeProgramme',
  'changeProgramme later',
  'changePointType later',
  'setTiers',
  'setMerchantTiers',
  'giveTier',
  'useService',
  'undoService',
  'setProgrammeClock',
  'createMerchant',
  'changeMerchant',
  'setMerchantPayee',
  'setOfflineLimit',
  'createStore',
  'changeStore',
  'createMember',
  'createMembers',
  'joinProgramme',
  'createOrder',
  'createOrders',
  'completeOrder',
  'completeOrders',
  'returnOrder',
  'createReturn',
  'createReturns',
  'createReturn before its order',
  'withdrawReturn',
  'createActivity',
  'createActivities',
  'noteForgery',
  'createCertificate',
  'changeCertificate',
  'publishCarbonMethod',
  'keepName',
  'forgetName',
  'keepBirthday',
  'forgetBirthday',
  'createTransaction issue',
  'createTransaction burn',
  'createTransaction hold',
  'createTransaction capture',
  'createTransaction release',
  'createTransaction return',
  'createTransaction refund',
  'createTransaction adjust',
  'createTransaction expire',
  'createTransactions',
  'createTransfer',
  'createTransfers',
  'proposeAdjustment',
  'approveAdjustment',
  'refuseAdjustment',
  'makeCut',
  'eraseMember',
  'mergeMembers',
  'createNotice',
  'giveConsent',
  'withdrawConsent',
  'giveMerchantConsent',
  'withdrawMerchantConsent',
  'setMinority',
  'setCreditBand',
  'removeCreditBand',
  'createSegment',
  'putIntoSegment',
  'takeOutOfSegment',
  'readMessage',
  'changeMessagePolicy',
  'createBudget',
  'changeBudget',
  'acknowledgeFinding',
  'createRule',
  'saveRuleDraft',
  'dropRuleDraft',
  'publishRule',
  'retireRule',
  'examineRules',
  'createReward',
  'saveRewardDraft',
  'dropRewardDraft',
  'publishReward',
  'retireReward',
  'createPromotion',
  'savePromotionDraft',
  'dropPromotionDraft',
  'publishPromotion',
  'retirePromotion',
  'setRewardStock',
  'changeRewardStock',
  'redeem',
  'createRedemptions',
  'voidBill',
  'returnBill',
  'setFund',
  'payFund',
  'cancelRedemption',
  'openAfterSalesCase',
  'answerAfterSalesCase accept',
  'answerAfterSalesCase receive',
  'answerAfterSalesCase settle',
  'answerAfterSalesCase refuse',
  'stepAfterSalesCase',
  'decideAfterSalesCase member',
  'decideAfterSalesCase merchant',
  'cancelBySupplier',
  'cancelRewardBySupplier',
  'moveBooking',
  'tellDelivery',
  'redirectDelivery',
  'checkVoucher',
  'useVoucher',
  'undoVoucherUse',
  'startSimulation',
  'cancelSimulation',
  ...CLEARING_OPERATIONS,
  ...STAFF_OPERATIONS,
] as const;
export type Writes = Readonly<Record<(typeof OPERATIONS)[number], Write>>;

/** Nothing has lapsed, nobody approves what they proposed, and the simulation has ended: refusals by the rules, not of the form. */
export const BY_THE_RULES: Readonly<Record<string, string>> = {
  'createTransaction expire': 'nothing_due',
  approveAdjustment: 'same_person',
  decideClearingAdjustment: 'same_person',
  cancelSimulation: 'simulation_finished',
};

/** Writes of which there is no dry run; docs/api.md says why. */
export const WITHOUT_DRY_RUN: readonly (typeof OPERATIONS)[number][] = [
  'createKey',
  'createKey of a programme',
  'rotateKey',
  ...STAFF_WITHOUT_DRY_RUN,
  'examineRules',
  'checkVoucher',
];

const RULE_OPTIONAL = [
  'programme',
  'merchantId',
  'description',
  'channels',
  'dates',
  'from',
  'to',
  'weekdays',
  'hours',
  'lines',
  'categories',
  'member',
  'segments',
  'expression',
  'terms',
  'pointType',
  'expiry',
  'days',
  'funders',
  'caps',
  'priority',
  'group',
];
const REWARD_OPTIONAL = [
  'programme',
  'merchantId',
  'en',
  'description',
  'images',
  'quotas',
  'merchant',
  'offered',
  'from',
  'to',
  'eligibility',
  'tiers',
  'balanceFloor',
  'limits',
  'feePoints',
  'compensation',
];
const PROMOTION_OPTIONAL = [
  'programme',
  'merchantId',
  'en',
  'rewards',
  'dates',
  'from',
  'to',
  'monthDays',
  'priority',
];
const EXAMINE_OPTIONAL = [
  'on',
  'at',
  'store',
  'channel',
  'tenders',
  'lines',
  'brand',
  'category',
  'zone',
  'greenCertificate',
  'memberId',
  'member',
  'tier',
  'merchantTier',
  'creditBand',
  'segments',
  'earlierOrders',
  'joinedAt',
  'birthday',
  'drafts',
];

const TIERS_OPTIONAL = [
  'pointType',
  'downgrade',
  'to',
  'graceDays',
  'noticeDays',
  'returns',
  'match',
  'spendFen',
  'visits',
  'points',
  'benefits',
  'exclusiveRewards',
  'priorityMinutes',
  'services',
  'merchants',
  'from',
];

/** Makes what the good bodies name, and writes them down by operation. */
export async function prepareWrites(url: string, pool: Pool): Promise<Writes> {
  const caller = createCaller(url);
  const make = async (path: string, body: object): Promise<string> => {
    const { text, status, body: told } = await caller.once('POST', path, body);
    expect([201, 202], text).toContain(status);
    return told.id ?? told.transaction?.id ?? '';
  };
  const merchantId = await make('/merchants', {
    name: 'Fruit',
    category: 'fruit',
    earnRatio: { points: 1, perFen: 100 },
  });
  const memberId = await make('/members', { phone: '13800138000', externalIds: { pos: 'C-1' } });
  const receiverId = await make('/members', { externalIds: { pos: 'C-9' } });
  const pointTypes = ['points', 'leaves'].map((code) => ({ code, name: code }));
  await make('/programmes', {
    code: 'play',
    name: 'Play',
    sandbox: true,
    ruleNoticeDays: 0,
    pointTypes,
  });
  const doubleId = await make('/members', { externalIds: { pos: 'C-10' } });
  const paidAt = new Date().toISOString();
  const line = {
    lineNo: 1,
    sku: 'melon',
    name: '哈密瓜',
    category: 'fruit',
    brand: 'Hami',
    zone: 'green',
    greenCertificate: 'G-1',
    quantity: 4,
    amountFen: 12_345,
  };
  const circumstances = { source: 'till', channel: 'app', tenders: ['cash'] };
  const order = { merchantId, memberId, orderNo: 'A-1', paidAt, ...circumstances, lines: [line] };
  const orderId = await make('/orders', order);
  const at = { memberId, merchantId };
  const early = { ...at, orderNo: 'A-8', returnNo: 'R-0', lines: [{ lineNo: 1, quantity: 1 }] };
  const waitingId = await make('/returns', early);
  const point = { programme: 'default', pointType: 'points' };
  const earn = await make('/transactions', { kind: 'issue', ...at, points: 1000 });
  const burn = await make('/transactions', { kind: 'burn', ...at, points: 100 });
  const hold = (
    await make('/transactions', { kind: 'hold', ...at, points: 50, expiresInSeconds: 9999 })
  ).replace('txn_', 'hold_');
  const key = await make('/keys', { name: 'till', scopes: ['points:read'] });
  const rotatedKey = await make('/keys', { name: 'turn', scopes: ['points:read'] });
  const proposed = {
    ...at,
    points: -5,
    reason: 'miscounted',
    actor: 'Li Lei',
    reference: 'case 7',
  };
  const proposal = await make('/adjustments', proposed);
  const budget = { name: 'spring', total: 1000, merchantId, ...point };
  const budgetId = await make('/budgets', budget);
  const limits = [{ budget: 'spring', mode: 'all' }];
  await make('/transactions', { kind: 'issue', ...at, points: 10, limits });
  const certificate = {
    merchantId,
    number: 'G-1',
    issuingBody: 'CQC',
    scope: ['own-bag', 'bus-ride'],
    validFrom: '2026-01-01T00:00:00Z',
    validUntil: '2099-01-01T00:00:00Z',
    lastCheckedAt: '2026-01-01T00:00:00Z',
  };
  const certificateId = await make('/certificates', certificate);
  // Nothing that requests can do makes a finding.
  const { rows: findings } = await pool.query<{ id: string }>(
    `insert into ledger.finding (shard, invariant, about, message, first_seen_at_ms, last_seen_at_ms)
     values (0, 'state', 'a lot', 'made up', 1, 1) returning id`,
  );

  const ruleBody = {
    name: '瓜季双倍',
    description: 'Melons earn twice',
    on: 'order',
    when: {
      channels: ['till'],
      dates: { from: '2099-06-01', to: '2099-08-31' },
      weekdays: [6, 7],
      hours: { from: '08:00', to: '22:00' },
      lines: { categories: ['melon'] },
      member: { segments: ['regular'] },
      expression: 'order.lines.size() > 1',
    },
    earn: { kind: 'times', num: 2, den: 1 },
    terms: {
      pointType: 'points',
      expiry: { kind: 'rolling', days: 365 },
      funders: [{ merchant: 'seller', share: 1 }],
      caps: [{ per: 'month', points: 500 }],
    },
    priority: 5,
    group: 'season',
  };
  const rule = { code: 'melon', merchantId, body: ruleBody };
  const ruleId = await make('/rules', rule);
  const droppedId = await make('/rules', { ...rule, code: 'dropped' });
  const retiredId = await make('/rules', { ...rule, code: 'retired' });
  const publication = await caller.once('POST', `/rules/${retiredId}/publish`, {});
  expect(publication.status, publication.text).toBe(200);
  const ruleVersionId = publication.body.announced?.[0]?.id ?? '';

  const rewardBody = {
    kind: 'voucher',
    name: { zh: '鲜果礼盒', en: 'A box of fruit' },
    description: { zh: '当季水果' },
    images: [{ url: 'https://example.com/box.png', alt: { zh: '礼盒' } }],
    cashValueFen: 2_500,
    prices: [{ points: [{ pointType: 'points', points: 500 }], cashFen: 0 }],
    stores: [{ merchant: merchantId }],
    quotas: [{ merchant: merchantId, per: 'day', times: 20 }],
    offered: { from: '2099-06-01', to: '2099-08-31' },
    eligibility: { tiers: ['gold'], balanceFloor: { pointType: 'points', points: 600 } },
    limits: [{ per: 'month', times: 2 }],
    fulfilment: {
      kind: 'voucher',
      voucher: { form: 'no_threshold', offFen: 2_500, partial: false },
      lasts: { days: 90 },
    },
    cancellation: { until: 'hours_before', hours: 2, feePoints: 5 },
    afterSales: { returnDays: 7, qualityDays: 15, exchange: true },
    compensation: { percentOfPoints: 10 },
  };
  const reward = { code: 'box', merchantId, body: rewardBody };
  const rewardId = await make('/rewards', reward);
  const droppedRewardId = await make('/rewards', { ...reward, code: 'dropped' });
  const retiredRewardId = await make('/rewards', { ...reward, code: 'retired' });
  const promotionBody = {
    name: { zh: '积分兑换日', en: 'Redemption day' },
    rewards: [rewardId],
    when: { dates: [{ from: '2099-06-01', to: '2099-08-31' }], monthDays: [18] },
    price: { kind: 'ratio', num: 4, den: 5 },
    priority: 5,
  };
  const promotion = { code: 'day', merchantId, body: promotionBody };
  const promotionId = await make('/promotions', promotion);
  const droppedPromotionId = await make('/promotions', { ...promotion, code: 'dropped' });
  const retiredPromotionId = await make('/promotions', { ...promotion, code: 'retired' });
  for (const path of [`/rewards/${retiredRewardId}`, `/promotions/${retiredPromotionId}`]) {
    const { status, text } = await caller.once('POST', `${path}/publish`, {});
    expect(status, text).toBe(200);
  }

  const prices = [2, 1].map((points) => ({
    points: [{ pointType: 'points', points }],
    cashFen: 0,
  }));
  const parts = { form: 'no_threshold', offFen: 2_500, partial: true };
  const fulfilment = { ...rewardBody.fulfilment, voucher: parts };
  const cancellation = { until: 'before_use', feePoints: 1 };
  const { kind, name, cashValueFen, stores, afterSales } = rewardBody;
  const wantedBody = {
    kind,
    name,
    cashValueFen,
    stores,
    afterSales,
    prices,
    fulfilment,
    cancellation,
  };
  const wantedId = await make('/rewards', { code: 'wanted', merchantId, body: wantedBody });
  const offsetBody = {
    ...wantedBody,
    cashValueFen: 100,
    fulfilment: { kind: 'offset', offFen: 100, atMostPercent: 50, overFen: 100 },
    cancellation: { until: 'never' },
    afterSales: { returnDays: 0, qualityDays: 0, exchange: false },
  };
  const offsetId = await make('/rewards', { code: 'offset', merchantId, body: offsetBody });
  const fund = {
    name: { zh: '植树', en: 'Trees' },
    organisation: 'A foundation',
    certificate: { number: 'C 1', issuingBody: 'A bureau', validUntil: '2099-12-31' },
    from: '2020-01-01',
    actor: 'Li Lei',
  };
  const funded = await caller.once('PUT', '/funds/trees', fund);
  expect(funded.status, funded.text).toBe(200);
  const givingBody = {
    ...{ ...offsetBody, kind: 'donation', cashValueFen: 5_000 },
    fulfilment: { kind: 'donation', fund: 'trees' },
  };
  const givingId = await make('/rewards', { code: 'giving', merchantId, body: givingBody });
  for (const id of [givingId, offsetId, wantedId]) {
    const offered = await caller.once('POST', `/rewards/${id}/publish`, {});
    expect(offered.status, offered.text).toBe(200);
  }
  const price = [{ pointType: 'points', points: 1 }];
  const wanted = { ...at, rewardId: wantedId, option: 1, quantity: 1, price };
  await vi.waitFor(
    async () => {
      const { status, text } = await caller.once('POST', '/redemptions', {
        ...wanted,
        dryRun: true,
      });
      expect(status, text).toBe(200);
    },
    { timeout: PATIENCE_MS, interval: 500 },
  );
  const redeemed = await caller.once('POST', '/redemptions', wanted);
  expect(redeemed.status, redeemed.text).toBe(201);
  const [voucher] = JSON.parse(redeemed.text).vouchers as { code: string }[];
  const bill = { code: voucher?.code, merchantId, billFen: 100 };
  const voucherUseId = await make('/vouchers/uses', { ...bill, useNo: 'B-1' });
  const redemptionId = await make('/redemptions', wanted);
  await make('/redemptions', { ...at, rewardId: givingId });
  const [unpaidId, paidId] = await Promise.all(
    ['N-1', 'N-2'].map((billNo) =>
      make('/redemptions', {
        ...{ ...at, rewardId: offsetId, quantity: 2 },
        particulars: { kind: 'bill', billNo, billFen: 1_000 },
      }),
    ),
  );
  const { price: _, ...pair } = { ...wanted, quantity: 2 };
  const claimedId = await make('/redemptions', pair);
  const brokenId = await make('/redemptions', wanted);
  const claim = { kind: 'quality', reason: 'faulty', actor: 'Li Lei' };
  await make(`/redemptions/${claimedId}/after-sales`, { ...claim, places: [0] });
  /** A case about a redemption of its own, after what was said of it. */
  const caseAfter = async (...told: [path: string, body: object][]): Promise<string> => {
    const id = await make(`/redemptions/${await make('/redemptions', wanted)}/after-sales`, claim);
    for (const [path, body] of told) {
      const { status, text } = await caller.once('POST', `/after-sales/${id}/${path}`, {
        ...{ actor: 'Li Lei', ...body },
      });
      expect(status, text).toBe(200);
    }
    return id;
  };
  const accept = { answer: 'accept', remedy: 'refund', goodsBack: true, onShelf: true };
  const receive = { answer: 'receive', onShelf: true };
  const refuse = { answer: 'refuse', reason: 'no_fault_found' };
  const appealed = () => caseAfter(['answers', refuse], ['member-steps', { step: 'appeal' }]);
  const cases = {
    opened: await caseAfter(),
    refused: await caseAfter(),
    accepted: await caseAfter(['answers', accept]),
    received: await caseAfter(['answers', accept], ['answers', receive]),
    withdrawn: await caseAfter(),
    appealed: await appealed(),
    dismissed: await appealed(),
  };
  const saying = { note: 'as was agreed', actor: 'Li Lei' };

  /** Redeems a reward like the one that is wanted, as soon as what was published is in force. */
  const redeemSoon = async (code: string, fulfilment: object, particulars: object) => {
    const body = { ...wantedBody, fulfilment, cancellation: { until: 'before_use' } };
    const id = await make('/rewards', { code, merchantId, body });
    const { status, text } = await caller.once('POST', `/rewards/${id}/publish`, {});
    expect(status, text).toBe(200);
    const asked = { ...wanted, rewardId: id, particulars };
    await vi.waitFor(
      async () => {
        const dry = await caller.once('POST', '/redemptions', { ...asked, dryRun: true });
        expect(dry.status, dry.text).toBe(200);
      },
      { timeout: PATIENCE_MS, interval: 500 },
    );
    return make('/redemptions', asked);
  };
  const in30Days = new Date(Date.now() + 30 * 24 * 3600_000).toISOString().slice(0, 10);
  const in31Days = new Date(Date.now() + 31 * 24 * 3600_000).toISOString().slice(0, 10);
  const hours = { from: '09:00', to: '10:00', places: 100 };
  const recipient = {
    name: '韩梅梅',
    phone: '13800000000',
    region: '330106',
    address: '文三路 1 号',
  };
  const delivery = { kind: 'delivery', regions: ['3301'], feeFen: 0 };
  const deliveredId = await redeemSoon('sent', delivery, { kind: 'delivery', ...recipient });
  const redirectedId = await redeemSoon('redirected', delivery, { kind: 'delivery', ...recipient });
  const bookedId = await redeemSoon(
    'booked',
    { kind: 'booking', unit: 'slot', noticeHours: 2, slots: [hours] },
    { kind: 'booking', day: in30Days, slot: '09:00-10:00' },
  );

  const history = { from: '2026-01-01T00:00:00Z', until: '2026-02-01T00:00:00Z' };
  const triedId = await make('/rules', { ...rule, code: 'tried' });
  const simulation = { ...history, rules: 'now', drafts: [triedId], without: [retiredId] };
  const simulationId = await make('/rules/simulations', { merchantId, ...simulation });
  // What it changes must not be taken for what a bad request changed.
  await vi.waitFor(
    async () => {
      const { text } = await caller.once('GET', `/rules/simulations/${simulationId}`);
      expect(JSON.parse(text).state).toBe('done');
    },
    { timeout: PATIENCE_MS },
  );

  const put = async (path: string, body: object): Promise<void> => {
    const { text, status } = await caller.once('PUT', path, body);
    expect(status, text).toBe(200);
  };
  const purposes = ['credit_band', 'personalised_offers', 'share_with_merchant'];
  const words = { zh: ['说明'], en: ['We keep it'] };
  for (const purpose of purposes) await make('/notices', { purpose, ...words });
  const consent = { version: 1, channel: 'app', guardian: 'paper 17' };
  const consents = `/members/${receiverId}/consents`;
  await put(`${consents}/credit_band`, consent);
  await put(`${consents}/personalised_offers`, consent);
  const band = { band: 'good', from: paidAt, until: '2099-01-01T00:00:00Z', source: '信用中心' };
  await put(`/members/${receiverId}/credit-band`, band);
  const segment = {
    programme: 'default',
    code: 'jeans',
    zh: '牛仔迷',
    en: 'Jeans',
    serviceReason: 'x',
  };
  await make('/segments', segment);
  await put(`/members/${receiverId}/segments/jeans`, { programme: 'default' });
  const store = { code: 'west', name: 'West', zone: '西湖', state: 'open' };
  await make(`/merchants/${merchantId}/stores`, { ...store, code: 'east' });

  // Nothing that requests do writes one.
  const { rows: messages } = await pool.query<{ member: string }>(
    `insert into message (id, programme, member, kind, dedupe_key, facts, zh_title, zh_text, en_title, en_text, due_at_ms, made_at_ms)
     select '01900000-0000-7000-8000-000000000001', 1, member, 'receipt', 'made up', '{}', 'a', 'b', 'c', 'd', 1, 1
     from member_external_id where external_id = 'C-9' returning member`,
  );
  expect(messages).toHaveLength(1);

  const told = { reason: 'birthday', reference: 'r-1', effectiveAt: '2026-01-01T00:00:00Z' };
  const optional = [
    'reason',
    'reference',
    'effectiveAt',
    'pointType',
    'dryRun',
    'availableAt',
    'expiresAt',
    'limits',
    'idempotencyKey',
    'policy',
    'freeLimits',
  ];
  await make('/programmes', { code: 'ranks', name: 'Ranks' });
  const washAt = async (programme: string) => {
    const earnRatio = { points: 1, perFen: 100 };
    const body = { name: 'wash', category: 'car-wash', programme, earnRatio };
    return {
      ...{ code: 'wash', name: '洗车', quota: 100, per: 'month' },
      merchants: [await make('/merchants', body)],
    };
  };
  const [playWash, wash] = [await washAt('play'), await washAt('ranks')];
  const [ranksMerchantId] = wash.merchants;
  const tiers = {
    pointType: 'points',
    window: { kind: 'rolling', months: 12 },
    tiers: [
      {
        code: 'gold',
        name: '金',
        qualify: { match: 'any', spendFen: 100_000, visits: 12, points: 1_000 },
        benefits: { exclusiveRewards: true, priorityMinutes: 30, services: [playWash] },
      },
    ],
    downgrade: { to: 'one_step', graceDays: 30, noticeDays: 7, returns: 'at_once' },
  };
  // What requests publish counts some seconds later.
  await pool.query(
    `insert into tier_scheme (programme, ladder, number, body, from_ms, comparison, notice_days, published_at_ms, published_by)
     select p.id, l.ladder, 1, $1, 10001, '{"verdict":"better_or_equal","reasons":[]}', 0, 1, '00000000-0000-7000-8000-000000000000'
     from programme p, lateral (
       select '00000000-0000-0000-0000-000000000000'::uuid as ladder union all select id from merchant where programme = p.id
     ) l where p.code = 'ranks'`,
    [JSON.stringify(tiers).replaceAll(JSON.stringify(playWash), JSON.stringify(wash))],
  );
  const given = { programme: 'ranks', tier: 'gold', until: '2030-12-31' };
  const why = { reason: 'a friend', actor: 'Li Lei' };
  const gave = await caller.once('POST', `/members/${memberId}/tier`, { ...given, ...why });
  expect(gave.status, gave.text).toBe(200);
  const washed = { merchantId: ranksMerchantId, service: 'wash', useNo: 'W-1' };
  const useId = await make(`/members/${memberId}/tier/uses`, washed);
  const gift = { giverId: memberId, receiverId, ...point, points: 1, purpose: 'household' };
  const pointType = {
    name: '叶',
    expiryPolicy: { kind: 'rolling', months: 18 },
    transferable: false,
    guidance: { points: 1, fen: 10 },
  };
  const pointTypeOptional = ['scale', 'expiryPolicy', 'transferable', 'guidance'];
  const later = '2099-01-01T00:00:00Z';
  const issue = {
    kind: 'issue',
    ...at,
    pointType: 'points',
    points: 5,
    ...told,
    availableAt: later,
    expiresAt: '2099-02-01T00:00:00Z',
    limits: [{ counter: 'day', max: 50, mode: 'trim' }],
  };
  const activity = {
    ...at,
    kind: 'green',
    activityNo: 'E-1',
    occurredAt: paidAt,
    store: 'east',
    channel: 'app',
    // Any name has any simple value; activities.pg.test.ts has the bad ones.
    attributes: {},
    evidence: { behaviour: 'own-bag', number: 'R-77' },
  };
  const activityId = await make('/activities', { ...activity, activityNo: 'E-0' });
  const activityOptional = ['store', 'channel', 'attributes', 'evidence'];
  const post = (path: string, good: object, maybe: readonly string[] = optional): Write => ({
    method: 'POST',
    path,
    good,
    optional: maybe,
  });
  const move = (good: object, more: readonly string[] = []): Write =>
    post('/transactions', { ...good, dryRun: true }, [...optional, ...more]);
  const orderOptional = [
    ...['source', 'channel', 'tenders', 'name', 'category', 'brand', 'zone'],
    'greenCertificate',
  ];
  return {
    ...(await prepareClearingWrites(caller, make, pool)),
    ...(await prepareStaffWrites(make, { merchantId, programme: 'play' })),
    createKey: post(
      '/keys',
      { name: 'pos', scopes: ['points:read', 'points:write'], merchantId, expiresAt: later },
      ['merchantId', 'expiresAt'],
    ),
    'createKey of a programme': post(
      '/keys',
      { name: 'region', scopes: ['points:read', 'points:write'], programme: 'play' },
      ['programme'],
    ),
    rotateKey: post(`/keys/${rotatedKey}/rotation`, { overlapHours: 2 }, []),
    revokeKey: { method: 'DELETE', path: `/keys/${key}`, good: {}, optional: [] },
    createProgramme: post(
      '/programmes',
      {
        code: 'green',
        name: '绿色',
        timeZone: 'Asia/Shanghai',
        sandbox: true,
        returnPolicy: 'debt',
        refundGraceDays: 3,
        adjustLimit: 5,
        giftMax: 5,
        giftDayMax: 6,
        offlineDayMax: 7,
        ruleNoticeDays: 3,
        merchantsRegisterMembers: false,
        membersJoinThemselves: true,
        pointTypes: [{ ...pointType, code: 'leaf', scale: 2 }],
      },
      [
        'timeZone',
        'sandbox',
        'returnPolicy',
        'refundGraceDays',
        'adjustLimit',
        'giftMax',
        'giftDayMax',
        'offlineDayMax',
        'ruleNoticeDays',
        'merchantsRegisterMembers',
        'membersJoinThemselves',
        'pointTypes',
        ...pointTypeOptional,
      ],
    ),
    setTiers: {
      method: 'PUT',
      path: '/programmes/play/tiers',
      good: { ...tiers, from: '2099-01-01T00:00:00Z' },
      optional: TIERS_OPTIONAL,
    },
    setMerchantTiers: {
      method: 'PUT',
      path: `/merchants/${playWash.merchants[0]}/tiers`,
      good: { ...tiers, from: '2099-01-01T00:00:00Z' },
      optional: TIERS_OPTIONAL,
    },
    giveTier: post(
      `/members/${receiverId}/tier`,
      {
        programme: 'ranks',
        merchantId: ranksMerchantId,
        tier: 'gold',
        until: '2027-12-31',
        reason: 'a friend',
        actor: 'Li Lei',
      },
      ['programme', 'merchantId'],
    ),
    useService: post(`/members/${memberId}/tier/uses`, { ...washed, useNo: 'W-2' }, ['dryRun']),
    undoService: post(
      `/members/${memberId}/tier/uses/${useId}/undo`,
      { reason: 'no water', actor: 'Li Lei' },
      ['dryRun'],
    ),
    addPointType: post('/programmes/play/point-types', { ...pointType, code: 'gem', scale: 1 }, [
      ...pointTypeOptional,
    ]),
    changePointType: {
      method: 'PATCH',
      path: '/programmes/play/point-types/leaves',
      good: pointType,
      optional: ['name', ...pointTypeOptional],
      nullable: ['guidance'],
    },
    'changePointType later': {
      method: 'PATCH',
      path: '/programmes/play/point-types/leaves',
      good: { transferable: true, from: '2099-01-01T00:00:00Z' },
      optional: ['transferable', 'from'],
    },
    changeProgramme: {
      method: 'PATCH',
      path: '/programmes/play',
      good: {
        returnPolicy: 'within_balance',
        refundGraceDays: 40,
        adjustLimit: 6,
        giftMax: 7,
        giftDayMax: 8,
        offlineDayMax: 9,
        ruleNoticeDays: 4,
        merchantsRegisterMembers: false,
        membersJoinThemselves: true,
        conversions: [{ from: 'points', to: 'leaves', num: 1, den: 2 }],
      },
      optional: [
        'returnPolicy',
        'refundGraceDays',
        'adjustLimit',
        'giftMax',
        'giftDayMax',
        'offlineDayMax',
        'ruleNoticeDays',
        'merchantsRegisterMembers',
        'membersJoinThemselves',
        'conversions',
      ],
    },
    'changeProgramme later': {
      method: 'PATCH',
      path: '/programmes/play',
      good: { refundGraceDays: 50, from: '2099-01-01T00:00:00Z' },
      optional: ['refundGraceDays', 'from'],
    },
    setProgrammeClock: {
      method: 'PUT',
      path: '/programmes/play/clock',
      good: { now: '2098-01-01T00:00:00Z' },
      optional: [],
    },
    createMerchant: post(
      '/merchants',
      {
        name: 'Shoes',
        category: 'shoes',
        earnRatio: { points: 1, perFen: 100 },
        programme: 'default',
      },
      ['programme'],
    ),
    changeMerchant: {
      method: 'PATCH',
      path: `/merchants/${merchantId}`,
      good: { earnRatio: { points: 2, perFen: 100 }, from: '2098-01-01T00:00:00Z' },
      optional: ['from'],
    },
    setOfflineLimit: {
      method: 'PUT',
      path: `/merchants/${merchantId}/offline-limit`,
      good: { dayMax: 500 },
      optional: [],
      nullable: ['dayMax'],
    },
    setMerchantPayee: {
      method: 'PUT',
      path: `/merchants/${merchantId}/payee`,
      good: { account: '1900000109' },
      optional: [],
      nullable: ['account'],
    },
    createStore: post(`/merchants/${merchantId}/stores`, store, ['zone', 'state']),
    changeStore: {
      method: 'PATCH',
      path: `/merchants/${merchantId}/stores/east`,
      good: { name: 'East', zone: '东城', state: 'closed' },
      optional: ['name', 'zone', 'state'],
      nullable: ['zone'],
    },
    createMember: post(
      '/members',
      {
        phone: '13900139000',
        name: '王小明',
        externalIds: { pos: 'C-2' },
        programme: 'default',
        merchantId,
      },
      ['phone', 'name', 'externalIds', 'programme', 'merchantId'],
    ),
    createMembers: post(
      '/members/bulk',
      { members: [{ idempotencyKey: 'm1', phone: '13700137000', externalIds: { pos: 'C-3' } }] },
      ['phone', 'externalIds', 'idempotencyKey', 'programme'],
    ),
    joinProgramme: post(`/members/${memberId}/memberships`, { programme: 'play' }, []),
    createOrder: post('/orders', { ...order, orderNo: 'A-2', dryRun: true }, [
      ...orderOptional,
      'dryRun',
    ]),
    createOrders: post(
      '/orders/bulk',
      { orders: [{ ...order, orderNo: 'A-3', idempotencyKey: 'o1' }] },
      [...orderOptional, 'idempotencyKey'],
    ),
    completeOrder: post(`/orders/${orderId}/completion`, { completedAt: paidAt, dryRun: true }, [
      'completedAt',
      'dryRun',
    ]),
    completeOrders: post(
      '/orders/completions/bulk',
      { completions: [{ orderId, completedAt: paidAt, idempotencyKey: 'c1' }] },
      ['completedAt', 'idempotencyKey'],
    ),
    returnOrder: post(
      `/orders/${orderId}/returns`,
      { returnNo: 'R-1', returnedAt: paidAt, lines: [{ lineNo: 1, quantity: 1 }], dryRun: true },
      ['returnedAt', 'dryRun'],
    ),
    createReturn: post(
      '/returns',
      {
        ...at,
        returnNo: 'R-2',
        returnedAt: paidAt,
        lines: [{ sku: 'melon', quantity: 1 }],
        dryRun: true,
      },
      ['returnedAt', 'dryRun', 'source'],
    ),
    createReturns: post(
      '/returns/bulk',
      {
        returns: [
          { ...at, returnNo: 'R-3', lines: [{ sku: 'melon', quantity: 1 }], idempotencyKey: 'r1' },
        ],
      },
      ['returnedAt', 'idempotencyKey', 'source'],
    ),
    'createReturn before its order': post(
      '/returns',
      {
        ...at,
        orderNo: 'A-9',
        returnNo: 'R-4',
        returnedAt: paidAt,
        lines: [
          { lineNo: 1, sku: 'melon', quantity: 1 },
          { lineNo: 2, sku: 'pear', amountFen: 100 },
        ],
        dryRun: true,
      },
      // A line is found by either; without the order's number by the sku.
      ['orderNo', 'returnedAt', 'dryRun', 'lineNo', 'sku'],
    ),
    withdrawReturn: {
      method: 'DELETE',
      path: `/returns/${waitingId}`,
      good: {},
      optional: [],
    },
    createActivity: post('/activities', { ...activity, dryRun: true }, [
      ...activityOptional,
      'dryRun',
    ]),
    createActivities: post(
      '/activities/bulk',
      { activities: [{ ...activity, activityNo: 'E-2', idempotencyKey: 'a1' }] },
      [...activityOptional, 'idempotencyKey'],
    ),
    noteForgery: post(
      `/activities/${activityId}/forgery`,
      { reason: 'painted ticket', actor: 'Li Lei', dryRun: true },
      ['dryRun'],
    ),
    createCertificate: post('/certificates', { ...certificate, number: 'G-2' }, []),
    changeCertificate: {
      method: 'PATCH',
      path: `/certificates/${certificateId}`,
      good: { scope: ['own-bag'], validUntil: later, lastCheckedAt: '2026-02-01T00:00:00Z' },
      optional: ['scope', 'validUntil', 'lastCheckedAt'],
    },
    publishCarbonMethod: post(
      '/carbon/methods',
      {
        programme: 'default',
        behaviour: 'own-bag',
        name: '自带购物袋',
        source: 'A study of bags',
        region: 'CN',
        year: 2025,
        unit: 'bag',
        attribute: 'bags',
        baselineMg: 33_000,
        actualMg: 0,
        from: later,
        actor: 'Li Lei',
        dryRun: true,
      },
      ['programme', 'attribute', 'dryRun'],
    ),
    keepName: {
      method: 'PUT',
      path: `/members/${memberId}/name`,
      good: { name: '李雷' },
      optional: [],
    },
    forgetName: { method: 'DELETE', path: `/members/${memberId}/name`, good: {}, optional: [] },
    keepBirthday: {
      method: 'PUT',
      path: `/members/${memberId}/birthday`,
      good: { birthday: '02-29' },
      optional: [],
    },
    forgetBirthday: {
      method: 'DELETE',
      path: `/members/${memberId}/birthday`,
      good: {},
      optional: [],
    },
    'createTransaction issue': { ...move(issue), nullable: ['expiresAt'] },
    'createTransaction burn': move({
      kind: 'burn',
      ...at,
      pointType: 'points',
      points: 5,
      ...told,
    }),
    'createTransaction hold': move({
      kind: 'hold',
      ...at,
      pointType: 'points',
      points: 5,
      ...told,
      expiresAt: later,
    }),
    'createTransaction capture': move(
      {
        kind: 'capture',
        memberId,
        holdId: hold,
        points: 5,
        ...told,
      },
      ['points'],
    ),
    'createTransaction release': move({ kind: 'release', memberId, holdId: hold, ...told }),
    'createTransaction return': move({
      kind: 'return',
      memberId,
      transactionId: earn,
      points: 5,
      policy: 'debt',
      freeLimits: true,
      ...told,
    }),
    'createTransaction refund': move(
      {
        kind: 'refund',
        memberId,
        transactionId: burn,
        points: 5,
        ...told,
      },
      ['points'],
    ),
    'createTransaction adjust': move({
      kind: 'adjust',
      ...at,
      pointType: 'points',
      points: -5,
      ...told,
      actor: 'Li Lei',
      expiresAt: later,
    }),
    'createTransaction expire': move({
      kind: 'expire',
      memberId,
      programme: 'default',
      pointType: 'points',
      effectiveAt: told.effectiveAt,
    }),
    createTransactions: {
      ...post('/transactions/bulk', {
        transactions: [
          { ...issue, idempotencyKey: 't1' },
          { kind: 'burn', ...at, points: 1 },
        ],
        dryRun: true,
      }),
      nullable: ['expiresAt'],
    },
    createTransfer: post('/transfers', { ...gift, dryRun: true }, [
      'dryRun',
      'programme',
      'pointType',
    ]),
    createTransfers: post(
      '/transfers/bulk',
      { transfers: [{ ...gift, idempotencyKey: 'g1' }, gift], dryRun: true },
      ['dryRun', 'programme', 'pointType', 'idempotencyKey'],
    ),
    proposeAdjustment: post('/adjustments', { ...proposed, expiresAt: later }, [
      'pointType',
      'reference',
      'expiresAt',
    ]),
    approveAdjustment: post(`/adjustments/${proposal}/approval`, { dryRun: true }, ['dryRun']),
    refuseAdjustment: post(`/adjustments/${proposal}/refusal`, { reason: 'counted again' }, []),
    makeCut: post('/ledger/cuts', { programme: 'default', at: told.effectiveAt }, []),
    eraseMember: post(`/members/${memberId}/erasures`, { actor: 'Li Lei', reason: 'asked' }, []),
    mergeMembers: post(
      `/members/${receiverId}/merges`,
      { from: doubleId, reason: 'one person', actor: 'Li Lei', dryRun: true },
      ['dryRun'],
    ),
    createNotice: post(
      '/notices',
      { purpose: 'birthday', ...words, validFrom: later, renews: true, askAgainDays: 3 },
      ['validFrom', 'renews', 'askAgainDays'],
    ),
    giveConsent: {
      method: 'PUT',
      path: `${consents}/personalised_offers`,
      good: consent,
      optional: ['guardian'],
    },
    withdrawConsent: {
      method: 'DELETE',
      path: `/members/${memberId}/consents/credit_band?channel=app`,
      good: {},
      optional: [],
    },
    giveMerchantConsent: {
      method: 'PUT',
      path: `${consents}/share_with_merchant/${merchantId}`,
      good: consent,
      optional: ['guardian'],
    },
    withdrawMerchantConsent: {
      method: 'DELETE',
      path: `${consents}/share_with_merchant/${merchantId}?channel=till`,
      good: {},
      optional: [],
    },
    setMinority: {
      method: 'PUT',
      path: `/members/${receiverId}/minority`,
      good: { under14Until: later },
      optional: [],
    },
    setCreditBand: {
      method: 'PUT',
      path: `/members/${receiverId}/credit-band`,
      good: band,
      optional: [],
    },
    removeCreditBand: {
      method: 'DELETE',
      path: `/members/${receiverId}/credit-band`,
      good: {},
      optional: [],
    },
    createSegment: post('/segments', { ...segment, code: 'dresses' }, [
      'programme',
      'serviceReason',
    ]),
    putIntoSegment: {
      method: 'PUT',
      path: `/members/${receiverId}/segments/jeans`,
      good: { programme: 'default' },
      optional: ['programme'],
    },
    takeOutOfSegment: {
      method: 'DELETE',
      path: `/members/${receiverId}/segments/jeans`,
      good: {},
      optional: [],
    },
    readMessage: post(
      '/messages/msg_01j0000000e008000000000001/read',
      { memberId: receiverId },
      [],
    ),
    changeMessagePolicy: {
      method: 'PUT',
      path: '/programmes/play/message-policy',
      good: {
        expiryNoticeDays: [14, 1],
        quietHours: { from: '22:00', to: '08:00' },
        caps: [{ kind: 'offer', max: 1, days: 7 }],
      },
      optional: ['quietHours'],
    },
    createBudget: post('/budgets', { ...budget, name: 'summer' }, [
      'programme',
      'pointType',
      'merchantId',
    ]),
    changeBudget: {
      method: 'PATCH',
      path: `/budgets/${budgetId}`,
      good: { total: 2000 },
      optional: [],
    },
    createRule: post('/rules', { ...rule, code: 'pear', programme: 'default' }, RULE_OPTIONAL),
    saveRuleDraft: {
      method: 'PUT',
      path: `/rules/${ruleId}/draft`,
      good: { body: ruleBody },
      optional: RULE_OPTIONAL,
    },
    dropRuleDraft: {
      method: 'DELETE',
      path: `/rules/${droppedId}/draft`,
      good: {},
      optional: [],
    },
    publishRule: post(`/rules/${ruleId}/publish`, { from: later }, ['from']),
    retireRule: post(`/rules/${retiredId}/retire`, { from: later }, ['from']),
    examineRules: post(
      '/rules/examine',
      {
        merchantId,
        on: 'order',
        at: later,
        store: 'west',
        channel: 'till',
        tenders: ['card'],
        lines: [
          {
            sku: 'melon',
            brand: 'hami',
            category: 'melon',
            zone: 'fruit',
            greenCertificate: 'G-1',
            quantity: 1,
            amountFen: 100,
          },
        ],
        memberId,
        member: {
          tier: 'gold',
          merchantTier: 'gold',
          creditBand: 'a',
          segments: ['regular'],
          earlierOrders: 3,
          joinedAt: told.effectiveAt,
          birthday: '02-29',
        },
        drafts: [ruleVersionId],
      },
      EXAMINE_OPTIONAL,
    ),
    createReward: post(
      '/rewards',
      { ...reward, code: 'basket', programme: 'default' },
      REWARD_OPTIONAL,
    ),
    saveRewardDraft: {
      method: 'PUT',
      path: `/rewards/${rewardId}/draft`,
      good: { body: rewardBody },
      optional: REWARD_OPTIONAL,
    },
    dropRewardDraft: {
      method: 'DELETE',
      path: `/rewards/${droppedRewardId}/draft`,
      good: {},
      optional: [],
    },
    publishReward: post(`/rewards/${rewardId}/publish`, { from: later }, ['from']),
    retireReward: post(`/rewards/${retiredRewardId}/retire`, { from: later }, ['from']),
    setRewardStock: {
      method: 'PUT',
      path: `/rewards/${wantedId}/stock`,
      good: { total: 1_000 },
      optional: [],
      nullable: ['total'],
    },
    changeRewardStock: {
      method: 'PATCH',
      path: `/rewards/${wantedId}/stock`,
      good: { by: -1 },
      optional: [],
    },
    redeem: post('/redemptions', { ...wanted, dryRun: false }, [
      'option',
      'quantity',
      'price',
      'dryRun',
    ]),
    setFund: {
      method: 'PUT',
      path: '/funds/trees',
      good: { programme: 'default', ...fund, until: '2099-12-31' },
      optional: ['programme', 'until', 'en'],
    },
    payFund: post(
      '/funds/trees/payments',
      {
        ...{ programme: 'default', merchantId, fen: 100, reference: 'bank 2' },
        ...{ paidOn: '2026-01-01', actor: 'Li Lei' },
      },
      ['programme'],
    ),
    voidBill: post(
      `/redemptions/${unpaidId}/void`,
      { reason: 'card refused', actor: 'till 2', dryRun: false },
      ['dryRun'],
    ),
    returnBill: post(
      `/redemptions/${paidId}/returns`,
      { returnNo: 'R-1', returnedFen: 300, reason: 'too small', actor: 'till 2', dryRun: false },
      ['dryRun'],
    ),
    createRedemptions: post(
      '/redemptions/bulk',
      { redemptions: [{ ...wanted, idempotencyKey: 'r1' }] },
      ['option', 'quantity', 'price', 'idempotencyKey'],
    ),
    cancelRedemption: post(`/redemptions/${redemptionId}/cancel`, { dryRun: false }, ['dryRun']),
    openAfterSalesCase: post(
      `/redemptions/${claimedId}/after-sales`,
      { ...claim, ...saying, places: [1] },
      ['places', 'note'],
    ),
    'answerAfterSalesCase accept': post(
      `/after-sales/${cases.opened}/answers`,
      { ...accept, ...saying },
      ['goodsBack', 'onShelf', 'note'],
    ),
    'answerAfterSalesCase receive': post(
      `/after-sales/${cases.accepted}/answers`,
      { ...receive, ...saying },
      ['note'],
    ),
    'answerAfterSalesCase settle': post(
      `/after-sales/${cases.received}/answers`,
      { answer: 'settle', ...saying },
      ['note'],
    ),
    'answerAfterSalesCase refuse': post(
      `/after-sales/${cases.refused}/answers`,
      { ...refuse, ...saying },
      ['note'],
    ),
    stepAfterSalesCase: post(
      `/after-sales/${cases.withdrawn}/member-steps`,
      { step: 'withdraw', ...saying },
      ['note'],
    ),
    'decideAfterSalesCase member': post(
      `/after-sales/${cases.appealed}/decision`,
      { for: 'member', remedy: 'refund', onShelf: true, ...saying },
      ['onShelf', 'note'],
    ),
    'decideAfterSalesCase merchant': post(
      `/after-sales/${cases.dismissed}/decision`,
      { for: 'merchant', reason: 'no_fault_found', ...saying },
      ['note'],
    ),
    cancelBySupplier: post(
      `/redemptions/${brokenId}/supplier-cancellation`,
      { reason: 'out_of_stock', onShelf: true, ...saying },
      ['onShelf', 'note'],
    ),
    cancelRewardBySupplier: post(
      `/rewards/${rewardId}/supplier-cancellations`,
      { merchantId, day: '2099-06-01', reason: 'recalled', onShelf: true, ...saying },
      ['day', 'onShelf', 'note'],
    ),
    tellDelivery: post(
      `/deliveries/${deliveredId}/state`,
      { state: 'sent', carrier: '顺丰', trackingNo: 'SF1', actor: 'Li Lei' },
      [],
    ),
    redirectDelivery: {
      method: 'PUT',
      path: `/redemptions/${redirectedId}/recipient`,
      good: recipient,
      optional: [],
    },
    moveBooking: post(`/redemptions/${bookedId}/move`, { day: in31Days, slot: '09:00-10:00' }, []),
    checkVoucher: post('/vouchers/check', bill, ['billFen']),
    useVoucher: post('/vouchers/uses', { ...bill, useNo: 'B-2' }, ['billFen']),
    undoVoucherUse: post(
      `/vouchers/uses/${voucherUseId}/undo`,
      { reason: 'card refused', actor: 'Li Lei' },
      [],
    ),
    createPromotion: post(
      '/promotions',
      { ...promotion, code: 'season', programme: 'default' },
      PROMOTION_OPTIONAL,
    ),
    savePromotionDraft: {
      method: 'PUT',
      path: `/promotions/${promotionId}/draft`,
      good: { body: promotionBody },
      optional: PROMOTION_OPTIONAL,
    },
    dropPromotionDraft: {
      method: 'DELETE',
      path: `/promotions/${droppedPromotionId}/draft`,
      good: {},
      optional: [],
    },
    publishPromotion: post(`/promotions/${promotionId}/publish`, { from: later }, ['from']),
    retirePromotion: post(`/promotions/${retiredPromotionId}/retire`, { from: later }, ['from']),
    startSimulation: post(
      '/rules/simulations',
      { programme: 'default', merchantId, ...simulation },
      ['programme', 'merchantId', 'rules', 'drafts', 'without'],
    ),
    cancelSimulation: {
      method: 'DELETE',
      path: `/rules/simulations/${simulationId}`,
      good: {},
      optional: [],
    },
    acknowledgeFinding: post(
      `/ledger/findings/${findings[0]?.id}/acknowledgement`,
      { note: 'looked into' },
      [],
    ),
  };
}
