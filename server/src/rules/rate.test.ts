import { expect, test } from 'vitest';
import { POINTS_MAX } from '../kernel/points.ts';
import { compileRules } from './compile.ts';
import { rate } from './rate.ts';
import type { Effect, RuleVersion } from './rule.ts';
import {
  aRule,
  at,
  awardsOf,
  BANK,
  body,
  line,
  OTHER_SHOP,
  order,
  pointsOf,
  SHOP,
  version,
} from './testing/told.ts';

const rated = (
  rules: Parameters<typeof compileRules>[0],
  occasion: Parameters<typeof rate>[1],
): readonly number[] => pointsOf(rate(compileRules(rules), occasion));

test('without rules the merchant’s ratio holds', () => {
  const { awards } = rate(compileRules([]), order([line(1999), line(1)])) as never;
  expect(awards).toEqual([
    {
      version: null,
      pointType: 'points',
      points: 20,
      availableAt: null,
      onCompletion: false,
      expiresAt: undefined,
      funders: null,
      limits: [],
    },
  ]);
  expect(rated([], order([line(99)]))).toEqual([]);
});

test('melon season: double points for melons on June weekdays', () => {
  const melons = aRule(
    { kind: 'times', num: 2, den: 1 },
    {
      dates: { from: '2027-06-01', to: '2027-08-31' },
      weekdays: [1, 2, 3, 4, 5],
      lines: { categories: ['melon'] },
    },
  );
  const basket = [line(3050, { category: 'melon' }), line(1050, { category: 'bread' })];
  expect(rated([melons], order(basket))).toEqual([41, 30]);
  expect(rated([melons], order(basket, { at: at('2027-06-05T04:00:00Z') }))).toEqual([41]);
  expect(rated([melons], order(basket, { at: at('2027-05-31T15:59:59Z') }))).toEqual([41]);
  expect(rated([melons], order(basket, { at: at('2027-08-31T15:59:59Z') }))).toEqual([41, 30]);
});

test('a base replaces the ratio for its lines, the highest priority first, then the code', () => {
  const half = version(body({ kind: 'base', points: 1, perFen: 200 }), { code: 'half' });
  const books = version(
    body({ kind: 'base', points: 3, perFen: 100 }, { lines: { categories: ['book'] } }),
    { code: 'z' },
  );
  const first = { ...books, body: { ...books.body, priority: 5 } };
  const basket = [line(1000, { category: 'book' }), line(1000)];
  expect(rated([half, books], order(basket))).toEqual([10]);
  expect(rated([half, first], order(basket))).toEqual([30, 5]);
  expect(rated([books], order(basket))).toEqual([10, 30]);
});

test('what comes on top is rounded down once', () => {
  const double = aRule({ kind: 'times', num: 3, den: 2 });
  const base = aRule({ kind: 'base', points: 1, perFen: 300 }, { lines: { skus: ['a'] } });
  // 100 / 300 + 50 / 100 = 5/6, and half of 5/6 + 2 is 17/12.
  const basket = [line(100, { sku: 'a' }), line(50), line(200)];
  expect(rated([double, base], order(basket))).toEqual([2, 1]);
  expect(rated([aRule({ kind: 'extra', points: 2, perFen: 300 })], order(basket))).toEqual([3, 2]);
});

test('a multiplier is of the base of each line', () => {
  const double = aRule({ kind: 'times', num: 2, den: 1 });
  const base = aRule({ kind: 'base', points: 3, perFen: 100 }, { lines: { skus: ['a'] } });
  expect(rated([double, base], order([line(150, { sku: 'a' }), line(250)]))).toEqual([2, 4, 7]);
});

test('a multiplier is of the base before its cap: what bounds it is a cap of its own', () => {
  const base = aRule(
    { kind: 'base', points: 1, perFen: 100 },
    {},
    { caps: [{ per: 'order', points: 10 }] },
  );
  const double: Effect = { kind: 'times', num: 2, den: 1 };
  const basket = order([line(5000)]);
  const points = (...rules: RuleVersion[]) =>
    awardsOf(rate(compileRules([base, ...rules]), basket)).map((each) => each.points);
  expect(points()).toEqual([10]);
  expect(points(aRule(double))).toEqual([10, 50]);
  expect(points(aRule(double, {}, { caps: [{ per: 'order', points: 10 }] }))).toEqual([10, 10]);
});

test('fixed points for an order or for each item of its lines', () => {
  const basket = [line(100, { sku: 'tea', quantity: 3 }), line(100)];
  const tea = { lines: { skus: ['tea'] } };
  expect(
    rated(
      [
        aRule({ kind: 'fixed', points: 5, per: 'item' }, tea),
        aRule({ kind: 'fixed', points: 7, per: 'order' }, tea),
      ],
      order(basket),
    ),
  ).toEqual([2, 15, 7]);
  const none = aRule({ kind: 'fixed', points: 7, per: 'order' }, { lines: { skus: ['milk'] } });
  expect(rated([none], order(basket))).toEqual([2]);
  expect(rated([aRule({ kind: 'fixed', points: 7, per: 'order' })], order([]))).toEqual([]);
});

test('an activity earns by the rules that listen to it', () => {
  const welcome = version(
    body({ kind: 'fixed', points: 100, per: 'order' }, {}, { on: 'registration' }),
  );
  expect(rated([welcome], order([], { on: 'registration' }))).toEqual([100]);
  expect(rated([welcome], order([], { on: 'share' }))).toEqual([]);
  expect(rated([welcome], order([line(100)]))).toEqual([1]);
});

