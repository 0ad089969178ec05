import { sha256 } from '@noble/hashes/sha2.js';

// Trees of RFC 6962 (section 2.1) over leaves that are hashes already.

const NODE = 1;
const HASH_BYTES = 32;

function parent(left: Uint8Array, right: Uint8Array): Uint8Array {
  const node = new Uint8Array(1 + 2 * HASH_BYTES);
  node[0] = NODE;
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return sha256(node);
}

/** The root over leaves in order; null when there are none, for which no tree stands. */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array | null {
  // The left subtree is the largest full one, which is what pairing level by level comes to.
  let level = leaves;
  while (level.length > 1)
    level = level.reduce<Uint8Array[]>((above, node, at) => {
      const right = level[at + 1];
      if (at % 2 === 0) above.push(right === undefined ? node : parent(node, right));
      return above;
    }, []);
  return level[0] ?? null;
}

/**
 * The root that a leaf leads to by its audit path, as the leaf at `index` of `count`; null when a path
 * through such a tree has another length, or there is no such leaf.
 */
export function rootOfPath(
  leaf: Uint8Array,
  index: number,
  count: number,
  path: readonly Uint8Array[],
): Uint8Array | null {
  if (!Number.isSafeInteger(index) || index < 0 || index >= count) return null;
  let hash = leaf;
  let used = 0;
  // On each level: where the node is, and how many nodes there are.
  for (let at = index, width = count; width > 1; at = Math.floor(at / 2)) {
    const beside = at % 2 === 1 ? at - 1 : at + 1;
    if (beside < width) {
      const other = path[used];
      if (other === undefined || other.length !== HASH_BYTES) return null;
      hash = beside < at ? parent(other, hash) : parent(hash, other);
      used += 1;
    }
    width = Math.ceil(width / 2);
  }
  return used === path.length ? hash : null;
}
