import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256 } from '../../kernel/hash.ts';
import { merkleRoot } from '../encode.ts';
import { auditPath, rootOfPath } from './merkle-path.ts';

const leavesOf = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, index) => sha256(`leaf ${index}`));

const treeAndPlace = fc
  .integer({ min: 1, max: 600 })
  .chain((count) => fc.tuple(fc.constant(count), fc.integer({ min: 0, max: count - 1 })));

test('the path of every leaf leads to the root', () => {
  for (let count = 1; count <= 40; count += 1) {
    const leaves = leavesOf(count);
    for (let index = 0; index < count; index += 1) {
      const path = auditPath(leaves, index);
      expect(rootOfPath(leaves[index] as Buffer, index, count, path)).toEqual(merkleRoot(leaves));
    }
  }
});

test('no other leaf, place or path does', () => {
  fc.assert(
    fc.property(treeAndPlace, fc.nat(), ([count, index], turn) => {
      const leaves = leavesOf(count);
      const root = merkleRoot(leaves);
      const leaf = leaves[index] as Buffer;
      const path = auditPath(leaves, index);
      const leads = (...args: Parameters<typeof rootOfPath>): boolean =>
        rootOfPath(...args)?.equals(root) ?? false;
      expect(path.length).toBeLessThanOrEqual(Math.ceil(Math.log2(count)));
      expect(leads(leaf, index, count, path)).toBe(true);
      expect(leads(sha256('another'), index, count, path)).toBe(false);
      expect(leads(leaf, index, count, [...path, leaf])).toBe(false);
      if (path.length === 0) return;
      expect(leads(leaf, index, count, path.slice(1))).toBe(false);
      const elsewhere = (index + 1 + (turn % (count - 1))) % count;
      expect(leads(leaf, elsewhere, count, path)).toBe(false);
      const bent = path.map((hash, step) => (step === turn % path.length ? sha256(hash) : hash));
      expect(leads(leaf, index, count, bent)).toBe(false);
    }),
  );
});

test('a place outside the tree has no path', () => {
  expect(() => auditPath(leavesOf(3), 3)).toThrow(RangeError);
  expect(rootOfPath(sha256(''), 3, 3, [])).toBeNull();
});
