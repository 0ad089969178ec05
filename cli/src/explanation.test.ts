import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Explained, explanationText } from './explanation.ts';
import { isMessageCode, speaker } from './messages.ts';
import { run, stubServer } from './testing/stub-shell.ts';

type Outcome = Explained['rules'][number];
type Step = Outcome['steps'][number];

const fired = (points: number, steps: Step[], name: Partial<Outcome> = {}): Outcome => ({
  ...{ ruleVersionId: null, code: null, name: null, ...name },
  ...{ fired: true, points, steps, failed: null, wanted: null, found: null },
});
const failed = (name: string, wanted: string, found: string): Outcome => ({
  ...{ ruleVersionId: 'rver_2', code: 'melon-season', name: '瓜季双倍' },
  ...{ fired: false, points: 0, steps: [], failed: name, wanted, found },
});
const melons = { ruleVersionId: 'rver_1', code: 'melon-season', name: '瓜季双倍' };
const RATIO = fired(41, [
  { code: 'base', facts: { fen: 4140, points: 1, perFen: 100 } },
  { code: 'rounded_down', facts: { points: 41 } },
]);
const MELONS = fired(
  31,
  [
    { code: 'base_of_lines', facts: { fen: 3150, points: 1, perFen: 100 } },
    { code: 'times', facts: { num: 3, den: 2 } },
    { code: 'rounded_down', facts: { points: 31 } },
    { code: 'cap', facts: { per: 'month', points: 500 } },
  ],
  melons,
);

