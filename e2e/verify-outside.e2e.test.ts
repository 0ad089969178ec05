import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Block,
  type ChainPage,
  type ChainVerdict,
  type Finding,
  followChain,
  genesis,
  hashBlock,
  type Proof,
  type Seal,
  type SealKey,
  tipAt,
  trustKeys,
  typeId,
  verifyBlock,
  verifyChain,
  verifyProof,
  verifyReach,
  verifyReceipt,
  verifySeal,
} from '@hongmi/sdk/verify';
import { createPointsTestApp, type PointsTestApp } from '@hongmi/server/http/test-points-app';
import { readId } from '@hongmi/server/kernel/id';
import { createSealing, type Sealing } from '@hongmi/server/ledger/seals/sealing';
import { openSigningKeys } from '@hongmi/server/ledger/seals/signing-keys';
import { exportLedger } from '@hongmi/server/ledger/verify/export-write';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

// The SDK's verifier, which was written from docs/ledger.md, against what the server really wrote and tells.

const SHARDS = 4;
const MINUTE = 60_000;
const TABLES = ['block', 'transaction', 'entry', 'lot', 'head', 'seal', 'seal_key'];

let t: PointsTestApp;
let folder: string;
let sealing: Sealing;
let member: string;
let merchant: string;
let shard: number;
let transactions: { id: string; receipt: Receipt }[];

interface Receipt {
  readonly shard: number;
  readonly block: number;
  readonly position: number;
  readonly hash: string;
}

async function move(body: object): Promise<string> {
  const { transaction, receipt } = await t.ok('POST', '/transactions', {
    memberId: member,
    ...body,
  });
  transactions.push({ id: transaction.id, receipt });
  t.clock.advance(MINUTE);
  return transaction.id;
}

beforeAll(async () => {
  t = await createPointsTestApp();
  folder = mkdtempSync(join(tmpdir(), 'hongmi-outside-'));
  const keys = openSigningKeys(folder, ['44'.repeat(32), '55'.repeat(32)].join(','));
  const sealingWith = (signing: typeof keys): Sealing =>
    createSealing({
      ...{ pool: t.pool, clock: t.clock, keys: signing, dataDir: folder },
      programmes: () => [],
    });
  sealing = sealingWith(openSigningKeys(folder, '44'.repeat(32)));
  transactions = [];
  merchant = await t.merchant();
  member = await t.member();
  const own = { merchantId: merchant };
  const earn = await move({ kind: 'issue', ...own, points: 500 });
  await move({ kind: 'issue', ...own, points: 300, expiresAt: '2027-01-01T00:00:00Z' });
  await sealing.seal();
  const burn = await move({ kind: 'burn', ...own, points: 600 });
  await move({ kind: 'refund', transactionId: burn, points: 250 });
  await sealingWith(keys).rotateKey();
  sealing = sealingWith(keys);
  await sealing.seal();
  const hold = await move({ kind: 'hold', ...own, points: 100, expiresInSeconds: 3_600 });
  await move({ kind: 'capture', holdId: hold.replace('txn_', 'hold_'), points: 40 });
  await move({ kind: 'return', transactionId: earn, points: 500 });
  await t.call('POST', '/transactions', {
    ...{ kind: 'burn', memberId: member, ...own, points: 900_000 },
  });
  const other = await t.member();
  await t.ok('POST', '/transactions', { kind: 'issue', memberId: other, ...own, points: 7 });
  await sealing.seal();
  await move({ kind: 'issue', ...own, points: 1 });
  shard = transactions[0]?.receipt.shard as number;
});
afterAll(async () => {
  await t.close();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  for (const table of TABLES)
    await t.pool.query(`create table kept_${table} as table ledger.${table}`);
});
afterEach(async () => {
  await t.pool.query(`truncate ${TABLES.map((table) => `ledger.${table}`).join(', ')}`);
  for (const table of ['seal_key', ...TABLES.filter((each) => each !== 'seal_key')]) {
    await t.pool.query(`insert into ledger.${table} table kept_${table}`);
    await t.pool.query(`drop table kept_${table}`);
  }
});

