import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Uuid } from '../kernel/id.ts';
import { KINDS, SOURCE_KINDS } from './command.ts';
import {
  commit,
  FORMAT,
  hashBlock,
  hashGenesis,
  hashLeaf,
  headerBytes,
  type Leaf,
  merkleRoot,
} from './encode.ts';
import { ENTRY_KINDS, ROLES } from './transaction.ts';

interface Hashed {
  readonly name?: string;
  readonly bytes: string;
  readonly hash: string;
}
type Genesis = Hashed & {
  readonly ledgerId: Uuid;
  readonly shards: number;
  readonly shard: number;
};
type Commitment = Hashed & {
  readonly salt: string;
  readonly fingerprint: string;
  readonly key: string;
  readonly detail: string | null;
};
type LeafVector = Hashed & Omit<Leaf, 'commitment'> & { readonly commitment: string };
type BlockVector = Hashed & {
  readonly shard: number;
  readonly number: number;
  readonly previousHash: string;
  readonly recordedAt: number;
  readonly merkleRoot: string;
  readonly transactions: number;
  readonly entryFirst: number;
  readonly entries: number;
};
interface Vectors {
  readonly format: number;
  readonly genesis: readonly Genesis[];
  readonly commitments: readonly Commitment[];
  readonly leaves: readonly LeafVector[];
  readonly merkleRoots: readonly { readonly leaves: readonly string[]; readonly root: string }[];
  readonly blocks: readonly BlockVector[];
}

// The file is what others verify with, so the bytes in it are made here a second time, from the table in
// docs/ledger.md and without the encoder: were both wrong in the same way, they would have to agree by chance.
const vectors = JSON.parse(
  readFileSync(new URL('../../../docs/test-vectors.json', import.meta.url), 'utf8'),
) as Vectors;

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const sha = (bytes: string): string => createHash('sha256').update(hex(bytes)).digest('hex');
const be = (value: number, bytes: number): string =>
  BigInt.asUintN(bytes * 8, BigInt(value))
    .toString(16)
    .padStart(bytes * 2, '0');
const i64 = (value: number | null): string => (value === null ? '8000000000000000' : be(value, 8));
const uuid = (value: Uuid | null): string => value?.replaceAll('-', '') ?? '0'.repeat(32);
const utf8 = (text: string): string => Buffer.from(text, 'utf8').toString('hex');

function leafBytes({
  transaction: t,
  refusalFacts,
  commitment,
  entryFirst,
  lotsMade,
  marks,
}: LeafVector): string {
  const refusal = t.refusal === null ? '' : utf8(`${t.refusal.code} ${refusalFacts ?? ''}`);
  const entries = t.entries.map((entry) =>
    [
      be(ENTRY_KINDS[entry.kind], 1) + be(entry.pointType, 4),
      be(ROLES[entry.from.role], 1) + uuid(entry.from.owner),
      be(ROLES[entry.to.role], 1) + uuid(entry.to.owner),
      i64(entry.points) + uuid(entry.lot) + uuid(entry.ref) + i64(entry.expiresAt),
    ].join(''),
  );
  const made = lotsMade.map((lot) =>
    [
      `${uuid(lot.id)}${uuid(lot.issuer)}`,
      [lot.availableAt, lot.expiresAt, lot.issued, lot.amount, lot.unitCost].map(i64).join(''),
      uuid(lot.ruleVersion) + (lot.evidence ?? '0'.repeat(64)),
      be(lot.funders?.length ?? 0, 2),
      ...(lot.funders ?? []).map((funder) => uuid(funder.merchant) + i64(funder.share)),
    ].join(''),
  );
  return [
    `0001${uuid(t.id)}${be(KINDS[t.kind], 1)}`,
    be(t.programme, 4) + be(t.pointType, 4) + uuid(t.member),
    i64(t.points) + i64(t.effectiveAt) + uuid(t.merchant) + uuid(t.subject),
    be(t.source === null ? 0 : SOURCE_KINDS[t.source.kind], 1) + uuid(t.source?.id ?? null),
    i64(t.balanceAfter) + commitment,
    be(refusal.length / 2, 2) + refusal,
    i64(entryFirst) + be(t.entries.length, 4),
    ...entries,
    be(lotsMade.length, 2),
    ...made,
    be(marks.length, 2),
    ...marks.map((mark) => be(utf8(mark).length / 2, 2) + utf8(mark)),
  ].join('');
}

/** RFC 6962, section 2.1, as it is written there: split at the largest power of two below n. */
function rootOf(leaves: readonly string[]): string {
  if (leaves.length === 1) return leaves[0] as string;
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha(`01${rootOf(leaves.slice(0, split))}${rootOf(leaves.slice(split))}`);
}

