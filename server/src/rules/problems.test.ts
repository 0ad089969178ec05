import { Check } from 'typebox/value';
import { expect, test } from 'vitest';
import { RuleBodySchema, type RuleBodyTold, readBody, showBody } from './body-schema.ts';
import type { Known } from './known.ts';
import { problemsOfBody } from './problems.ts';
import type { Conditions, Effect, RuleBody, Terms } from './rule.ts';
import { anId, BANK, body, OTHER_SHOP, SHOP } from './testing/told.ts';

const BUDGET = anId();
const known: Known = {
  merchant: null,
  pointTypes: new Set(['points', 'green']),
  stores: new Set(['north']),
  merchants: new Set([SHOP, BANK]),
  budgets: new Map([[BUDGET, 'green']]),
  tiers: new Set(['gold', 'silver']),
};
const gift: Effect = { kind: 'fixed', points: 5, per: 'order' };

function told(rule: RuleBody, by: Known = known): readonly (readonly [string, string])[] {
  return problemsOfBody(rule, by).map(({ path, code }) => [path, code]);
}
const when = (conditions: Conditions) => told(body(gift, conditions));
const earn = (effect: Effect) => told(body(effect));
const terms = (asked: Terms) => told(body(gift, {}, { terms: asked }));

const melons = body(
  { kind: 'times', num: 2, den: 1 },
  {
    merchants: [SHOP],
    stores: ['north'],
    dates: { from: '2027-06-01', to: '2027-08-31' },
    weekdays: [1, 2, 3, 4, 5],
    hours: { from: '22:00', to: '02:00' },
    orderFen: { min: 0, max: 100_000 },
    lines: { categories: ['melon'], green: true, minFen: 100, minQuantity: 2 },
    member: { creditBands: ['good'], birthday: 'month', firstOrder: true },
    expression: "time.hour < 3 || member.tier == 'gold'",
  },
  {
    name: '瓜季双倍积分',
    description: 'Double points for melons.',
    priority: 7,
    group: 'season',
    terms: {
      pointType: 'green',
      expiry: { kind: 'rolling', years: 3 },
      pendingDays: 7,
      funders: [
        { merchant: 'seller', share: 2 },
        { merchant: BANK, share: 1 },
      ],
      caps: [
        { per: 'order', points: 100 },
        { per: 'month', points: 1000 },
      ],
      budget: BUDGET,
    },
  },
);

test('a rule that is right has no problem, and is read as it is shown', () => {
  expect(told(melons)).toEqual([]);
  const shown = showBody(melons);
  expect(Check(RuleBodySchema, shown)).toBe(true);
  expect(readBody(shown)).toEqual(melons);
  expect(shown.when.merchants?.[0]).toMatch(/^mer_/);
  const plain = body(gift);
  expect(readBody(showBody(plain))).toEqual(plain);
});

test.each<[string, (rule: RuleBodyTold) => unknown]>([
  ['a field there is not', (rule) => ({ ...rule, when: { ...rule.when, wehkdays: [1] } })],
  ['an effect there is not', (rule) => ({ ...rule, earn: { kind: 'cash', points: 1 } })],
  ['points with a fraction', (rule) => ({ ...rule, earn: { ...gift, points: 1.5 } })],
  ['a list without end', (rule) => ({ ...rule, when: { tenders: Array(501).fill('cash') } })],
  ['a member for a merchant', (rule) => ({ ...rule, when: { merchants: ['mem_x'] } })],
  ['the eighth day', (rule) => ({ ...rule, when: { weekdays: [8] } })],
  ['a long expression', (rule) => ({ ...rule, when: { expression: ' '.repeat(1001) } })],
])('%s does not have the form of a rule', (_, change) => {
  expect(Check(RuleBodySchema, change(showBody(melons)))).toBe(false);
});

test.each<[Conditions, string, string]>([
  [{ tenders: [] }, '/when/tenders', 'empty_list'],
  [{ lines: { skus: [] } }, '/when/lines/skus', 'empty_list'],
  [{ member: {} }, '/when/member', 'empty'],
  [{ merchants: [SHOP, OTHER_SHOP] }, '/when/merchants/1', 'unknown_merchant'],
  [{ stores: ['north', 'east'] }, '/when/stores/1', 'unknown_store'],
  [{ member: { tiers: ['gold', 'sliver'] } }, '/when/member/tiers/1', 'unknown_tier'],
  [{ dates: { from: '2027-02-29' } }, '/when/dates/from', 'impossible_date'],
  [{ dates: { to: '2027-13-01' } }, '/when/dates/to', 'impossible_date'],
  [{ dates: { from: '2027-02-02', to: '2027-02-01' } }, '/when/dates/to', 'impossible_range'],
  [{ hours: { from: '24:00', to: '02:00' } }, '/when/hours/from', 'impossible_time'],
  [{ hours: { from: '02:00', to: '02:60' } }, '/when/hours/to', 'impossible_time'],
  [{ hours: { from: '02:00', to: '02:00' } }, '/when/hours/to', 'impossible_range'],
  [
    { dates: { from: '2027-06-05', to: '2027-06-06' }, weekdays: [1, 5] },
    '/when/weekdays',
    'impossible_days',
  ],
  [
    { dates: { from: '2027-02-01', to: '2027-02-28' }, monthDays: [29, 30] },
    '/when/monthDays',
    'impossible_days',
  ],
  [
    { dates: { from: '2027-06-01', to: '2027-06-30' }, weekdays: [1], monthDays: [1] },
    '/when/weekdays',
    'impossible_days',
  ],
  [{ orderFen: { min: 2, max: 1 } }, '/when/orderFen/max', 'impossible_range'],
  [{ orderFen: { max: 1 }, lines: { minFen: 2 } }, '/when/lines/minFen', 'impossible_range'],
  [{ expression: 'order.netFn > 1' }, '/when/expression', 'expression_no_such_key'],
])('conditions: %j', (conditions, path, code) => {
  expect(when(conditions)).toEqual([[path, code]]);
});