const ask =
  (of: number) =>
  async (after: number): Promise<ChainPage> =>
    t.ok('GET', `/ledger/shards/${of}/chain?after=${after}`);

/** All seals, verified with the first key pinned; the hashes they know of each shard's blocks. */
async function sealed(): Promise<{
  findings: Finding[];
  pins: Map<number, string>[];
  seals: Seal[];
}> {
  const { seals }: { seals: Seal[] } = await t.ok('GET', '/ledger/seals');
  const { ledgerId, keys } = await t.ok('GET', '/ledger/seal-keys');
  const trust = trustKeys(ledgerId, keys, [keys[0].publicKey]);
  const pins = Array.from({ length: SHARDS }, () => new Map<number, string>());
  const findings = [...trust.findings];
  let previous: Seal | null = null;
  for (const seal of seals) {
    findings.push(...verifySeal(seal, trust, previous));
    previous = seal;
    for (const head of seal.heads) if (head.block > 0) pins[head.shard]?.set(head.block, head.hash);
  }
  return { findings, pins, seals };
}

async function verifyAll(of = shard): Promise<ChainVerdict> {
  const { ledgerId } = await t.ok('GET', '/ledger/shards');
  const { pins } = await sealed();
  const from = genesis({ ledgerId, shards: SHARDS }, of);
  return verifyChain(followChain(ask(of)), { from, pins: pins[of] ?? new Map() });
}

const codes = (findings: readonly Finding[]): string[] =>
  findings.map(({ code, block, position }) => [code, block, position].join(' ').trim());
const found = async (): Promise<string[]> => codes((await verifyAll()).findings);