test('the vectors are of this format and of every thing it hashes', () => {
  expect(vectors.format).toBe(FORMAT);
  expect(vectors.genesis.length).toBeGreaterThan(0);
  expect(vectors.commitments.length).toBeGreaterThan(1);
  expect(vectors.blocks.length).toBeGreaterThan(0);
  const kinds = new Set(vectors.leaves.map((leaf) => leaf.transaction.kind));
  expect(kinds).toContain('issue');
  expect(kinds).toContain('burn');
  expect(vectors.leaves.some((leaf) => leaf.lotsMade.length > 1)).toBe(true);
  expect(vectors.leaves.some((leaf) => leaf.transaction.refusal !== null)).toBe(true);
});

test.each(vectors.genesis)('genesis of shard $shard of $shards', (given) => {
  const { ledgerId, shards, shard, bytes, hash } = given;
  expect(bytes).toBe(`0301${uuid(ledgerId)}${be(shards, 2)}${be(shard, 2)}`);
  expect(hash).toBe(sha(bytes));
  expect(hashGenesis(ledgerId, shards, shard).toString('hex')).toBe(hash);
});

test.each(vectors.commitments)('commitment: $name', (given) => {
  const { salt, fingerprint, key, detail, bytes, hash } = given;
  expect(bytes).toBe(`${salt}${fingerprint}${utf8(key)}00${utf8(detail ?? '')}`);
  expect(hash).toBe(sha(bytes));
  expect(commit(hex(salt), hex(fingerprint), key, detail).toString('hex')).toBe(hash);
});

test.each(vectors.leaves)('leaf: $name', (given) => {
  expect(given.bytes).toBe(leafBytes(given));
  expect(given.hash).toBe(sha(given.bytes));
  expect(hashLeaf({ ...given, commitment: hex(given.commitment) }).toString('hex')).toBe(
    given.hash,
  );
});

test.each(vectors.merkleRoots)('Merkle root $root', ({ leaves, root }) => {
  expect(rootOf(leaves)).toBe(root);
  expect(merkleRoot(leaves.map(hex)).toString('hex')).toBe(root);
});

test('the Merkle root of any number of leaves is that of RFC 6962', () => {
  for (let count = 1; count <= 70; count += 1) {
    const leaves = Array.from({ length: count }, (_, index) => sha(be(index, 4)));
    expect(merkleRoot(leaves.map(hex)).toString('hex'), `${count} leaves`).toBe(rootOf(leaves));
  }
});

test('there is no Merkle root of nothing', () => {
  expect(() => merkleRoot([])).toThrow('at least one');
});

test.each(vectors.blocks)('block: $name', (given) => {
  const { shard, number, recordedAt, transactions, entryFirst, entries, bytes, hash } = given;
  const links = given.previousHash + i64(recordedAt) + given.merkleRoot;
  expect(bytes).toBe(
    `0201${be(shard, 2)}${i64(number)}${links}${be(transactions, 4)}${i64(entryFirst)}${be(entries, 4)}`,
  );
  expect(hash).toBe(sha(bytes));
  const header = {
    ...given,
    previousHash: hex(given.previousHash),
    merkleRoot: hex(given.merkleRoot),
  };
  expect(headerBytes(header).toString('hex')).toBe(bytes);
  expect(hashBlock(header).toString('hex')).toBe(hash);
});

test('whatever changes in a transaction changes its leaf', () => {
  const [given] = vectors.leaves as [LeafVector];
  const leaf = { ...given, commitment: hex(given.commitment) };
  const [entry] = leaf.transaction.entries as [Leaf['transaction']['entries'][0]];
  const [lotMade] = leaf.lotsMade as [Leaf['lotsMade'][0]];
  const changed: Leaf[] = [
    { ...leaf, entryFirst: leaf.entryFirst + 1 },
    { ...leaf, transaction: { ...leaf.transaction, points: leaf.transaction.points + 1 } },
    {
      ...leaf,
      transaction: { ...leaf.transaction, entries: [{ ...entry, points: entry.points - 1 }] },
    },
    {
      ...leaf,
      transaction: { ...leaf.transaction, entries: [{ ...entry, pointType: entry.pointType + 1 }] },
    },
    { ...leaf, transaction: { ...leaf.transaction, refusal: { code: 'limit_reached' } } },
    { ...leaf, lotsMade: [{ ...lotMade, expiresAt: null }] },
    { ...leaf, lotsMade: [{ ...lotMade, unitCost: 0 }] },
    { ...leaf, lotsMade: [{ ...lotMade, funders: lotMade.funders?.toReversed() ?? null }] },
    { ...leaf, lotsMade: [] },
    { ...leaf, marks: [] },
    { ...leaf, marks: [...leaf.marks, 'counter day'] },
    { ...leaf, lotsMade: [lotMade, lotMade] },
  ];
  const hashes = [leaf, ...changed].map((each) => hashLeaf(each).toString('hex'));
  expect(new Set(hashes).size).toBe(hashes.length);
});
