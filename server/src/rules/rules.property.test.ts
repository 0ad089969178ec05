import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileRules } from './compile.ts';
import { explain } from './explain.ts';
import { rate } from './rate.ts';
import type { Award, Occasion } from './rating.ts';
import { rerate } from './rerate.ts';
import {
  aBody,
  aBonus,
  anOccasion,
  anOrder,
  published,
  someVersions,
} from './testing/arbitraries.ts';
import { naiveRate } from './testing/naive-rate.ts';
import { awardsOf } from './testing/told.ts';

const RUNS = 400;

/** Points by point type. */
function totals(awards: readonly Pick<Award, 'pointType' | 'points'>[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { pointType, points } of awards)
    sums.set(pointType, (sums.get(pointType) ?? 0) + points);
  return sums;
}

const isBase = ({ body }: { body: { earn: { kind: string } } }): boolean =>
  body.earn.kind === 'base';

test('rate gives what the plain reading of the rules gives', () => {
  let fired = 0;
  fc.assert(
    fc.property(someVersions, anOccasion, (versions, occasion) => {
      const awards = awardsOf(rate(compileRules(versions), occasion));
      fired += awards.filter(({ version }) => version !== null).length;
      expect(
        awards.map(({ version, pointType, points }) => ({ version, pointType, points })),
      ).toEqual(
        naiveRate(versions, occasion).map((each) => ({ ...each, points: Number(each.points) })),
      );
    }),
    { numRuns: RUNS },
  );
  // Rules that never fire would prove nothing.
  expect(fired).toBeGreaterThan(RUNS / 2);
});

test('of a group the rule gives points that is known to have most left', () => {
  let limited = 0;
  fc.assert(
    fc.property(someVersions, anOccasion, fc.array(fc.nat({ max: 30 })), (some, told, left) => {
      const versions = some.map((each) =>
        isBase(each) ? each : { ...each, body: { ...each.body, group: 'g' } },
      );
      const known = Object.fromEntries(
        versions.flatMap(({ rule }, index) => {
          const points = left[index];
          return points === undefined ? [] : [[rule, points]];
        }),
      );
      const occasion = { ...told, member: { ...told.member, left: known } };
      const awards = awardsOf(rate(compileRules(versions), occasion));
      const naive = naiveRate(versions, occasion);
      expect(awards.map(({ version, points }) => ({ version, points }))).toEqual(
        naive.map(({ version, points }) => ({ version, points: Number(points) })),
      );
      const without = awardsOf(rate(compileRules(versions), told));
      if (
        without.map(({ version }) => version).join() !== awards.map(({ version }) => version).join()
      )
        limited += 1;
    }),
    { numRuns: RUNS * 3 },
  );
  expect(limited).toBeGreaterThan(0);
});

test('explain tells the same points as rate, and of every rule why', () => {
  fc.assert(
    fc.property(someVersions, anOccasion, (versions, occasion) => {
      const book = compileRules(versions);
      const outcomes = explain(book, occasion);
      const told = outcomes.flatMap((each) =>
        each.fired ? { version: each.version, points: each.points } : [],
      );
      const awards = awardsOf(rate(book, occasion));
      expect(told).toEqual(awards.map(({ version, points }) => ({ version, points })));
      for (const outcome of outcomes) {
        if (!outcome.fired) expect([outcome.wanted, outcome.found]).not.toContain('');
        else expect(outcome.steps.length).toBeGreaterThan(0);
      }
      const known = versions.filter(
        ({ merchant, body, from, until }) =>
          body.on === occasion.on &&
          (merchant === null || merchant === occasion.merchant) &&
          occasion.at >= from &&
          (until === null || occasion.at < until),
      );
      expect(outcomes.length).toBe(known.length + (occasion.on === 'order' ? 1 : 0));
    }),
    { numRuns: RUNS },
  );
});

test('a rule that is no base never lowers anything', () => {
  fc.assert(
    fc.property(someVersions, published(aBonus), anOrder, (versions, more, occasion) => {
      // One that wins its group may give points of another type: that is what groups are for.
      const added = { ...more, body: { ...more.body, terms: {} } };
      const plain = versions.map((each) =>
        isBase(each) ? each : { ...each, body: { ...each.body, terms: {} } },
      );
      const before = totals(awardsOf(rate(compileRules(plain), occasion)));
      const after = totals(awardsOf(rate(compileRules([...plain, added]), occasion)));
      for (const [type, points] of before)
        expect(after.get(type) ?? 0).toBeGreaterThanOrEqual(points);
    }),
    { numRuns: RUNS },
  );
});

