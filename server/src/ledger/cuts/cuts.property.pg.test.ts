import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { manualClock } from '../../kernel/clock.ts';
import { newId, type Uuid } from '../../kernel/id.ts';
import type { Pool } from '../../platform/database.ts';
import { withTransaction } from '../../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../../platform/postgres/test-database.ts';
import type { Command } from '../command.ts';
import { createLedger } from '../create-ledger.ts';
import type { Ledger } from '../ledger.ts';
import { createLedgerPool } from '../pool.ts';
import { verifyLedger } from '../verify.ts';
import { shardOwner } from './cut.ts';
import { type CutDeps, markCut, recordCut, resumeCuts } from './make-cut.ts';
import { findCut, readMarkers, readOpenCuts } from './store.ts';

const SHARDS = 3;
const HOUR = 3_600_000;
const START = Date.parse('2026-05-01T00:00:00Z');
const clock = manualClock(START);
let database: TestDatabase;
let pool: Pool;
/** Two servers on one database. */
let ledgers: [Ledger, Ledger];
let deps: CutDeps;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createLedgerPool(database.url, 6);
  const open = () =>
    createLedger({ pool, clock, programmeClock: () => clock.now(), shards: SHARDS });
  ledgers = [await open(), await open()];
  deps = { pool, clock, ledger: ledgers[0], programmeClock: () => clock.now(), shards: SHARDS };
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

let programmes = 100;
let keys = 0;
const issue = (programme: number, member: Uuid, effectiveAt: number | null): Command => {
  keys += 1;
  const common = { key: `k${keys}`, programme, pointType: programme, member, effectiveAt };
  return { ...common, kind: 'issue', merchant: member, points: 3 };
};
async function cut(programme: number, at: number) {
  const made = await withTransaction(pool, (tx) => recordCut(tx, deps, programme, at));
  if ('code' in made) throw new Error(made.code);
  return made;
}
const chain = async (programme: number) =>
  (
    await pool.query<{ shard: number; kind: number; at: number }>(
      `select shard, kind, effective_at_ms as at from ledger.transaction
        where programme = $1 order by shard, block, position`,
      [programme],
    )
  ).rows;

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ backHours: fc.integer({ min: 0, max: 200 }), who: fc.nat(11) }),
  },
  { weight: 1, arbitrary: fc.record({ cutHoursAgo: fc.integer({ min: 0, max: 100 }) }) },
  { weight: 1, arbitrary: fc.record({ advanceHours: fc.integer({ min: 1, max: 72 }) }) },
);

test('nothing that follows a marker takes effect before its cut, whoever writes and however late', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), async (steps) => {
      programmes += 1;
      const programme = programmes;
      const members = Array.from({ length: 12 }, () => newId(START));
      const work: Promise<unknown>[] = [];
      for (const [index, each] of steps.entries()) {
        if ('advanceHours' in each) clock.advance(each.advanceHours * HOUR);
        else if ('cutHoursAgo' in each) {
          const at = clock.now() - each.cutHoursAgo * HOUR;
          const made = await withTransaction(pool, (tx) => recordCut(tx, deps, programme, at));
          if ('code' in made) expect(made.code).toBe('cut_not_after_last');
          else work.push(markCut(deps, made));
        } else {
          const at = each.backHours === 0 ? null : clock.now() - each.backHours * HOUR;
          const ledger = ledgers[index % 2] as Ledger;
          work.push(ledger.submit(issue(programme, members[each.who] as Uuid, at)));
        }
      }
      await Promise.all(work);
      let [shard, closed] = [-1, 0];
      const lastOfShard = new Map<number, number>();
      for (const row of await chain(programme)) {
        if (row.shard !== shard) [shard, closed] = [row.shard, 0];
        if (row.kind === 15) {
          closed = Math.max(closed, row.at);
          lastOfShard.set(shard, closed);
        } else expect(row.at).toBeGreaterThanOrEqual(closed);
      }
      // Every cut has its marker in every shard.
      expect(new Set(lastOfShard.values()).size).toBeLessThanOrEqual(1);
      expect([0, SHARDS]).toContain(lastOfShard.size);
    }),
    { numRuns: 30 },
  );
  expect((await verifyLedger(pool)).findings).toEqual([]);
});

test('a cut that a crash left half marked is gone on with, and marked once', async () => {
  programmes += 1;
  const made = await cut(programmes, clock.now());
  const key = `cut:${made.id}`;
  await ledgers[1].submit({
    kind: 'cut',
    key,
    programme: programmes,
    pointType: 0,
    member: shardOwner(1),
    effectiveAt: made.at,
  });
  expect((await readMarkers(pool, key, SHARDS)).map(({ shard }) => shard)).toEqual([1]);
  expect((await readOpenCuts(pool)).map(({ id }) => id)).toEqual([made.id]);
  expect(await resumeCuts(deps)).toBe(1);
  expect(await resumeCuts(deps)).toBe(0);
  await markCut(deps, made);
  expect(await readMarkers(pool, key, SHARDS)).toHaveLength(SHARDS);
  expect(await chain(programmes)).toHaveLength(SHARDS);
  expect(await findCut(pool, made.id)).toEqual(made);
});

test('a marker that was held up until a later cut was marked takes effect with that one', async () => {
  programmes += 1;
  const late = await cut(programmes, clock.now() - HOUR);
  const made = await cut(programmes, clock.now());
  await markCut(deps, made);
  expect(await resumeCuts(deps)).toBe(1);
  expect(await readMarkers(pool, `cut:${late.id}`, SHARDS)).toHaveLength(SHARDS);
  const times = new Set((await chain(programmes)).map(({ at }) => at));
  expect(times).toEqual(new Set([made.at]));
  expect((await verifyLedger(pool)).findings).toEqual([]);
});

test('cuts of a programme only follow each other; the same one is the one there is', async () => {
  programmes += 1;
  const at = clock.now();
  const first = await cut(programmes, at);
  expect(await cut(programmes, at)).toEqual(first);
  await expect(cut(programmes, at - 1)).rejects.toThrow('cut_not_after_last');
  await expect(cut(programmes, at + 1)).rejects.toThrow('cut_in_future');
  await resumeCuts(deps);
  // Another programme is not concerned.
  const elsewhere = issue(programmes + 1000, newId(START), at - HOUR);
  expect((await ledgers[0].submit(elsewhere)).transaction?.effectiveAt).toBe(at - HOUR);
  const here = issue(programmes, newId(START), at - HOUR);
  expect((await ledgers[0].submit(here)).transaction?.effectiveAt).toBe(at);
});

test('verify finds a transaction that was slipped in before a cut, and a marker that holds more', async () => {
  programmes += 1;
  const made = await cut(programmes, clock.now());
  await markCut(deps, made);
  const answer = await ledgers[0].submit(issue(programmes, newId(START), null));
  const id = answer.transaction?.id;
  await pool.query(
    'update ledger.transaction set effective_at_ms = effective_at_ms - 5 where id = $1',
    [id],
  );
  const messages = async () => (await verifyLedger(pool)).findings.map((each) => each.message);
  expect(await messages()).toContain('it takes effect before a cut that it follows');
  await pool.query(
    'update ledger.transaction set effective_at_ms = effective_at_ms + 5 where id = $1',
    [id],
  );
  await pool.query('update ledger.transaction set balance_after = 1 where key = $1', [
    `cut:${made.id}`,
  ]);
  expect(await messages()).toContain('a marker of a cut holds more than its time');
  await pool.query('update ledger.transaction set balance_after = 0 where key = $1', [
    `cut:${made.id}`,
  ]);
  expect(await messages()).toEqual([]);
});
