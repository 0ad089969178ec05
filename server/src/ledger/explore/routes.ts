import Type from 'typebox';
import { showInstant } from '../../kernel/clock.ts';
import type { Pool, Sql } from '../../platform/database.ts';
import { readCursor, writeCursor } from '../../platform/web/cursor.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import { answers, object, PAGE_DEFAULT, PageQuery, pageOf } from '../../platform/web/schema.ts';
import { FORMAT } from '../encode.ts';
import { readIdentity } from '../open.ts';
import { findCoveringEach, readLastSeal } from '../seals/store.ts';
import { inSnapshot, pageOfLeaves, readBlock, readChain } from './read-leaves.ts';
import { BlockShown, BlockWithLeavesShown, ChainShown, ShardsShown } from './schema.ts';
import { type BlockRow, readBlocksBelow, readShardHeads } from './store.ts';

const tags = ['ledger'];
const scopes = ['ledger:read'] as const;
const BLOCKS = 'blocks';
const LEAVES = 'leaves';
const NUMBER_MAX = Number.MAX_SAFE_INTEGER;

const ShardNumber = Type.Integer({ minimum: 0, maximum: 32_767 });
const number = (minimum: number, description: string) =>
  Type.Integer({ minimum, maximum: NUMBER_MAX, description });

const hex = (bytes: Buffer): string => bytes.toString('hex');

function showHeader(block: BlockRow) {
  const { number, transactions, entryFirst, entries } = block;
  return {
    ...{ number, transactions, entryFirst, entries },
    recordedAt: showInstant(block.recordedAt),
    previousHash: hex(block.previousHash),
    merkleRoot: hex(block.merkleRoot),
    hash: hex(block.hash),
  };
}

/** The chains themselves, so that others can look through them and compute every hash again. */
export function exploreRoutes(app: App, { pool }: { readonly pool: Pool }): void {
  /** Which ledger it is, and whether it has this shard. */
  async function describe(sql: Sql) {
    const identity = await readIdentity(sql);
    if (identity === undefined) throw new Error('there is no ledger in this database');
    return { ...identity, format: FORMAT };
  }

  async function showBlocks(sql: Sql, shard: number, blocks: readonly BlockRow[]) {
    const seals = await findCoveringEach(
      sql,
      shard,
      blocks.map(({ number }) => number),
    );
    return blocks.map((block) => ({
      ...showHeader(block),
      seal: seals.get(block.number) ?? null,
    }));
  }

  app.get(
    '/ledger/shards',
    {
      config: { scopes },
      schema: {
        operationId: 'listShards',
        tags,
        summary: 'Where every chain ends, and how far it is sealed',
        response: answers({ 200: ShardsShown }),
      },
    },
    () =>
      inSnapshot(pool, async (tx) => {
        const { ledgerId, format } = await describe(tx);
        const heads = await readShardHeads(tx);
        return {
          ledgerId,
          format,
          seal: (await readLastSeal(tx))?.number ?? null,
          shards: heads.map(({ hash, recordedAt, ...head }) => ({
            ...head,
            hash: hex(hash),
            recordedAt: showInstant(recordedAt),
          })),
        };
      }),
  );

  app.get(
    '/ledger/shards/:shard/blocks',
    {
      config: { scopes },
      schema: {
        operationId: 'listBlocks',
        tags,
        summary: 'List the blocks of a shard, newest first',
        params: object({ shard: ShardNumber }),
        querystring: object({
          ...PageQuery,
          upTo: Type.Optional(number(1, 'Begin with the block of this number.')),
        }),
        response: answers({ 200: pageOf(BlockShown, 'BlockPage') }, 404),
      },
    },
    async (request, reply) => {
      const { shard } = request.params;
      const { cursor, limit = PAGE_DEFAULT, upTo = NUMBER_MAX } = request.query;
      // One more than the largest there can be is no whole number any more, and no block has it.
      const start = Math.min(upTo, NUMBER_MAX - 1) + 1;
      const below = cursor === undefined ? start : readCursor(BLOCKS, cursor)?.[0];
      if (typeof below !== 'number') return refuse(reply, problem('cursor_invalid'));
      if (shard >= (await describe(pool)).shards) return refuse(reply, problem('shard_not_found'));
      const found = await readBlocksBelow(pool, shard, below, limit + 1);
      const items = await showBlocks(pool, shard, found.slice(0, limit));
      const last = found.length > limit ? items.at(-1) : undefined;
      const nextCursor = last === undefined ? null : writeCursor(BLOCKS, [last.number]);
      return reply.code(200).send({ items, nextCursor });
    },
  );

  app.get(
    '/ledger/shards/:shard/blocks/:number',
    {
      config: { scopes },
      schema: {
        operationId: 'getBlock',
        tags,
        summary: 'Read a block with its leaves, in the form of the export',
        description:
          'All that its hash is made of: docs/ledger.md says how. A large block gives its leaves in pages.',
        params: object({ shard: ShardNumber, number: number(1, 'From 1.') }),
        querystring: object({ cursor: PageQuery.cursor }),
        response: answers({ 200: BlockWithLeavesShown }, 404),
      },
    },
    async (request, reply) => {
      const { shard, number } = request.params;
      const { cursor } = request.query;
      const from = cursor === undefined ? 0 : readCursor(LEAVES, cursor)?.[0];
      if (typeof from !== 'number') return refuse(reply, problem('cursor_invalid'));
      const found = await inSnapshot(pool, async (tx) => {
        const ledger = await describe(tx);
        const block = shard < ledger.shards ? await readBlock(tx, shard, number) : undefined;
        if (block === undefined) return undefined;
        const [shown] = await showBlocks(tx, shard, [block]);
        return { ledger, shown, leaves: block.leaves };
      });
      if (found?.shown === undefined) return refuse(reply, problem('block_not_found'));
      const { page, next } = pageOfLeaves(found.leaves, from);
      const nextCursor = next === null ? null : writeCursor(LEAVES, [next]);
      const body = { ...found.ledger, shard, block: found.shown, leaves: page, nextCursor };
      return reply.code(200).send(body as never);
    },
  );

  app.get(
    '/ledger/shards/:shard/chain',
    {
      config: { scopes },
      schema: {
        operationId: 'readChain',
        tags,
        summary: 'Read blocks with their leaves, oldest first, to compute them again',
        description:
          'As many as make a moderate answer, and at least one. Ask again after the last of them while there are `more`.',
        params: object({ shard: ShardNumber }),
        querystring: object({
          after: Type.Optional(
            number(0, 'The number of the last block you have; 0 begins with the first.'),
          ),
          upTo: Type.Optional(number(0, 'The number of the last block you want.')),
        }),
        response: answers({ 200: ChainShown }, 404),
      },
    },
    async (request, reply) => {
      const { shard } = request.params;
      const { after = 0, upTo = NUMBER_MAX } = request.query;
      const answer = await inSnapshot(pool, async (tx) => {
        const ledger = await describe(tx);
        if (shard >= ledger.shards) return undefined;
        const { blocks, more } = await readChain(tx, shard, { after, upTo });
        const shown = blocks.map((block) => ({ ...showHeader(block), leaves: block.leaves }));
        return { ...ledger, shard, blocks: shown, more };
      });
      if (answer === undefined) return refuse(reply, problem('shard_not_found'));
      return reply.code(200).send(answer as never);
    },
  );
}
