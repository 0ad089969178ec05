import { expect, test } from 'vitest';
import { compileRules } from './compile.ts';
import { rate } from './rate.ts';
import type { RatedLine } from './rating.ts';
import { rerate } from './rerate.ts';
import type { RuleVersion } from './rule.ts';
import { anId, aRule, awardsOf, body, line, order, version } from './testing/told.ts';

/** What is left of the points of an order when only these lines are. */
function left(
  rules: readonly RuleVersion[],
  bought: readonly RatedLine[],
  remain: readonly RatedLine[],
): readonly (readonly [before: number, after: number])[] {
  const book = compileRules(rules);
  const awards = awardsOf(rate(book, order(bought)));
  const now = rerate(book, order(remain), awards);
  return awards.map(({ points }, index) => [points, now[index] ?? -1]);
}

test('every award falls to what it is worth on what remains', () => {
  const rules = [
    aRule({ kind: 'times', num: 2, den: 1 }, { lines: { skus: ['tea'] } }),
    aRule({ kind: 'fixed', points: 10, per: 'item' }),
    aRule({ kind: 'fixed', points: 50, per: 'order' }, { orderFen: { min: 5000 } }),
  ];
  const tea = line(4000, { sku: 'tea', quantity: 2 });
  const bread = line(1050);
  expect(left(rules, [tea, bread], [{ ...tea, quantity: 1, amountFen: 2000 }, bread])).toEqual([
    [50, 30],
    [40, 20],
    [30, 20],
    [50, 0],
  ]);
  expect(left(rules, [tea, bread], [])).toEqual([
    [50, 0],
    [40, 0],
    [30, 0],
    [50, 0],
  ]);
});

test('a better base for large orders falls back to what the goods earn without it', () => {
  const large = aRule({ kind: 'base', points: 2, perFen: 100 }, { orderFen: { min: 8000 } });
  expect(left([large], [line(5000), line(4000)], [line(5000)])).toEqual([[180, 50]]);
  expect(left([large], [line(5000), line(4000)], [line(5000), line(3000)])).toEqual([[180, 160]]);
  const green = {
    ...large,
    body: { ...large.body, terms: { pointType: 'green' } },
  };
  expect(left([green], [line(5000), line(4000)], [line(5000)])).toEqual([[180, 0]]);
});

test('it falls back to the next base rule that holds', () => {
  const large = version(
    body({ kind: 'base', points: 5, perFen: 100 }, { orderFen: { min: 8000 } }, { priority: 2 }),
  );
  const books = aRule({ kind: 'base', points: 3, perFen: 100 }, { lines: { skus: ['book'] } });
  const book = line(1000, { sku: 'book' });
  expect(left([large, books], [line(8000), book], [line(500), book])).toEqual([[450, 35]]);
});

test('it does not fall back to one that does not hold either', () => {
  const large = (points: number, min: number, skus: string[], priority: number) =>
    version(
      body(
        { kind: 'base', points, perFen: 100 },
        { orderFen: { min }, lines: { skus } },
        { priority },
      ),
    );
  const rules = [large(5, 8000, ['a'], 2), large(3, 7000, ['a', 'b'], 1)];
  const [a, b] = [line(1000, { sku: 'a' }), line(1000, { sku: 'b' })];
  expect(left(rules, [a, b, line(6000)], [a, b])).toEqual([
    [60, 0],
    [50, 10],
    [30, 10],
  ]);
});

test('the next of a group stands in for the best, up to what that gave and of the same points', () => {
  const inGroup = (points: number, min: number, pointType = 'points') =>
    version(
      body(
        { kind: 'fixed', points, per: 'order' },
        { orderFen: { min } },
        { group: 'g', terms: { pointType } },
      ),
    );
  const best = inGroup(50, 5000);
  const rules = [best, inGroup(20, 1000), inGroup(30, 3000), inGroup(40, 1000, 'green')];
  const bought = [line(4000), line(2000)];
  expect(left(rules, bought, [line(4000)])).toEqual([
    [60, 40],
    [50, 30],
  ]);
  expect(left(rules, bought, [line(2000)])).toEqual([
    [60, 20],
    [50, 20],
  ]);
  expect(left(rules, bought, [])).toEqual([
    [60, 0],
    [50, 0],
  ]);
  // Also for one that holds, and gives less than the other by now.
  const double = version(body({ kind: 'times', num: 2, den: 1 }, {}, { group: 'g' }));
  expect(left([double, inGroup(30, 1000)], bought, [line(2000)])).toEqual([
    [60, 20],
    [60, 30],
  ]);
  // What began to hold only on less does not.
  const small = version(
    body({ kind: 'fixed', points: 9, per: 'order' }, { orderFen: { max: 4500 } }, { group: 'g' }),
  );
  expect(left([best, small], bought, [line(4000)])).toEqual([
    [60, 40],
    [50, 0],
  ]);
});

test('goods that earn nothing do not stand in for goods that came back', () => {
  const none = aRule(
    { kind: 'base', points: 1, perFen: 1_000_000 },
    { lines: { skus: ['cigarettes'] } },
  );
  const smokes = line(10_000, { sku: 'cigarettes' });
  expect(left([none], [smokes, line(10_000)], [smokes])).toEqual([[100, 0]]);
});

test('a base worth less than a point still keeps its lines', () => {
  const half = aRule(
    { kind: 'base', points: 1, perFen: 200 },
    { expression: 'order.netFen > 0', lines: { skus: ['a'] } },
  );
  const none = aRule(
    { kind: 'base', points: 1, perFen: 1_000_000 },
    { orderFen: { max: 50_000 }, lines: { skus: ['b'] } },
  );
  const triple = aRule({ kind: 'times', num: 3, den: 1 });
  const [a, b] = [line(150, { sku: 'a' }), line(9000, { sku: 'b' })];
  // Thrice 0.75 points is twice that on top; by the ratio it would be thrice 1.5.
  expect(left([half, none, triple], [a, b], [a, b])).toEqual([[1, 1]]);
  expect(left([half, none, triple], [a, b, line(1000)], [a, b])).toEqual([
    [10, 0],
    [21, 1],
  ]);
});

test('what fires only on less gives nothing, and takes nothing', () => {
  const small = aRule({ kind: 'base', points: 9, perFen: 100 }, { orderFen: { max: 5000 } });
  const bonus = aRule({ kind: 'fixed', points: 5, per: 'order' }, { orderFen: { max: 5000 } });
  expect(left([small, bonus], [line(4000), line(4000)], [line(4000)])).toEqual([[80, 40]]);
});

test('what limits cut counts as it was given', () => {
  const rule = aRule({ kind: 'extra', points: 1, perFen: 10 });
  const book = compileRules([rule]);
  expect(rerate(book, order([line(500)]), [{ version: rule.id, points: 30 }])).toEqual([30]);
  expect(rerate(book, order([line(200)]), [{ version: rule.id, points: 30 }])).toEqual([20]);
});

test('a version that is retired by now still rates, one that is not there is a bug', () => {
  const occasion = order([line(500)]);
  const rule = { ...aRule({ kind: 'extra', points: 1, perFen: 100 }), until: occasion.at - 1 };
  expect(rerate(compileRules([rule]), occasion, [{ version: rule.id, points: 9 }])).toEqual([5]);
  expect(() => rerate(compileRules([]), occasion, [{ version: anId(), points: 9 }])).toThrow(
    'the book lacks version',
  );
});
