import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type BlockHeader, genesis, hashBlock, headerBytes } from './block.ts';
import { hex, unhex } from './bytes.ts';
import { hashCommitment, hashLeaf, type Leaf, leafBytes } from './leaf.ts';
import { merkleRoot } from './merkle.ts';
import { readLeaf } from './read-leaf.ts';
import {
  hashHead,
  keyBytes,
  keyIdOf,
  type SealKey,
  type SealStatement,
  sealBytes,
  trustKeys,
  verifySeal,
} from './seal.ts';

// The examples that fix every byte of format 1, for whoever writes a verifier.
const vectors = JSON.parse(
  readFileSync(new URL('../../../docs/test-vectors.json', import.meta.url), 'utf8'),
);

// Numbers of docs/ledger.md for the words of the examples.
const KINDS =
  `issue burn hold capture release expire mature return refund adjust transfer_out transfer_in
  transfer_return convert cut claw_back`.split(/\s+/);
const ENTRIES =
  `issue take pin unpin capture expire mature recover recover_expired owe repay restore extend
  overdraw`.split(/\s+/);
const ROLES =
  `none member held debt issuer acquirer breakage adjustment in_transit conversion`.split(' ');
const SOURCES = `none order return transfer move activity redemption`.split(' ');

const numberIn = (words: readonly string[], word: string, first: number): number => {
  const place = words.indexOf(word);
  if (place < 0) throw new Error(`no number for ${word}`);
  return place + first;
};

type Vector = (typeof vectors.leaves)[number];

/** An example in the form of the export. */
function leafOf({ transaction, refusalFacts, ...rest }: Vector): Leaf {
  const { commitment, entryFirst, lotsMade, marks } = rest;
  const { kind, entries, source, refusal, ...same } = transaction;
  return {
    ...same,
    ...{ commitment, entryFirst, marks },
    kind: numberIn(KINDS, kind, 1),
    sourceKind: source === null ? 0 : numberIn(SOURCES, source.kind, 0),
    source: source?.id ?? null,
    refusal: refusal === null ? '' : `${refusal.code} ${refusalFacts}`,
    entries: entries.map((each: Vector) => [
      numberIn(ENTRIES, each.kind, 1),
      each.pointType,
      numberIn(ROLES, each.from.role, 0),
      each.from.owner,
      numberIn(ROLES, each.to.role, 0),
      each.to.owner,
      ...[each.points, each.lot, each.ref, each.expiresAt],
    ]),
    lots: lotsMade.map(({ funders, ...lot }: Vector) => ({
      ...lot,
      funders: (funders ?? []).map(({ merchant, share }: Vector) => [merchant, share]),
    })),
  };
}

describe('the examples of format 1', () => {
  it.each(vectors.leaves as Vector[])('leaf: $name', (vector: Vector) => {
    const leaf = leafOf(vector);
    expect(hex(leafBytes(leaf))).toBe(vector.bytes);
    expect(hex(hashLeaf(leaf))).toBe(vector.hash);
    // And back: nothing of a leaf is lost in its bytes.
    expect(hex(leafBytes(readLeaf(unhex(vector.bytes))))).toBe(vector.bytes);
  });

  it('commitments', () => {
    for (const vector of vectors.commitments) expect(hex(hashCommitment(vector))).toBe(vector.hash);
  });

  it('geneses', () => {
    for (const { shard, hash, ...ledger } of vectors.genesis)
      expect(genesis(ledger, shard).hash).toBe(hash);
  });

  it('Merkle roots', () => {
    for (const { leaves, root } of vectors.merkleRoots) {
      const found = merkleRoot(leaves.map((leaf: string) => unhex(leaf)));
      expect(found === null ? null : hex(found)).toBe(root);
    }
  });

  it('blocks', () => {
    for (const vector of vectors.blocks as (BlockHeader & { shard: number; bytes: string })[]) {
      expect(hex(headerBytes(vector.shard, vector))).toBe(vector.bytes);
      expect(hex(hashBlock(vector.shard, vector))).toBe(vector.hash);
    }
  });

  it('heads, seals and keys', () => {
    const heads = vectors.sealedHeads.map(({ blockHash, shard, block }: Vector) => ({
      ...{ shard, block, hash: blockHash },
    }));
    for (const [place, { hash }] of vectors.sealedHeads.entries())
      expect(hex(hashHead(heads[place]))).toBe(hash);
    for (const vector of vectors.seals as (SealStatement & Vector)[]) {
      expect(hex(sealBytes(vector.ledgerId, vector.shards, vector))).toBe(vector.bytes);
      expect(keyIdOf(vector.publicKey)).toBe(vector.keyId);
    }
    for (const { before, bytes, ...key } of vectors.sealKeys as (SealKey & Vector)[])
      expect(hex(keyBytes(key.ledgerId, key, before))).toBe(bytes);
  });

  it('signatures: a seal by the first key, and one by the key it introduced', () => {
    const [first, second] = vectors.seals;
    const [introduced] = vectors.sealKeys;
    const keys: SealKey[] = [
      {
        ...{ number: 1, id: first.keyId, publicKey: first.publicKey, firstSeal: 1 },
        ...{ madeAt: first.sealedAt, signature: null },
      },
      introduced,
    ];
    const heads = vectors.sealedHeads.map(({ blockHash, ...head }: Vector) => ({
      ...head,
      hash: blockHash,
    }));
    const trust = trustKeys(first.ledgerId, keys, [first.publicKey]);
    expect(trust.findings).toEqual([]);
    expect(verifySeal({ ...first, heads }, trust, null)).toEqual([]);
    expect(verifySeal({ ...second, heads }, trust, first).map(({ code }) => code)).toEqual(
      second.root === first.root ? [] : ['seal_root'],
    );
  });
});