test('nobody earns less for not taking part in a credit band', () => {
  fc.assert(
    fc.property(someVersions, anOrder, (versions, occasion) => {
      const outside: Occasion = { ...occasion, member: { ...occasion.member, creditBand: null } };
      const isForBands = ({ body }: (typeof versions)[number]): boolean =>
        body.when.member?.creditBands !== undefined;
      const all = awardsOf(rate(compileRules(versions), outside));
      const without = versions.filter((each) => !isForBands(each));
      // Rules for bands change nothing for those outside,
      expect(awardsOf(rate(compileRules(without), outside))).toEqual(all);
      // and what lines earn in the first place is the same for everyone.
      const bases = (who: Occasion): readonly Award[] =>
        awardsOf(rate(compileRules(versions.filter(isBase)), who));
      expect(bases(outside)).toEqual(bases(occasion));
    }),
    { numRuns: RUNS },
  );
});

test('returns: never more than before, whatever their order; nothing remains, nothing is left', () => {
  let lapsed = 0;
  fc.assert(
    fc.property(
      someVersions,
      anOrder,
      fc.infiniteStream(fc.nat({ max: 100 })),
      (versions, occasion, dice) => {
        const book = compileRules(versions);
        const given = awardsOf(rate(book, occasion));
        let left = occasion.lines.map((line) => ({ ...line, rest: line.quantity }));
        let due: readonly number[] = given.map(({ points }) => points);
        const versionsOf = given.map(({ version }) => version);
        const worthOf = (lines: typeof left): readonly number[] =>
          rerate(
            book,
            {
              ...occasion,
              lines: lines.map(({ rest, ...line }) => ({
                ...line,
                quantity: rest,
                amountFen: Math.floor((line.amountFen * rest) / line.quantity),
              })),
            },
            versionsOf.map((version, index) => ({ version, points: due[index] ?? 0 })),
          );
        expect(worthOf(left)).toEqual(due);
        while (left.some(({ rest }) => rest > 0)) {
          const open = left.flatMap(({ rest }, index) => (rest > 0 ? index : []));
          const at = open[(dice.next().value ?? 0) % open.length];
          left = left.map((line, index) =>
            index === at ? { ...line, rest: line.rest - 1 } : line,
          );
          const now = worthOf(left);
          for (const [index, points] of now.entries()) {
            expect(points).toBeLessThanOrEqual(due[index] ?? 0);
            if (points < (due[index] ?? 0)) lapsed += 1;
          }
          due = now;
        }
        expect(due.every((points) => points === 0)).toBe(true);
      },
    ),
    { numRuns: RUNS },
  );
  expect(lapsed).toBeGreaterThan(RUNS);
});

test('no valid rule makes rate or explain throw, whatever the figures', () => {
  const far = fc.record({
    timeZone: fc.constantFrom(...Intl.supportedValuesOf('timeZone')),
    at: fc.integer({ min: 0, max: Date.parse('9999-12-31T23:59:59Z') }),
    joinedAt: fc.constantFrom(0, Date.parse('9999-12-31T23:59:59Z')),
  });
  const huge = fc.tuple(anOrder, far).map(([occasion, { timeZone, at, joinedAt }]) => ({
    ...occasion,
    timeZone,
    at,
    member: { ...occasion.member, joinedAt },
    lines: occasion.lines.map((line) => ({
      ...line,
      amountFen: line.amountFen * 3_000_000_000_000,
      quantity: line.quantity * 500_000_000,
    })),
  }));
  fc.assert(
    fc.property(fc.array(published(aBody), { maxLength: 8 }), huge, (versions, occasion) => {
      const book = compileRules(versions);
      rate(book, { ...occasion, at: Date.parse('9999-12-31T23:59:59Z') });
      const rating = rate(book, occasion);
      if ('code' in rating) expect(rating.code).toBe('points_out_of_range');
      else
        for (const { points, availableAt, expiresAt } of rating.awards) {
          expect(Number.isSafeInteger(points)).toBe(true);
          expect(expiresAt ?? Infinity).toBeGreaterThan(availableAt ?? occasion.at);
        }
      explain(book, occasion);
    }),
    { numRuns: RUNS },
  );
});
