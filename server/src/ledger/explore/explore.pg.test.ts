import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPointsTestApp, type PointsTestApp } from '../../http/test-points-app.ts';
import { readId, type Uuid } from '../../kernel/id.ts';
import { readIdentity } from '../open.ts';
import { createSealing, type Sealing } from '../seals/sealing.ts';
import { openSigningKeys } from '../seals/signing-keys.ts';
import { findCovering } from '../seals/store.ts';
import { exportLedger } from '../verify/export-write.ts';
import { WEIGHT_MAX } from './read-leaves.ts';

const SHARDS = 4;
const MINUTE = 60_000;
let t: PointsTestApp;
let folder: string;
let sealing: Sealing;
let member: string;
let merchant: string;
let shard: number;

const move = (body: object): Promise<{ transaction: { id: string } }> =>
  t.ok('POST', '/transactions', { memberId: member, merchantId: merchant, ...body });

beforeAll(async () => {
  t = await createPointsTestApp();
  folder = mkdtempSync(join(tmpdir(), 'hongmi-explore-'));
  sealing = createSealing({
    pool: t.pool,
    clock: t.clock,
    keys: openSigningKeys(folder, '33'.repeat(32)),
    dataDir: folder,
    programmes: () => [],
  });
  merchant = await t.merchant();
  member = await t.member();
  shard = t.ledger.shardOf(readId('member', member) as Uuid);
  for (let n = 1; n <= 6; n += 1) {
    await move({ kind: 'issue', points: 100 });
    t.clock.advance(MINUTE);
    if (n % 2 === 0) await sealing.seal();
  }
  const { transaction } = await move({ kind: 'burn', points: 250 });
  await t.ok('POST', '/transactions', {
    ...{ kind: 'refund', memberId: member, transactionId: transaction.id, points: 120 },
  });
  // Refused, and chained all the same.
  await t.call('POST', '/transactions', {
    ...{ memberId: member, merchantId: merchant, kind: 'burn', points: 900_000 },
  });
});
afterAll(async () => {
  await t.close();
  rmSync(folder, { recursive: true });
});

/** The lines of an export, by their kind. */
async function exported(): Promise<Record<string, { [name: string]: unknown }[]>> {
  const identity = await readIdentity(t.pool);
  if (identity === undefined) throw new Error('no ledger');
  let text = '';
  const write = async (more: string): Promise<void> => {
    text += more;
  };
  await exportLedger(t.pool, identity, write, { withDetail: false });
  const lines: Record<string, { [name: string]: unknown }[]> = {};
  for (const line of text.trimEnd().split('\n'))
    for (const [kind, value] of Object.entries(JSON.parse(line)))
      lines[kind] = [...(lines[kind] ?? []), value as { [name: string]: unknown }];
  return lines;
}

