import { expect, test } from 'vitest';
import type { Award } from '../rating.ts';
import { anId, line, order } from '../testing/told.ts';
import { Evidence, type Granted } from './evidence.ts';

const [OLD, NEW] = [anId(), anId()];
const occasion = order([line(100)]);
const given = (points: number, more: Partial<Award> = {}): Granted => ({
  points,
  award: {
    version: OLD,
    pointType: 'points',
    points,
    availableAt: null,
    onCompletion: false,
    expiresAt: undefined,
    funders: null,
    limits: [],
    ...more,
  },
});
function worse(before: readonly Granted[] | null, after: readonly Granted[] | null): number {
  const evidence = new Evidence(new Set([NEW]));
  evidence.add(occasion, before, after);
  return evidence.worse;
}

test.each<[string, readonly Granted[] | null, readonly Granted[] | null, number]>([
  ['as much by another rule', [given(5)], [given(5, { version: NEW })], 0],
  ['as much by two rules', [given(5)], [given(2), given(3, { version: NEW })], 0],
  ['more', [given(5)], [given(6)], 0],
  ['of another type too', [given(5)], [given(5), given(1, { pointType: 'green' })], 0],
  ['less', [given(5)], [given(4)], 1],
  ['nothing', [given(5)], [], 1],
  ['of another type', [given(5)], [given(9, { pointType: 'green' })], 1],
  ['later', [given(5)], [given(9, { availableAt: 1 })], 1],
  [
    'not before its days any more',
    [given(5, { availableAt: 9, onCompletion: true })],
    [given(5, { availableAt: 9 })],
    1,
  ],
  [
    'perhaps before its days',
    [given(5, { availableAt: 9 })],
    [given(2, { availableAt: 9 }), given(3, { availableAt: 9, onCompletion: true })],
    0,
  ],
  ['only with the completion', [given(5)], [given(9, { availableAt: 9, onCompletion: true })], 1],
  ['for shorter', [given(5)], [given(9, { expiresAt: 1 })], 1],
  ['what limits cut', [given(5)], [{ ...given(9), points: 4 }], 1],
  ['more than a number can show', [given(5)], null, 1],
  ['what was more than a number can show', null, [given(5)], 0],
])('%s', (_, before, after, orders) => {
  expect(worse(before, after)).toBe(orders);
});

test('one order that is worse is not made up for by others', () => {
  const evidence = new Evidence(new Set([NEW]));
  evidence.add(occasion, [given(5)], [given(50)]);
  evidence.add(occasion, [given(5)], [given(4)]);
  expect(evidence.worse).toBe(1);
});

test('what met is what gave points before and what a draft gives for after', () => {
  const evidence = new Evidence(new Set([NEW]));
  const ratio = given(1, { version: null });
  evidence.add(occasion, [ratio, given(5)], [ratio, given(5, { version: NEW })]);
  evidence.add(occasion, [ratio], [ratio, given(5, { version: NEW })]);
  // The draft gives nothing here: nothing is known of it.
  evidence.add(occasion, [ratio, given(5)], [ratio, given(5)]);
  expect(Object.fromEntries(evidence.met)).toEqual({ '': 2, [OLD]: 1 });
  expect(Object.fromEntries(evidence.ratios)).toEqual({ '1/100': 2 });
});