describe('a sound ledger', () => {
  it('comes out as every chain and every seal says', async () => {
    const { shards } = await t.ok('GET', '/ledger/shards');
    const { findings, pins, seals } = await sealed();
    expect(findings).toEqual([]);
    expect(seals.map(({ keyId }) => keyId)).not.toEqual(Array(3).fill(seals[0]?.keyId));
    for (const head of shards) {
      const verdict = await verifyAll(head.shard);
      expect(verdict).toMatchObject({ ok: true, findings: [], isStopped: false });
      expect(verdict.tip).toMatchObject({ number: head.blocks, hash: head.hash });
      expect(verdict.entries).toBe(head.entries);
      expect(verdict.pinned ?? 0).toBe(head.sealed);
      expect(verifyReach(verdict.tip, pins[head.shard] ?? new Map())).toEqual([]);
    }
  });

  it('comes out of its export too', async () => {
    let text = '';
    const { ledgerId } = await t.ok('GET', '/ledger/shards');
    const write = async (more: string): Promise<void> => {
      text += more;
    };
    await exportLedger(t.pool, { ledgerId, shards: SHARDS }, write, { withDetail: true });
    const chains = new Map<number, (Block & { leaves: unknown[] })[]>();
    let last: (Block & { leaves: unknown[] }) | undefined;
    for (const line of text
      .trimEnd()
      .split('\n')
      .map((each) => JSON.parse(each))) {
      if (line.block !== undefined) {
        last = { ...line.block, leaves: [] } as Block & { leaves: unknown[] };
        chains.set(line.block.shard, [...(chains.get(line.block.shard) ?? []), last]);
      } else if (line.transaction !== undefined) last?.leaves.push(line.transaction);
    }
    expect(chains.get(shard)?.length).toBeGreaterThan(8);
    for (const [of, blocks] of chains) {
      const verdict = await verifyChain(blocks, {
        from: genesis({ ledgerId, shards: SHARDS }, of),
      });
      expect(verdict).toMatchObject({ ok: true, blocks: blocks.length });
    }
  });

  it('can be verified from a seal on, in part, and stopped', async () => {
    const { seals, pins } = await sealed();
    const head = seals[1]?.heads[shard];
    if (head === undefined) throw new Error('no head');
    const from = tipAt(shard, head.block, head.hash);
    const rest = await verifyChain(followChain(ask(shard), head.block), { from });
    expect(rest).toMatchObject({ ok: true, pinned: null });
    const stop = new AbortController();
    const seen: number[] = [];
    const part = await verifyChain(followChain(ask(shard), head.block), {
      from,
      pins: pins[shard] ?? new Map(),
      signal: stop.signal,
      onBlock: ({ number }) => {
        seen.push(number);
        if (seen.length === 2) stop.abort();
      },
    });
    expect(seen).toEqual([head.block + 1, head.block + 2]);
    expect(part).toMatchObject({ ok: false, isStopped: true, blocks: 2, findings: [] });
  });

  it('bears out proofs and receipts', async () => {
    const { ledgerId, keys } = await t.ok('GET', '/ledger/seal-keys');
    const trust = trustKeys(ledgerId, keys, [keys[0].publicKey]);
    for (const [place, { id, receipt }] of transactions.entries()) {
      const proof: Proof = await t.ok('GET', `/ledger/proofs/${id}`);
      const { ok, findings, stands } = await verifyProof(proof, trust);
      const isLast = place === transactions.length - 1;
      expect([ok, codes(findings)]).toEqual(
        isLast ? [false, [`proof_unsealed ${receipt.block} ${receipt.position}`]] : [true, []],
      );
      expect(stands).toMatchObject({
        ...{ block: receipt.block, position: receipt.position, shard },
      });
      expect(stands?.leaf.id).toBe(readId('transaction', id));
      expect(typeId('txn', stands?.leaf.id ?? '')).toBe(id);
      const { block, leaves } = await t.ok(
        'GET',
        `/ledger/shards/${shard}/blocks/${receipt.block}`,
      );
      const kept = { ...block, leaves };
      const uuid = String(readId('transaction', id));
      expect(verifyReceipt(receipt, kept, shard, uuid)).toEqual([]);
      expect(verifyReceipt(receipt, kept, shard, String(readId('member', member)))).toHaveLength(1);
      expect(verifyReceipt({ ...receipt, hash: '00'.repeat(32) }, kept, shard)).toHaveLength(1);
      expect(verifyReceipt({ ...receipt, position: 9 }, kept, shard, uuid)).toHaveLength(1);
    }
  });
});

/** Moves the recorded time of every block after one and computes the chain anew: it follows from itself, and is false. */
async function rewriteAfter(number: number): Promise<void> {
  const { blocks } = await ask(shard)(number);
  let previousHash = blocks[0]?.previousHash as string;
  for (const block of blocks) {
    const recordedAt = Date.parse(String(block.recordedAt)) + 1;
    const hash = Buffer.from(hashBlock(shard, { ...block, previousHash, recordedAt }));
    await t.pool.query(
      `update ledger.block set previous_hash = $3, hash = $4, recorded_at_ms = $5 where shard = $1 and number = $2`,
      [shard, block.number, Buffer.from(previousHash, 'hex'), hash, recordedAt],
    );
    previousHash = hash.toString('hex');
  }
}

