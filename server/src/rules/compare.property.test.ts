import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareBodies } from './compare.ts';
import { compileRules } from './compile.ts';
import { rate } from './rate.ts';
import type { Award, Occasion } from './rating.ts';
import type { RuleBody, RuleVersion } from './rule.ts';
import { aBody, anOccasion, someVersions } from './testing/arbitraries.ts';
import { awardsOf, version } from './testing/told.ts';

/** A body that has some parts of one and some of another. */
const mixed = fc.tuple(aBody, aBody, fc.infiniteStream(fc.nat({ max: 5 }))).map(([a, b, dice]) => {
  const mix = <T extends object>(one: T, other: T): T =>
    Object.fromEntries(
      [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((name) => {
        const from = (dice.next().value ?? 0) === 0 ? other : one;
        const value = from[name as keyof T];
        return value === undefined ? [] : [[name, value]];
      }),
    ) as T;
  const after: RuleBody = {
    ...mix(a, b),
    when: mix(a.when, b.when),
    terms: mix(a.terms ?? {}, b.terms ?? {}),
  };
  return { before: a, after };
});

test('what is called no worse gives no less on any occasion, no later and for no shorter', () => {
  let better = 0;
  let changed = 0;
  fc.assert(
    fc.property(
      mixed,
      someVersions,
      fc.array(anOccasion, { minLength: 5, maxLength: 5 }),
      ({ before, after }, others, occasions) => {
        if (compareBodies(before, after).length > 0) return;
        better += 1;
        if (JSON.stringify(before) !== JSON.stringify(after)) changed += 1;
        const was = version(before, { from: 0 });
        // What multiplies bases can win its group when a base rises, and give points of another type.
        const beside = others.filter(
          ({ body: { earn, group } }) => earn.kind !== 'times' || group === undefined,
        );
        for (const occasion of occasions)
          expectNoLess(was, { ...was, body: after }, beside, {
            ...occasion,
            on: before.on,
            lines: before.on === 'order' ? occasion.lines : [],
          });
      },
    ),
    { numRuns: 1000 },
  );
  expect(better).toBeGreaterThan(100);
  expect(changed).toBeGreaterThan(50);
});

function expectNoLess(
  was: RuleVersion,
  now: RuleVersion,
  others: readonly RuleVersion[],
  occasion: Occasion,
): void {
  const [before, after] = [was, now].map((each) =>
    awardsOf(rate(compileRules([...others, each]), occasion)),
  ) as [readonly Award[], readonly Award[]];
  const pointsIn = (awards: readonly Award[], type: string): number =>
    awards.reduce((sum, each) => sum + (each.pointType === type ? each.points : 0), 0);
  for (const { pointType } of before)
    expect(pointsIn(after, pointType)).toBeGreaterThanOrEqual(pointsIn(before, pointType));
  const [old, own] = [before, after].map((awards) =>
    awards.find((award) => award.version === was.id),
  );
  if (old === undefined) return;
  expect(own?.availableAt ?? 0).toBeLessThanOrEqual(old.availableAt ?? 0);
  if (old.expiresAt !== undefined && own?.expiresAt !== undefined)
    expect(own.expiresAt ?? Infinity).toBeGreaterThanOrEqual(old.expiresAt ?? Infinity);
  for (const limit of own?.limits ?? []) {
    const same = old.limits.find(
      (each) => 'counter' in each && 'counter' in limit && each.counter === limit.counter,
    );
    expect(
      'counter' in limit && same !== undefined && 'max' in same && same.max,
    ).toBeLessThanOrEqual('max' in limit ? limit.max : 0);
  }
}
