import { sha256 } from '@noble/hashes/sha2.js';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hex } from './bytes.ts';
import { merkleRoot, rootOfPath } from './merkle.ts';

const join = (...parts: Uint8Array[]): Uint8Array =>
  new Uint8Array(parts.flatMap((each) => [...each]));
const largestPowerBelow = (count: number): number => 2 ** Math.ceil(Math.log2(count / 2));

/** RFC 6962, section 2.1, word by word. */
function root(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 1) return leaves[0] as Uint8Array;
  const split = largestPowerBelow(leaves.length);
  const [left, right] = [root(leaves.slice(0, split)), root(leaves.slice(split))];
  return sha256(join(Uint8Array.of(1), left, right));
}

/** Section 2.1.1: the audit path of a leaf. */
function pathOf(index: number, leaves: readonly Uint8Array[]): Uint8Array[] {
  if (leaves.length === 1) return [];
  const split = largestPowerBelow(leaves.length);
  return index < split
    ? [...pathOf(index, leaves.slice(0, split)), root(leaves.slice(split))]
    : [...pathOf(index - split, leaves.slice(split)), root(leaves.slice(0, split))];
}

const tree = fc.integer({ min: 1, max: 70 }).chain((count) =>
  fc.record({
    leaves: fc.constant(Array.from({ length: count }, (_, n) => sha256(Uint8Array.of(n)))),
    index: fc.integer({ min: 0, max: count - 1 }),
  }),
);

it('every leaf leads to the root by its path, and by no other', () => {
  fc.assert(
    fc.property(tree, fc.integer({ min: 0, max: 69 }), ({ leaves, index }, other) => {
      const expected = hex(root(leaves));
      expect(hex(merkleRoot(leaves) as Uint8Array)).toBe(expected);
      const path = pathOf(index, leaves);
      const leaf = leaves[index] as Uint8Array;
      const lead = (to: number, by: readonly Uint8Array[]): string | null => {
        const found = rootOfPath(leaf, to, leaves.length, by);
        return found === null ? null : hex(found);
      };
      expect(lead(index, path)).toBe(expected);
      if (other !== index) expect(lead(other, path)).not.toBe(expected);
      expect(lead(index, [...path, leaf])).toBe(null);
      if (path.length > 0) {
        expect(lead(index, path.slice(1))).toBe(null);
        const [first, ...rest] = path as [Uint8Array, ...Uint8Array[]];
        expect(lead(index, [sha256(first), ...rest])).not.toBe(expected);
      }
    }),
  );
});

it('there is no tree without leaves, and no leaf outside of it', () => {
  expect(merkleRoot([])).toBe(null);
  const leaf = sha256(Uint8Array.of(1));
  for (const [index, count] of [
    [0, 0],
    [1, 1],
    [-1, 1],
    [0.5, 1],
  ] as const)
    expect(rootOfPath(leaf, index, count, [])).toBe(null);
});