test('days that lie between the dates', () => {
  const leap = { dates: { from: '2028-02-01', to: '2028-02-29' }, monthDays: [29] };
  expect(when(leap)).toEqual([]);
  expect(when({ dates: { from: '2027-06-06', to: '2027-06-06' }, weekdays: [7] })).toEqual([]);
  expect(when({ dates: { from: '2027-06-06' }, weekdays: [1] })).toEqual([]);
});

test('tiers may be named before there are any', () => {
  const rule = body(gift, { member: { tiers: ['platinum'] } });
  expect(told(rule, { ...known, tiers: null })).toEqual([]);
});

test('a wrong expression says where', () => {
  const [problem] = problemsOfBody(body(gift, { expression: 'true\n && order.x' }), known);
  expect(problem?.at).toEqual({ offset: 15, line: 2, column: 11 });
});

test.each<[Effect, string, string]>([
  [{ kind: 'extra', points: 0, perFen: 100 }, '/earn/points', 'zero_points'],
  [{ kind: 'extra', points: 1, perFen: 0 }, '/earn/perFen', 'zero_denominator'],
  [{ kind: 'base', points: 100_000, perFen: 1 }, '/earn/points', 'points_out_of_range'],
  [{ kind: 'times', num: 1, den: 0 }, '/earn/den', 'zero_denominator'],
  [{ kind: 'times', num: 9, den: 10 }, '/earn/num', 'times_below_one'],
  [{ kind: 'times', num: 3, den: 3 }, '/earn/num', 'zero_points'],
  [{ kind: 'fixed', points: 0, per: 'item' }, '/earn/points', 'zero_points'],
])('effects: %j', (effect, path, code) => {
  expect(earn(effect)).toEqual([[path, code]]);
});

test.each<[Terms, string, string]>([
  [{}, '/terms', 'empty'],
  [{ caps: [] }, '/terms/caps', 'empty_list'],
  [{ pointType: 'miles' }, '/terms/pointType', 'unknown_point_type'],
  [{ budget: anId() }, '/terms/budget', 'unknown_budget'],
  [{ budget: BUDGET }, '/terms/budget', 'budget_of_other_points'],
  [{ caps: [{ per: 'day', points: 0 }] }, '/terms/caps/0/points', 'zero_cap'],
  [
    {
      caps: [
        { per: 'day', points: 1 },
        { per: 'day', points: 2 },
      ],
    },
    '/terms/caps/1/per',
    'cap_twice',
  ],
  [
    { caps: [{ per: 'day', points: 1, campaign: true }] },
    '/terms/caps/0/campaign',
    'campaign_without_budget',
  ],
  [{ funders: [] }, '/terms/funders', 'empty_list'],
  [{ funders: [{ merchant: 'seller', share: 0 }] }, '/terms/funders/0/share', 'zero_share'],
  [
    {
      funders: [
        { merchant: BANK, share: 1 },
        { merchant: BANK, share: 1 },
      ],
    },
    '/terms/funders/1/merchant',
    'funder_twice',
  ],
  [
    { funders: [{ merchant: OTHER_SHOP, share: 1 }] },
    '/terms/funders/0/merchant',
    'unknown_merchant',
  ],
  [{ expiry: { kind: 'rolling' } }, '/terms/expiry', 'empty'],
  [{ expiry: { kind: 'fixed', date: '2027-06-31' } }, '/terms/expiry/date', 'impossible_date'],
  [
    { expiry: { kind: 'rolling', days: 6 }, pendingDays: 7 },
    '/terms/expiry',
    'expires_before_available',
  ],
  [
    { expiry: { kind: 'rolling', months: 1 }, pendingDays: 29 },
    '/terms/expiry',
    'expires_before_available',
  ],
  [
    { expiry: { kind: 'end_of', period: 'month', after: 0 }, pendingDays: 1 },
    '/terms/expiry',
    'expires_before_available',
  ],
  [{ available: 'on_completion' }, '/terms/available', 'completion_without_end'],
  [{ available: 'on_completion', pendingDays: 0 }, '/terms/available', 'completion_without_end'],
])('terms: %j', (asked, path, code) => {
  expect(terms(asked)).toEqual([[path, code]]);
});