describe('what was changed behind the ledger’s back', () => {
  const inBlock = (sql: string, block = 3): Promise<unknown> => t.pool.query(sql, [shard, block]);

  it('points of a transaction, of an entry, of a lot', async () => {
    await inBlock(
      'update ledger.transaction set points = points - 1 where shard = $1 and block = $2',
    );
    expect(await found()).toEqual(['leaf_hash 3 0']);
    await inBlock(
      `update ledger.entry e set points = e.points + 1 from ledger.transaction t
        where t.shard = $1 and t.block = $2 and e.shard = $1 and e.transaction = t.id`,
      4,
    );
    await inBlock(
      `update ledger.lot l set amount = l.amount - 1, remaining = least(l.remaining, l.amount - 1) from ledger.transaction t
        where t.shard = $1 and t.block = $2 and l.transaction = t.id`,
      1,
    );
    expect(await found()).toEqual(['leaf_hash 1 0', 'leaf_hash 3 0', 'leaf_hash 4 0']);
  });

  it('a transaction and its hash; and the root above it; and the block’s hash too', async () => {
    const before = (await ask(shard)(2)).blocks[0] as Block;
    const leaf = { ...before.leaves[0], points: 1 } as NonNullable<Block['leaves'][number]>;
    await inBlock('update ledger.transaction set points = 1 where shard = $1 and block = $2');
    const told = (await ask(shard)(2)).blocks[0] as Block;
    const [finding] = verifyBlock(told, tipAt(shard, 2, told.previousHash)).findings;
    expect(finding).toMatchObject({ code: 'leaf_hash', expected: leaf.leaf, transaction: leaf.id });
    const forged = Buffer.from(finding?.found as string, 'hex');
    await t.pool.query('update ledger.transaction set leaf = $3 where shard = $1 and block = $2', [
      ...[shard, 3],
      forged,
    ]);
    expect(await found()).toEqual(['merkle_root 3']);
    await t.pool.query(
      'update ledger.block set merkle_root = $3 where shard = $1 and number = $2',
      [...[shard, 3], forged],
    );
    expect(await found()).toEqual(['block_hash 3']);
    const last = (await ask(shard)(2)).blocks[0] as Block;
    await t.pool.query('update ledger.block set hash = $3 where shard = $1 and number = $2', [
      ...[shard, 3],
      Buffer.from(hashBlock(shard, last)),
    ]);
    expect(await found()).toEqual(['block_link 4']);
  });

  it('a transaction that is gone, a block that is gone, a time that is earlier', async () => {
    await inBlock('delete from ledger.transaction where shard = $1 and block = $2');
    expect(await found()).toEqual(['leaf_missing 3 0']);
    await inBlock('delete from ledger.block where shard = $1 and number = $2');
    expect(await found()).toEqual(['entry_numbers 4', 'block_missing 4']);
    await inBlock('update ledger.block set recorded_at_ms = 5 where shard = $1 and number = $2', 5);
    expect(await found()).toEqual([
      ...['entry_numbers 4', 'block_missing 4', 'block_time 5', 'block_hash 5'],
    ]);
  });

  it('a tail that was computed anew is found by the seals, and by nothing else', async () => {
    await rewriteAfter(4);
    const { ledgerId } = await t.ok('GET', '/ledger/shards');
    const from = genesis({ ledgerId, shards: SHARDS }, shard);
    expect(await verifyChain(followChain(ask(shard)), { from })).toMatchObject({ ok: true });
    const { seals } = await sealed();
    expect(await found()).toEqual([`sealed_otherwise ${seals[2]?.heads[shard]?.block}`]);
  });

  it('a tail that was cut off is found by the seals', async () => {
    await inBlock('delete from ledger.block where shard = $1 and number > $2', 4);
    const { tip, ok } = await verifyAll();
    const { pins, seals } = await sealed();
    expect(ok).toBe(true);
    expect(codes(verifyReach(tip, pins[shard] ?? new Map()))).toEqual([
      `sealed_missing ${seals[2]?.heads[shard]?.block}`,
    ]);
  });
});

