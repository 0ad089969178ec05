import { Check } from 'typebox/value';
import { expect, test } from 'vitest';
import { RuleBodySchema } from './body-schema.ts';
import type { Known } from './known.ts';
import { problemsOfBody } from './problems.ts';
import type { RuleBody } from './rule.ts';
import { body, SHOP } from './testing/told.ts';

// What a rule may never say, each refused when it is saved: with the place and the reason, or because there is no word for it.

const known: Known = {
  merchant: null,
  pointTypes: new Set(['points', 'green']),
  stores: new Set(),
  merchants: new Set([SHOP]),
  budgets: new Map(),
  tiers: null,
};
const gift = { kind: 'fixed', points: 5, per: 'order' } as const;
const ever = { caps: [{ per: 'ever', points: 50 }] } as const;
const asks = (expression: string): RuleBody => body(gift, { expression });
const named = (name: string): RuleBody => body(gift, {}, { name });

test.each<[string, RuleBody, string, string]>([
  [
    'type-checks not',
    asks('order.netFen == order.store'),
    '/when/expression',
    'expression_no_such_overload',
  ],
  [
    'divides by zero',
    body({ kind: 'extra', points: 1, perFen: 0 }),
    '/earn/perFen',
    'zero_denominator',
  ],
  ['multiplies by n / 0', body({ kind: 'times', num: 1, den: 0 }), '/earn/den', 'zero_denominator'],
  [
    'divides by zero in an expression',
    asks('order.netFen / 0 > 1'),
    '/when/expression',
    'expression_division_by_zero',
  ],
  [
    'overflows',
    body({ kind: 'extra', points: 1_000_000, perFen: 1 }),
    '/earn/points',
    'points_out_of_range',
  ],
  [
    'overflows in an expression',
    asks('order.netFen < 9223372036854775807 + 1'),
    '/when/expression',
    'expression_overflow',
  ],
  [
    'always throws',
    asks("order.netFen == int('ten')"),
    '/when/expression',
    'expression_always_fails',
  ],
  [
    'is too deep',
    asks(`${'('.repeat(40)}true${')'.repeat(40)}`),
    '/when/expression',
    'expression_limit_exceeded',
  ],
  [
    'is too large',
    asks(`true${' && true'.repeat(120)}`),
    '/when/expression',
    'expression_limit_exceeded',
  ],
  [
    'matches by a regular expression',
    asks("order.store.matches('(a+)+$')"),
    '/when/expression',
    'expression_unknown_function',
  ],
  [
    'passes over lists within lists',
    asks('order.lines.all(a, order.lines.all(b, a.sku == b.sku))'),
    '/when/expression',
    'expression_nested',
  ],
  [
    'counts orders that race',
    asks('member.orders == 0'),
    '/when/expression',
    'expression_no_such_key',
  ],
  [
    'puts a base into a group, round which others go',
    body({ kind: 'base', points: 1, perFen: 100 }, {}, { group: 'g' }),
    '/group',
    'base_in_group',
  ],
  [
    'pays for referrals without end',
    body(gift, {}, { on: 'referral' }),
    '/terms/caps',
    'referral_uncapped',
  ],
  [
    'shares in what the referred spend',
    body({ kind: 'extra', points: 1, perFen: 100 }, {}, { on: 'referral', terms: ever }),
    '/earn/kind',
    'activity_not_fixed',
  ],
  [
    'rewards for those whom the referred refer',
    named('发展下线奖励'),
    '/name',
    'forbidden_wording',
  ],
  ['sells points', named('充值积分享优惠'), '/name', 'forbidden_wording'],
  ['promises yield', named('积分年化收益 8%'), '/name', 'forbidden_wording'],
  [
    'pays points out in cash',
    body(gift, {}, { description: '积分可提现' }),
    '/description',
    'forbidden_wording',
  ],
  [
    'gives a base by credit band',
    body({ kind: 'base', points: 1, perFen: 200 }, { member: { creditBands: ['fair'] } }),
    '/when/member',
    'base_depends_on_member',
  ],
  [
    'the same by an expression',
    body({ kind: 'base', points: 1, perFen: 200 }, { expression: "member.creditBand != 'good'" }),
    '/when/expression',
    'base_depends_on_member',
  ],
  [
    'takes from a credit band',
    body({ kind: 'times', num: 1, den: 2 }, { member: { creditBands: ['fair'] } }),
    '/earn/num',
    'times_below_one',
  ],
])('a rule that %s is refused', (_, rule, path, code) => {
  const found = problemsOfBody(rule, known);
  expect(found.map((each) => [each.path, each.code])).toEqual([[path, code]]);
  expect(found[0]?.message).not.toBe('');
});

// Rules do not name each other: groups are joined by a name, and who comes first goes by a number. So no loop can be written.
test.each<[string, object]>([
  ['excludes another rule', { excludes: ['rule-b'] }],
  ['comes after another rule', { after: 'rule-b' }],
  ['is in two groups', { group: ['a', 'b'] }],
  ['takes points', { earn: { ...gift, points: -5 } }],
  ['pays to a depth', { on: 'referral', depth: 2 }],
  ['gives points for points that were bought', { on: 'purchase_of_points' }],
  ['gives cash', { earn: { kind: 'cash', fen: 100, per: 'order' } }],
  ['computes points by an expression', { earn: { kind: 'expression', points: 'order.netFen' } }],
])('there is no word for a rule that %s', (_, more) => {
  expect(Check(RuleBodySchema, body(gift))).toBe(true);
  expect(Check(RuleBodySchema, { ...body(gift), ...more })).toBe(false);
});