describe('an explanation', () => {
  test('shows what each rule gave and how, in both languages', () => {
    const explained = { rules: [RATIO, MELONS] };
    expect(explanationText(explained, speaker('en'))).toBe(
      '  +41  the merchant’s ratio     ¥41.40 at 1 per ¥1; makes 41\n' +
        '  +31  瓜季双倍 (melon-season)  ¥31.50 of these goods at 1 per ¥1; 1.5 times in all: 0.5 × that on top; makes 31; at most 500 a month\n',
    );
    expect(explanationText(explained, speaker('zh'))).toBe(
      '  +41  本店比例                 ¥41.40，每 ¥1 得 1 分；得 41\n' +
        '  +31  瓜季双倍 (melon-season)  其中这些商品 ¥31.50，每 ¥1 得 1 分；合计 1.5 倍：另加 0.5 倍；得 31；每月最多 500\n',
    );
  });

  test('says what caps and evidence left, of which type, and why it is nothing', () => {
    const award = { ruleVersionId: 'rver_1', pointType: 'green', asked: 31, granted: 0 };
    const text = explanationText(
      {
        rules: [MELONS],
        awards: [{ ...award, reason: 'already_claimed' }],
        noPointsReason: 'already_claimed',
      },
      speaker('en'),
    );
    expect(text).toContain('  +0 green  瓜季双倍');
    expect(text).toContain('of 31 only 0: this evidence has paid before');
    expect(text).toMatch(/\n {2}No points: this evidence has paid before, here or elsewhere\.\n$/);
  });

  test('of points of another type has points', () => {
    const text = explanationText(
      { rules: [RATIO], noPointsReason: 'other_point_type' },
      speaker('en'),
    );
    expect(text).not.toContain('No points');
  });

  test('of what no rule was asked about says why', () => {
    const nothing = { rules: [], noPointsReason: 'evidence_missing' };
    expect(explanationText(nothing, speaker('en'))).toBe('  No points: there is no evidence.\n');
    expect(explanationText({ rules: [] }, speaker('zh'))).toBe('没有问过任何规则。\n');
  });

  // Every name that conditions.ts and explain.ts have; in what they want and found, numbers become words.
  test.each<[string, string, string, string]>([
    ['merchant', 'a', 'b', 'is about another merchant'],
    ['when.merchants', 'a', 'b', 'is about other merchants'],
    [
      'when.merchantCategories',
      'fruit',
      'bank',
      'only for merchants of fruit; this one is of bank',
    ],
    ['when.stores', 'market', '-', 'only in store market; it was none'],
    ['when.channels', 'app', 'till', 'only by app; it was till'],
    ['when.tenders', 'card', 'cash', 'only paid with card; it was cash'],
    ['when.member.tiers', 'gold', '-', 'only for the tier gold; the member’s is none'],
    [
      'when.member.tiers',
      'gold',
      'merchant: -',
      'only for the tier gold; the member’s is none in the merchant’s own tiers',
    ],
    ['when.member.creditBands', 'A', '-', 'only for the credit band A; the member’s is none'],
    ['when.member.segments', 'vip', '-', 'only for the segment vip; the member is in none'],
    ['when.member.firstOrder', 'yes', '2 earlier', 'only for a first order; there were 2 before'],
    ['when.weekdays', '1, 5', '6', 'only on Monday, Friday; it was Saturday'],
    ['when.monthDays', '1', '6', 'only on day 1 of the month; it was 6'],
    ['when.dates', '2027-06-01..', '2027-05-31', 'only 2027-06-01 – ; it was 2027-05-31'],
    ['when.hours', '20:00-22:00', '12:00', 'only 20:00-22:00; it was 12:00'],
    ['when.member.birthday', 'day', '06-20', 'only in the day of the birthday, which is 06-20'],
    ['when.member.joinedWithinDays', '<= 30', '31', 'only within at most 30 days of joining'],
    [
      'when.orderFen',
      '>= 19900',
      '19899',
      'only for orders of at least ¥199; this one came to ¥198.99',
    ],
    [
      'when.lines',
      '{"categories":["melon"],"green":true}',
      'hami/fruit',
      'only for categories melon; goods with a green certificate; bought was hami/fruit',
    ],
    [
      'when.lines.green',
      'yes',
      'CGP-118 expired, G 2 unknown',
      'only for goods with a valid green certificate; it was CGP-118 expired, G 2 unknown here',
    ],
    ['when.lines.green', 'yes', '-', 'only for goods with a valid green certificate; it was none'],
    [
      'when.lines.minFen',
      '>= 5000',
      '990',
      'only when these goods come to at least ¥50; it was ¥9.90',
    ],
    ['when.lines.minQuantity', '>= 3', '2', 'only when these goods are at least 3; it was 2'],
    ['when.expression', 'time.hour > 3', 'false', 'only if time.hour > 3; it was false'],
    ['terms.expiry', 'x', 'y', 'its points would lapse'],
    ['lines', 'x', 'diamonds', 'other rules took all goods before it (diamonds)'],
    ['group', 'x', '5, b gives 7', 'another of its group gives more (5, b gives 7)'],
    [
      'group',
      'x',
      '30 (0 left), b gives 7',
      'another of its group gives more (30 (0 left), b gives 7)',
    ],
    ['nothing', '>= 1', 'base 99', 'less than one point'],
    ['when.new', 'x', 'y', 'when.new: wanted was x, found was y'],
  ])('says that %s failed', (name, wanted, found, text) => {
    expect(explanationText({ rules: [failed(name, wanted, found)] }, speaker('en'))).toContain(
      `  -  瓜季双倍 (melon-season)  ${text}`,
    );
  });

  test.each<[Step, string]>([
    [{ code: 'extra', facts: { fen: 200, points: 3, perFen: 50 } }, '¥2 at 3 per ¥0.50 on top'],
    [{ code: 'times', facts: { num: 4, den: 3 } }, '4/3 times in all: 1/3 × that on top'],
    [{ code: 'fixed', facts: { points: 20, times: 1 } }, '20 points'],
    [{ code: 'fixed', facts: { points: 10, times: 3 } }, '10 points for each of 3'],
    [{ code: 'capped', facts: { points: 50 } }, 'at most 50 of an order'],
    [{ code: 'budget', facts: {} }, 'as long as the budget lasts'],
    [{ code: 'best_of_group', facts: { group: 'summer' } }, 'the most of the group summer'],
    [{ code: 'new', facts: { of: 1 } }, 'new 1'],
  ])('tells the step %j', (step, text) => {
    expect(explanationText({ rules: [fired(7, [step])] }, speaker('en'))).toBe(
      `  +7  the merchant’s ratio  ${text}\n`,
    );
  });
});