test('a merchant’s rule is about that merchant', () => {
  const own = version(body({ kind: 'fixed', points: 5, per: 'order' }), { merchant: SHOP });
  expect(rated([own], order([line(100)]))).toEqual([1, 5]);
  expect(rated([own], order([line(100)], { merchant: OTHER_SHOP }))).toEqual([1]);
});

test('of a group only the one that gives most counts, of equals the first', () => {
  const group = (points: number, code: string, owner = null as never) =>
    version(body({ kind: 'fixed', points, per: 'order' }, {}, { group: 'festival' }), {
      code,
      merchant: owner,
    });
  const rules = [group(5, 'a'), group(9, 'c'), group(9, 'b'), group(4, 'd', SHOP as never)];
  const awards = awardsOf(rate(compileRules(rules), order([line(100)])));
  expect(awards.map(({ points }) => points)).toEqual([1, 9, 4]);
  expect(awards[1]?.version).toBe(rules[2]?.id);
});

test('caps of an order cut, caps of a time become counters, a budget a limit', () => {
  const budget = BANK;
  const rule = aRule(
    { kind: 'fixed', points: 100, per: 'order' },
    {},
    {
      caps: [
        { per: 'order', points: 30 },
        { per: 'day', points: 1 },
        { per: 'week', points: 2 },
        { per: 'month', points: 3 },
        { per: 'year', points: 4 },
        { per: 'ever', points: 5 },
      ],
      budget,
    },
  );
  // In Shanghai it is the first of January already.
  const [, award] = awardsOf(
    rate(compileRules([rule]), order([line(100)], { at: at('2027-12-31T16:00:00Z') })),
  );
  expect(award?.points).toBe(30);
  const windows = ['2028-01-01', '2027-W52', '2028-01', '2028', 'ever'];
  expect(award?.limits).toEqual([
    ...windows.map((window, index) => ({
      counter: `rule ${rule.rule} ${window}`,
      max: index + 1,
      mode: 'trim',
    })),
    { budget, mode: 'trim' },
  ]);
});

test('terms: point type, expiry, waiting time, who pays', () => {
  const rule = aRule(
    { kind: 'fixed', points: 10, per: 'order' },
    {},
    {
      pointType: 'green',
      expiry: { kind: 'rolling', months: 1 },
      pendingDays: 7,
      available: 'on_completion',
      funders: [
        { merchant: BANK, share: 2 },
        { merchant: 'seller', share: 1 },
        { merchant: SHOP, share: 1 },
      ],
    },
  );
  const [, award] = awardsOf(
    rate(compileRules([rule]), order([line(100)], { at: at('2027-01-31T02:00:00Z') })),
  );
  expect(award).toMatchObject({
    pointType: 'green',
    availableAt: at('2027-02-07T02:00:00Z'),
    onCompletion: true,
    expiresAt: at('2027-02-28T16:00:00Z'),
    funders: [
      { merchant: BANK, share: 2 },
      { merchant: SHOP, share: 2 },
    ],
  });
  const sole = aRule(
    { kind: 'fixed', points: 1, per: 'order' },
    {},
    { funders: [{ merchant: 'seller', share: 3 }] },
  );
  expect(awardsOf(rate(compileRules([sole]), order([line(100)])))[1]?.funders).toBeNull();
});

test('points that would lapse before anybody could spend them are not given', () => {
  const gone = (date: string, pendingDays: number) =>
    aRule(
      { kind: 'fixed', points: 1, per: 'order' },
      {},
      { expiry: { kind: 'fixed', date }, pendingDays },
    );
  const occasion = order([line(100)]);
  expect(rated([gone('2027-05-31', 0)], occasion)).toEqual([1]);
  expect(rated([gone('2027-06-01', 0)], occasion)).toEqual([1, 1]);
  expect(rated([gone('2027-06-02', 2)], occasion)).toEqual([1]);
  // Bought at midnight: available when the day is over on which they lapse.
  const midnight = order([line(100)], { at: at('2027-05-31T16:00:00Z') });
  expect(rated([gone('2027-06-01', 1)], midnight)).toEqual([1]);
  expect(rated([gone('2027-06-01', 0)], midnight)).toEqual([1, 1]);
});

test('a version is in force from its beginning until before its end', () => {
  const [from, until] = [at('2027-06-01T04:00:00Z'), at('2027-06-02T04:00:00Z')];
  const rule = version(body({ kind: 'fixed', points: 1, per: 'order' }), { from, until });
  const book = compileRules([rule]);
  const counts = [from - 1, from, until - 1, until].map(
    (instant) => pointsOf(rate(book, order([line(100)], { at: instant }))).length,
  );
  expect(counts).toEqual([1, 2, 2, 1]);
});

test('what no number can show is refused', () => {
  const far = { code: 'points_out_of_range' };
  const much = order([line(POINTS_MAX)]);
  const book = compileRules([aRule({ kind: 'extra', points: 101, perFen: 100 })]);
  expect(rate(book, much)).toMatchObject(far);
  expect(rate(compileRules([]), order([line(POINTS_MAX), line(1)]))).toMatchObject(far);
  // Each of them can be shown, both together cannot.
  const both = compileRules([
    aRule({ kind: 'base', points: 1, perFen: 1 }),
    aRule({ kind: 'fixed', points: 1, per: 'order' }),
  ]);
  expect(rate(both, much)).toMatchObject(far);
  const capped = aRule(
    { kind: 'extra', points: 101, perFen: 100 },
    {},
    { caps: [{ per: 'order', points: 5 }] },
  );
  expect(rated([capped], much)).toEqual([90071992547409, 5]);
});