describe('looking through the chain', () => {
  it('tells of every shard where it ends and how far it is sealed', async () => {
    const { shards, seal } = await t.ok('GET', '/ledger/shards');
    const { head } = await exported();
    expect(
      shards.map((each: { shard: number; blocks: number; entries: number; hash: string }) => ({
        ...{ shard: each.shard, block: each.blocks, entries: each.entries, hash: each.hash },
      })),
    ).toEqual(head);
    expect(seal).toBe(3);
    expect(shards[shard]).toMatchObject({ blocks: 9, sealed: 6 });
  });

  it('lists blocks newest first, each with the first seal that covers it', async () => {
    const first = await t.ok('GET', `/ledger/shards/${shard}/blocks?limit=5`);
    const rest = await t.ok(
      'GET',
      `/ledger/shards/${shard}/blocks?limit=5&cursor=${first.nextCursor}`,
    );
    expect(rest.nextCursor).toBe(null);
    const all: { number: number; seal: number | null }[] = [...first.items, ...rest.items];
    expect(all.map(({ number }) => number)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
    expect(all.map(({ seal }) => seal)).toEqual([null, null, null, 3, 3, 2, 2, 1, 1]);
    for (const { number, seal } of all)
      expect((await findCovering(t.pool, shard, number))?.number ?? null).toBe(seal);
    const some = await t.ok('GET', `/ledger/shards/${shard}/blocks?upTo=3`);
    expect(some.items.map((each: { number: number }) => each.number)).toEqual([3, 2, 1]);
  });

  it('reads the chain as the export has it', async () => {
    const { transaction: transactions, block: blocks } = await exported();
    const chain = await t.ok('GET', `/ledger/shards/${shard}/chain`);
    expect(chain.more).toBe(false);
    const told = chain.blocks.map(
      ({ leaves: _, recordedAt, ...block }: { leaves: unknown; recordedAt: string }) => ({
        ...block,
        recordedAt: Date.parse(recordedAt),
        shard,
      }),
    );
    expect(told).toEqual(blocks?.filter((block) => block.shard === shard));
    const ids = new Set<string>();
    const leaves = chain.blocks.flatMap(({ leaves }: { leaves: { id: string }[] }) => leaves);
    for (const leaf of leaves) ids.add(leaf.id);
    const own = transactions?.filter(({ id }) => ids.has(String(id)));
    // What an export tells of prices is no part of the leaf.
    expect(leaves).toEqual(own?.map(({ accruals: _, ...leaf }) => leaf));
    expect(leaves).toHaveLength(9);
    expect(JSON.stringify(leaves)).toContain('insufficient_points');
  });

  it('reads a part of it, and one block', async () => {
    const part = await t.ok('GET', `/ledger/shards/${shard}/chain?after=3&upTo=5`);
    expect(part.blocks.map((each: { number: number }) => each.number)).toEqual([4, 5]);
    const { block, leaves, nextCursor } = await t.ok('GET', `/ledger/shards/${shard}/blocks/4`);
    const { seal: _, ...header } = block;
    expect({ ...header, leaves }).toEqual(part.blocks[0]);
    expect([block.seal, nextCursor]).toEqual([2, null]);
  });

  it('shows a seal with its heads and its key', async () => {
    const { seals } = await t.ok('GET', '/ledger/seals');
    const { keys } = await t.ok('GET', '/ledger/seal-keys');
    expect(await t.ok('GET', '/ledger/seals/2')).toMatchObject({ seal: seals[1], key: keys[0] });
  });

  it('says of what is not there that it is not', async () => {
    const codeOf = async (path: string): Promise<unknown> => (await t.call('GET', path)).body.code;
    expect(await codeOf(`/ledger/shards/${SHARDS}/blocks`)).toBe('shard_not_found');
    expect(await codeOf(`/ledger/shards/${SHARDS}/chain`)).toBe('shard_not_found');
    expect(await codeOf(`/ledger/shards/${shard}/blocks/10`)).toBe('block_not_found');
    expect(await codeOf('/ledger/shards/32767/blocks/1')).toBe('block_not_found');
    expect(await codeOf('/ledger/seals/4')).toBe('seal_not_found');
    expect(await codeOf(`/ledger/shards/${shard}/blocks?cursor=x`)).toBe('cursor_invalid');
  });

  it('is for those who may read the ledger, and shows no key, text, name or phone', async () => {
    const auth = await t.apiKey(['points:read', 'members:read']);
    for (const path of [
      '/ledger/shards',
      `/ledger/shards/${shard}/blocks`,
      `/ledger/shards/${shard}/blocks/1`,
      `/ledger/shards/${shard}/chain`,
      '/ledger/seals/1',
    ])
      expect((await t.call('GET', path, undefined, { auth })).body.code).toBe('scope_missing');
    await t.ok('POST', '/adjustments', {
      ...{ memberId: member, merchantId: merchant, points: 5 },
      ...{ reason: 'a word in private', actor: 'Li Lei' },
    });
    const text = JSON.stringify(await t.ok('GET', `/ledger/shards/${shard}/chain`));
    expect(text).not.toMatch(/a word in private|Li Lei|fingerprint|salt/);
  });
});

describe('a large block', () => {
  it('comes alone in a chain, and its leaves in pages', async () => {
    const own = {
      ...{ programme: 1, pointType: 1, effectiveAt: null },
      member: readId('member', member) as Uuid,
      merchant: readId('merchant', merchant) as Uuid,
    };
    // One point to a lot, so that a burn has as many entries as it takes points.
    const count = 3 * WEIGHT_MAX;
    const earns = Array.from({ length: count }, (_, n) => `earn ${n}`);
    await t.ledger.submitAll(
      earns.map((key) => ({ ...own, kind: 'issue' as const, key, points: 1 })),
    );
    const burns = ['burn 1', 'burn 2', 'burn 3'];
    const [answer] = await t.ledger.submitAll(
      burns.map((key) => ({ ...own, kind: 'burn' as const, key, points: WEIGHT_MAX })),
    );
    const { items } = await t.ok('GET', `/ledger/shards/${shard}/blocks?limit=200`);
    const largest = items.find(
      ({ number }: { number: number }) => number === answer?.receipt?.block,
    );
    expect(largest.transactions + largest.entries).toBeGreaterThan(2 * WEIGHT_MAX);
    const path = `/ledger/shards/${shard}/blocks/${largest.number}`;
    const leaves: unknown[] = [];
    let pages = 0;
    for (let cursor: string | null = ''; cursor !== null; pages += 1) {
      const page = await t.ok('GET', cursor === '' ? path : `${path}?cursor=${cursor}`);
      leaves.push(...page.leaves);
      cursor = page.nextCursor;
    }
    expect(pages).toBeGreaterThan(1);
    const chain = await t.ok('GET', `/ledger/shards/${shard}/chain?after=${largest.number - 1}`);
    expect(chain.blocks).toHaveLength(1);
    expect(chain.blocks[0].leaves).toEqual(leaves);
    expect(leaves).toHaveLength(largest.transactions);
    let seen = 0;
    for (let after = 0, more = true; more; ) {
      const next = await t.ok('GET', `/ledger/shards/${shard}/chain?after=${after}`);
      seen += next.blocks.length;
      after = next.blocks.at(-1).number;
      more = next.more;
    }
    expect(seen).toBe(items[0].number);
  });

  it('gives null for a transaction that is missing', async () => {
    await t.pool.query('delete from ledger.transaction where shard = $1 and block = 2', [shard]);
    const { leaves } = await t.ok('GET', `/ledger/shards/${shard}/blocks/2`);
    expect(leaves).toEqual([null]);
  });
});