test('there are words for every condition that a rule can have', () => {
  const source = readFileSync(
    new URL('../../server/src/rules/conditions.ts', import.meta.url),
    'utf8',
  );
  const names = [...source.matchAll(/'((?:when|terms)\.[A-Za-z.]+)'/g)].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(20);
  const unsaid = names.filter((name) => !isMessageCode(`failed_${name?.replaceAll('.', '_')}`));
  expect(unsaid).toEqual([]);
});

test('there are words for every reason why there were no points, or fewer', () => {
  const docs = (name: string): string =>
    readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8');
  const [, table = ''] =
    /\n\| reason \| what it means \|\n([\s\S]*?)\n\n/.exec(docs('activities.md')) ?? [];
  const [, row = ''] = /\n\| `reason` \|(.*)\n/.exec(docs('rules.md')) ?? [];
  const named = (text: string): string[] =>
    [...text.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name ?? '');
  // Besides, what the ledger refuses to issue.
  const refusals = ['expires_before_available', 'points_out_of_range', 'too_many_sliding_lots'];
  // And whom clearing lets neither issue nor pay for points.
  const unfunded = ['funding_exhausted', 'funding_missing', 'value_out_of_range'];
  const barred = ['dossier_missing', 'dossier_lapsed', 'merchant_left', 'terms_missing'];
  const reasons = [
    ...named(table.replaceAll(/\|[^|]*\|$/gm, '')),
    ...named(row),
    ...refusals,
    ...unfunded,
    ...barred,
  ];
  expect(reasons.length).toBeGreaterThan(15);
  expect(reasons.filter((name) => !isMessageCode(`why_${name}`))).toEqual([]);
});

test('in Chinese a group is told in Chinese, and what a key may not know as not told', () => {
  const rules = [
    failed('group', 'the most points of x', '30 (0 left), melon gives 10'),
    { ...failed('when.member.creditBands', 'good', ''), found: null },
  ];
  const text = explanationText({ rules }, speaker('zh'));
  expect(text).toContain('同组另一条给得更多（本条 30（还剩 0），melon 给 10）');
  expect(text).toContain('不告知');
});

test('the command tells an order, an activity, and what is piped in', async () => {
  const explained = { rules: [RATIO] };
  const { env } = await stubServer({
    'GET /v1/orders/ord_1/explanation': explained,
    'GET /v1/activities/act_1/explanation': { ...explained, noPointsReason: 'limit_reached' },
  });
  const line = '  +41  the merchant’s ratio  ¥41.40 at 1 per ¥1; makes 41\n';
  expect(await run(['explain', 'ord_1'], env)).toEqual({ code: 0, out: line, err: '' });
  const activity = await run(['explain', 'act_1'], env);
  expect(activity.out).toBe(`${line}  No points: a limit is reached.\n`);
  const piped = JSON.stringify(explained);
  expect((await run(['explain', '-'], {}, '/nowhere', piped)).out).toBe(line);
  const { out } = await run(['explain', '-', '--json'], {}, '/nowhere', piped);
  expect(JSON.parse(out)).toEqual(explained);
});

test.each(['', '{}', '[]', '{"rules": [{}]}', '{"rules": 1}'])(
  'the command refuses %j as an explanation',
  async (piped) => {
    const { code, err } = await run(['explain', '-', '--json'], {}, '/nowhere', piped);
    expect(code).toBe(2);
    expect(JSON.parse(err)).toMatchObject({ error: { code: 'explanation_bad' } });
  },
);
