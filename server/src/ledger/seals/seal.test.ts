import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Uuid } from '../../kernel/id.ts';
import { merkleRoot } from '../encode.ts';
import { hashHead, keyBytes, keyIdOf, sealBytes } from './seal.ts';
import { isSignedBy, openSigningKeys, verifyingKey } from './signing-keys.ts';

interface Vectors {
  readonly sealedHeads: readonly {
    readonly shard: number;
    readonly block: number;
    readonly blockHash: string;
    readonly bytes: string;
    readonly hash: string;
  }[];
  readonly seals: readonly {
    readonly ledgerId: Uuid;
    readonly number: number;
    readonly previousHash: string;
    readonly sealedAt: number;
    readonly keyId: string;
    readonly shards: number;
    readonly root: string;
    readonly bytes: string;
    readonly hash: string;
    readonly privateSeed: string;
    readonly publicKey: string;
    readonly signature: string;
  }[];
  readonly sealKeys: readonly {
    readonly ledgerId: Uuid;
    readonly number: number;
    readonly firstSeal: number;
    readonly madeAt: number;
    readonly before: string;
    readonly publicKey: string;
    readonly id: string;
    readonly bytes: string;
    readonly signature: string;
  }[];
}

// As in encode.test.ts, the bytes are made here a second time, from the tables of docs/ledger.md.
const vectors = JSON.parse(
  readFileSync(new URL('../../../../docs/test-vectors.json', import.meta.url), 'utf8'),
) as Vectors;

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const sha = (bytes: string): string => createHash('sha256').update(hex(bytes)).digest('hex');
const be = (value: number, bytes: number): string => value.toString(16).padStart(bytes * 2, '0');
const bare = (id: Uuid): string => id.replaceAll('-', '');

test.each(vectors.sealedHeads)('sealed head of shard $shard', (given) => {
  expect(given.bytes).toBe(`0401${be(given.shard, 2)}${be(given.block, 8)}${given.blockHash}`);
  expect(given.hash).toBe(sha(given.bytes));
  const head = { block: given.block, hash: hex(given.blockHash) };
  expect(hashHead(given.shard, head).toString('hex')).toBe(given.hash);
});

test.each(vectors.seals)('seal $number', (given) => {
  const { ledgerId, number, previousHash, sealedAt, keyId, shards, root } = given;
  expect(given.bytes).toBe(
    `0501${bare(ledgerId)}${be(number, 8)}${previousHash}${be(sealedAt, 8)}${keyId}${be(shards, 2)}${root}`,
  );
  expect(given.hash).toBe(sha(given.bytes));
  expect(root).toBe(merkleRoot(vectors.sealedHeads.map((head) => hex(head.hash))).toString('hex'));
  const statement = { number, previousHash: hex(previousHash), sealedAt, keyId, shards };
  const bytes = sealBytes(ledgerId, { ...statement, root: hex(root) });
  expect(bytes.toString('hex')).toBe(given.bytes);
  const signing = openSigningKeys('', given.privateSeed).next(new Set());
  expect(signing.publicKey.toString('hex')).toBe(given.publicKey);
  expect(signing.id).toBe(sha(given.publicKey).slice(0, 32));
  expect(signing.id).toBe(keyId);
  // Ed25519 is deterministic: the same key and bytes give the same signature everywhere.
  expect(signing.sign(bytes).toString('hex')).toBe(given.signature);
  expect(isSignedBy(verifyingKey(hex(given.publicKey)), bytes, hex(given.signature))).toBe(true);
});

test.each(vectors.sealKeys)('seal key $number', (given) => {
  const { ledgerId, number, firstSeal, madeAt, before, publicKey } = given;
  expect(given.bytes).toBe(
    `0601${bare(ledgerId)}${be(number, 4)}${be(firstSeal, 8)}${be(madeAt, 8)}${before}${publicKey}`,
  );
  const facts = { number, firstSeal, madeAt, publicKey: hex(publicKey) };
  const bytes = keyBytes(ledgerId, facts, hex(before));
  expect(bytes.toString('hex')).toBe(given.bytes);
  expect(keyIdOf(hex(publicKey))).toBe(given.id);
  expect(isSignedBy(verifyingKey(hex(before)), bytes, hex(given.signature))).toBe(true);
});

test('each seal of the vectors names the one before it', () => {
  expect(vectors.seals.length).toBe(2);
  expect(vectors.seals[0]?.previousHash).toBe('0'.repeat(64));
  expect(vectors.seals[1]?.previousHash).toBe(vectors.seals[0]?.hash);
});