describe('seals and keys that are not what they were', () => {
  const wrong = async (sql: string): Promise<string[]> => {
    await t.pool.query(sql);
    return (await sealed()).findings.map(({ code, seal, key }) => `${code} ${seal ?? key}`);
  };

  it('heads, root, time, signature, order', async () => {
    expect(
      await wrong(`update ledger.seal set blocks[1] = blocks[1] + 1 where number = 2`),
    ).toEqual(['seal_root 2']);
    expect(
      await wrong('update ledger.seal set sealed_at_ms = sealed_at_ms + 1 where number = 3'),
    ).toEqual(['seal_root 2', 'seal_hash 3']);
    expect(
      await wrong(
        `update ledger.seal set signature = set_byte(signature, 3, 1 - least(1, get_byte(signature, 3))) where number = 1`,
      ),
    ).toEqual(['seal_signature 1', 'seal_root 2', 'seal_hash 3']);
  });

  it('a seal in between that is gone', async () => {
    expect(await wrong('delete from ledger.seal where number = 2')).toEqual(['seal_link 3']);
  });

  it('a key that nobody introduced signs nothing', async () => {
    expect(
      await wrong(
        `update ledger.seal_key set signature = set_byte(signature, 3, 1 - least(1, get_byte(signature, 3))) where number = 2`,
      ),
    ).toEqual(['key_introduction 2', 'seal_key 2', 'seal_key 3']);
  });

  it('keys that are not the pinned one are not trusted, whatever they say of themselves', async () => {
    const { ledgerId, keys }: { ledgerId: string; keys: SealKey[] } = await t.ok(
      'GET',
      '/ledger/seal-keys',
    );
    const { seals } = await sealed();
    expect(trustKeys(ledgerId, keys)).toMatchObject({ isPinned: false, findings: [] });
    const strange = trustKeys(ledgerId, keys, ['66'.repeat(32)]);
    expect(strange).toMatchObject({ keys: [], isPinned: true });
    expect(verifySeal(seals[0] as Seal, strange).map(({ code }) => code)).toEqual(['seal_key']);
    // Whoever pinned the second key trusts what it signed, and not what came before.
    const second = trustKeys(ledgerId, keys, [keys[1]?.publicKey as string]);
    expect(seals.map((seal) => verifySeal(seal, second).length)).toEqual([1, 0, 0]);
  });
});

describe('a proof that was changed', () => {
  it('is told by its first step that does not hold', async () => {
    const { ledgerId, keys } = await t.ok('GET', '/ledger/seal-keys');
    const trust = trustKeys(ledgerId, keys);
    // Its seal is two blocks later than its own.
    const { id } = transactions[0] as { id: string };
    const proof: Proof = await t.ok('GET', `/ledger/proofs/${id}`);
    const flip = (text: string, at: number): string =>
      `${text.slice(0, at)}${text[at] === '0' ? '1' : '0'}${text.slice(at + 1)}`;
    const codeOf = async (more: Partial<Proof>): Promise<string | undefined> =>
      (await verifyProof({ ...proof, ...more }, trust)).findings[0]?.code;
    const [first = '', second = ''] = proof.blocks;
    const seal = proof.seal as NonNullable<Proof['seal']>;
    expect(await codeOf({})).toBe(undefined);
    expect(await codeOf({ leaf: flip(proof.leaf, 100) })).toBe('proof_path');
    expect(await codeOf({ leaf: 'xy' })).toBe('proof_unreadable');
    expect(await codeOf({ leaf: proof.leaf.slice(0, -2) })).toBe('proof_unreadable');
    expect(await codeOf({ position: 1 })).toBe('proof_path');
    expect(await codeOf({ path: ['00'.repeat(32)] })).toBe('proof_path');
    expect(await codeOf({ blocks: [first, flip(second, 30)] })).toBe('proof_blocks');
    expect(await codeOf({ blocks: [first] })).toBe('proof_head');
    expect(await codeOf({ blocks: [] })).toBe('proof_unreadable');
    expect(await codeOf({ headPath: [] })).toBe('proof_head');
    expect(await codeOf({ seal: { ...seal, root: flip(seal.root, 0) } })).toBe('proof_head');
    expect(await codeOf({ seal: { ...seal, number: 9 } })).toBe('seal_hash');
    expect(await codeOf({ seal: { ...seal, signature: flip(seal.signature, 9) } })).toBe(
      'seal_signature',
    );
    expect(await codeOf({ ledgerId: '00000000-0000-7000-8000-000000000000' })).toBe(
      'proof_unreadable',
    );
  });
});