test('only an order is completed', () => {
  const waiting = { available: 'on_completion', pendingDays: 9 } as const;
  expect(terms(waiting)).toEqual([]);
  expect(told({ ...body(gift, {}, { terms: waiting }), on: 'review' })).toEqual([
    ['/terms/available', 'completion_of_no_order'],
  ]);
});

test('points that last long enough', () => {
  expect(terms({ expiry: { kind: 'rolling', days: 7 }, pendingDays: 7 })).toEqual([]);
  expect(
    terms({ expiry: { kind: 'end_of', period: 'quarter', after: 1 }, pendingDays: 90 }),
  ).toEqual([]);
  expect(terms({ expiry: { kind: 'none' }, pendingDays: 3000 })).toEqual([]);
  const late = body(
    gift,
    { dates: { from: '2028-01-01' } },
    { terms: { expiry: { kind: 'fixed', date: '2027-12-31' } } },
  );
  expect(told(late)).toEqual([['/terms/expiry', 'expires_before_available']]);
});

test('a merchant’s rule is about that merchant and paid by it', () => {
  const own: Known = { ...known, merchant: SHOP };
  const rule = body(
    gift,
    { merchants: [SHOP], merchantCategories: ['fruit'] },
    {
      terms: {
        funders: [
          { merchant: SHOP, share: 1 },
          { merchant: BANK, share: 1 },
        ],
      },
    },
  );
  expect(told(rule, own)).toEqual([
    ['/when/merchants', 'not_for_merchants'],
    ['/when/merchantCategories', 'not_for_merchants'],
    ['/terms/funders/1/merchant', 'foreign_funder'],
  ]);
});

test('a base is the same for every member, and in no group', () => {
  const base: Effect = { kind: 'base', points: 1, perFen: 100 };
  const looks = { member: { creditBands: ['good'] }, expression: "member.creditBand == 'good'" };
  expect(told(body(base, looks, { group: 'g' }))).toEqual([
    ['/when/member', 'base_depends_on_member'],
    ['/when/expression', 'base_depends_on_member'],
    ['/group', 'base_in_group'],
  ]);
  expect(told(body(base, { expression: 'order.netFen > 1' }))).toEqual([]);
});

test('activities earn a fixed number of points and have no goods', () => {
  const rule = body(
    { kind: 'extra', points: 1, perFen: 100 },
    { lines: { skus: ['a'] }, tenders: ['cash'] },
    { on: 'share' },
  );
  expect(told(rule)).toEqual([
    ['/when/lines', 'not_for_activities'],
    ['/when/tenders', 'not_for_activities'],
    ['/earn/kind', 'activity_not_fixed'],
  ]);
  expect(told(body({ ...gift, per: 'item' }, {}, { on: 'share' }))).toEqual([
    ['/earn/kind', 'activity_not_fixed'],
  ]);
});

test('a referral earns so much and no more ever, and never a share of what others spend', () => {
  const on = 'referral' as const;
  expect(told(body({ kind: 'extra', points: 1, perFen: 100 }, {}, { on }))).toEqual([
    ['/earn/kind', 'activity_not_fixed'],
    ['/terms/caps', 'referral_uncapped'],
  ]);
  const yearly = { caps: [{ per: 'year' as const, points: 50 }] };
  expect(told(body(gift, {}, { on, terms: yearly }))).toEqual([
    ['/terms/caps', 'referral_uncapped'],
  ]);
  const ever = { caps: [{ per: 'ever' as const, points: 50 }] };
  expect(told(body(gift, {}, { on, terms: ever }))).toEqual([]);
});

test.each([
  '消费返利计划',
  '收 益 翻倍',
  '返*利',
  '活动最终解释权归本店所有',
  '特价商品不退不换',
  '特價商品不退不換',
  '存入积分保本又升值',
  '年终分红',
  '发展下线得积分',
  '积分可以变现',
  '充值积分享八折',
  '积分可出售、积分换现金',
  '购买积分，送积分',
  'Buy points at half price',
  'Points for sale',
  'Guaranteed returns on every purchase',
  'Earn CASHBACK now',
  'a risk-free gift',
  'ｙｉｅｌｄ up to 8 %',
])('%s is refused', (text) => {
  expect(told(body(gift, {}, { name: text }))).toEqual([['/name', 'forbidden_wording']]);
  expect(told(body(gift, {}, { description: text }))).toEqual([
    ['/description', 'forbidden_wording'],
  ]);
});

test.each([
  '会员生日双倍积分',
  '周二购买积分翻倍',
  '购买积分3倍',
  'Double points on what you buy',
  'Field day: double points',
  '退货时积分按比例退回',
  'Profitable?',
  '部分红酒双倍积分',
  '确保本店会员优先',
  '环保本土品牌节',
  '青年化妆品周',
  '改变现状，提升值得信赖的服务',
  '活动月底下线',
  '喜迎丰收，益起来',
])('%s is not', (text) => {
  expect(told(body(gift, {}, { name: text, description: text }))).toEqual([]);
});
