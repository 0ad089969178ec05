import { sha256 } from '../../kernel/hash.ts';

const NODE = Buffer.of(0x01);

const parent = (left: Buffer, right: Buffer): Buffer => sha256(Buffer.concat([NODE, left, right]));

/**
 * The audit path of RFC 6962 from the leaf at `index` to the root: the hashes beside it, from the leaf
 * upwards. Leaves are hashes already; see `merkleRoot` in encode.ts.
 */
export function auditPath(leaves: readonly Buffer[], index: number): Buffer[] {
  if (index < 0 || index >= leaves.length) throw new RangeError('there is no such leaf');
  const path: Buffer[] = [];
  let level = leaves;
  let at = index;
  while (level.length > 1) {
    const beside = level[at ^ 1];
    if (beside !== undefined) path.push(beside);
    const next: Buffer[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const [left, right] = [level[i] as Buffer, level[i + 1]];
      next.push(right === undefined ? left : parent(left, right));
    }
    level = next;
    at >>= 1;
  }
  return path;
}

/** The root that a leaf and its audit path lead to in a tree of `count` leaves; null when the path has another length. */
export function rootOfPath(
  leaf: Buffer,
  index: number,
  count: number,
  path: readonly Buffer[],
): Buffer | null {
  if (!Number.isSafeInteger(index) || index < 0 || index >= count) return null;
  let [at, last, hash] = [index, count - 1, leaf];
  for (const beside of path) {
    if (last === 0) return null;
    // A node without a neighbour on its level goes up as it is.
    while (at === last && (at & 1) === 0) {
      at >>= 1;
      last >>= 1;
    }
    hash = (at & 1) === 1 ? parent(beside, hash) : parent(hash, beside);
    at >>= 1;
    last >>= 1;
  }
  return last === 0 ? hash : null;
}
