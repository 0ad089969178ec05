import { describe, expect, it } from 'vitest';
import { type Block, genesis, hashBlock, verifyBlock } from './block.ts';
import { hex } from './bytes.ts';
import { type ChainPage, FINDINGS_MAX, followChain, verifyChain } from './chain.ts';
import { hashLeaf } from './leaf.ts';
import { merkleRoot } from './merkle.ts';

const LEDGER = { ledgerId: '8f14e45f-ceea-467f-a8f0-1d2c3b4a5968', shards: 2 };
const NONE = '00'.repeat(32);

/** A chain of blocks of two transactions without entries each. */
function makeChain(count: number): Block[] {
  let previousHash = genesis(LEDGER, 1).hash;
  return Array.from({ length: count }, (_, place) => {
    const leaves = [0, 1].map((position) => {
      const leaf = {
        id: `019a6f3e-2fff-7c04-8444-${String(2 * place + position).padStart(12, '0')}`,
        ...{ kind: 5, programme: 1, pointType: 1, member: null, points: place, effectiveAt: place },
        ...{ merchant: null, subject: null, sourceKind: 0, source: null, balanceAfter: 0 },
        ...{ commitment: NONE, refusal: '', entryFirst: 0, entries: [], lots: [], marks: ['x'] },
      };
      return { ...leaf, leaf: hex(hashLeaf(leaf)) };
    });
    const header = {
      ...{ number: place + 1, recordedAt: 1_000 * place, previousHash, hash: '' },
      ...{ merkleRoot: hex(merkleRoot(leaves.map(hashLeaf)) as Uint8Array) },
      ...{ transactions: 2, entryFirst: 0, entries: 0 },
    };
    previousHash = hex(hashBlock(1, header));
    return { ...header, hash: previousHash, leaves };
  });
}

const from = genesis(LEDGER, 1);

describe('a chain', () => {
  it('is asked for page by page, ahead of the work', async () => {
    const chain = makeChain(5);
    const asked: number[] = [];
    const ask = async (after: number): Promise<ChainPage> => {
      asked.push(after);
      return { blocks: chain.slice(after, after + 2), more: after + 2 < chain.length };
    };
    const seen: (readonly [number, number])[] = [];
    const verdict = await verifyChain(followChain(ask), {
      from,
      onBlock: ({ number }) => void seen.push([number, asked.length]),
    });
    expect(verdict).toMatchObject({ ok: true, blocks: 5, transactions: 10, entries: 0 });
    expect(asked).toEqual([0, 2, 4]);
    expect(seen[0]).toEqual([1, 2]);
  });

  it('that cannot be read on says so, once the blocks before were looked at', async () => {
    const chain = makeChain(2);
    const seen: number[] = [];
    const ask = async (after: number): Promise<ChainPage> => {
      if (after > 0) throw new Error('no answer');
      return { blocks: chain, more: true };
    };
    const verdict = verifyChain(followChain(ask), {
      from,
      onBlock: ({ number }) => void seen.push(number),
    });
    await expect(verdict).rejects.toThrow('no answer');
    expect(seen).toEqual([1, 2]);
  });

  it('lets others work in between', async () => {
    let pauses = 0;
    // Long enough that it cannot be done within one piece of work.
    const pause = async (): Promise<void> => {
      pauses += 1;
    };
    await verifyChain(makeChain(3_000), { from, pause });
    expect(pauses).toBeGreaterThan(1);
  });

  it('keeps no more findings than can be told', async () => {
    const chain = makeChain(FINDINGS_MAX + 50).map((block) => ({ ...block, hash: NONE }));
    const verdict = await verifyChain(chain, { from });
    expect(verdict.findings).toHaveLength(FINDINGS_MAX);
    expect(verdict).toMatchObject({ ok: false, blocks: FINDINGS_MAX + 50 });
  });
});

describe('a block', () => {
  const [first, second] = makeChain(2) as [Block, Block];
  const codes = (block: Block, tip = from): string[] =>
    verifyBlock(block, tip).findings.map(({ code }) => code);

  it('is right as it is, and wrong in another shard or ledger', () => {
    expect(codes(first)).toEqual([]);
    expect(codes(second, verifyBlock(first, from).tip)).toEqual([]);
    expect(codes(first, genesis(LEDGER, 0))).toEqual(['block_hash', 'block_link']);
    expect(codes(first, genesis({ ...LEDGER, shards: 3 }, 1))).toEqual(['block_link']);
    expect(codes(second)).toEqual(['block_missing']);
  });

  it('is wrong with another order, number or kind of leaves', () => {
    const [a, b] = first.leaves;
    if (a === undefined || b === undefined) throw new Error('no leaves');
    expect(codes({ ...first, leaves: [b, a] })).toEqual(['merkle_root']);
    expect(codes({ ...first, leaves: [a] })).toEqual(['leaf_count', 'merkle_root']);
    expect(codes({ ...first, leaves: [] })).toEqual(['leaf_count', 'merkle_root']);
    expect(codes({ ...first, leaves: [a, null] })).toEqual(['leaf_missing']);
    expect(codes({ ...first, transactions: 1, leaves: [a] })).toEqual([
      'merkle_root',
      'block_hash',
    ]);
    const unreadable = { ...first, leaves: [a, { ...b, kind: 300 } as typeof b] };
    expect(codes(unreadable)).toEqual(['leaf_unreadable']);
  });

  it('is wrong when its numbers of entries do not go on', () => {
    expect(codes({ ...first, entryFirst: 1 })).toEqual([
      ...['entry_numbers', 'entry_numbers', 'entry_numbers', 'block_hash'],
    ]);
    expect(codes({ ...first, entries: 1 })).toEqual(['entry_numbers', 'block_hash']);
  });

  it('that no chain can hold is told, whatever stands in it', () => {
    expect(codes({ ...first, hash: 'x' })).toEqual(['block_hash']);
    expect(codes({ ...first, previousHash: 'x' })).toEqual(['block_unreadable', 'block_link']);
    expect(codes({ ...first, recordedAt: 'yesterday' })).toEqual(['block_unreadable']);
  });
});
