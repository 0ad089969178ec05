import fc from 'fast-check';
import { expect, test } from 'vitest';
import { differences } from './difference.ts';

test('names what changed, came and went', () => {
  const before = { name: { zh: '甲' }, times: [1, 2], old: true };
  const after = { name: { zh: '乙' }, times: [1, 3, 4], new: 'a/b' };
  expect(differences(before, after)).toEqual([
    { path: '/name/zh', before: '甲', after: '乙' },
    { path: '/times/1', before: 2, after: 3 },
    { path: '/times/2', before: undefined, after: 4 },
    { path: '/old', before: true, after: undefined },
    { path: '/new', before: undefined, after: 'a/b' },
  ]);
});

test('a value differs from a copy of it nowhere, and from any other somewhere', () => {
  // JSON has no -0: it comes back as 0.
  const value = fc.jsonValue().map((each) => JSON.parse(JSON.stringify(each)) as unknown);
  fc.assert(
    fc.property(value, value, (one, other) => {
      expect(differences(one, JSON.parse(JSON.stringify(one)))).toEqual([]);
      const isSame = JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
      expect(differences(one, other).length === 0).toBe(isSame);
    }),
  );
});

/** With the keys of every object in one order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const keys = Object.keys(value).sort();
  return keys.map((key) => [key, sorted((value as Record<string, unknown>)[key])]);
}
