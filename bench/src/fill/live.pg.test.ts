import { newId, type Uuid } from '@hongmi/server/kernel/id';
import { openLedger } from '@hongmi/server/ledger/open';
import { createLedgerPool } from '@hongmi/server/ledger/pool';
import { verifyLedger } from '@hongmi/server/ledger/verify';
import type { Pool } from '@hongmi/server/platform/database';
import { createTestDatabase } from '@hongmi/server/platform/postgres/test-database';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withClient } from '../naive/prepare.ts';
import { buildIndexes, dropIndexes } from './indexes.ts';
import { type Lives, live } from './live.ts';

const SHARDS = 4;
const [SINCE, UNTIL] = [Date.parse('2024-01-01T00:00:00Z'), Date.parse('2026-01-01T00:00:00Z')];
let database: Awaited<ReturnType<typeof createTestDatabase>>;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createLedgerPool(database.url, 4);
  await openLedger(pool, SHARDS, SINCE);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

const INDEXES = 'select indexdef from pg_indexes where schemaname = $1 order by indexdef';

test('a ledger filled in two parts verifies, has what was asked for, and all its indexes', async () => {
  const lives = {
    shards: SHARDS,
    parts: 2,
    members: 150,
    transactions: 900,
    merchants: [newId(1), newId(2)],
    programme: 1,
    pointType: 1,
    startingPoints: 10_000,
    since: SINCE,
    until: UNTIL,
    seed: 1,
  } satisfies Omit<Lives, 'part'>;
  const members: Uuid[] = [];
  const before = await pool.query(INDEXES, ['ledger']);
  await withClient(database.url, async (sql) => {
    const statements = await dropIndexes(sql);
    expect(statements.length).toBeGreaterThan(0);
    await Promise.all(
      [0, 1].map((part) =>
        live(pool, { ...lives, part }, async (ids) => void members.push(...ids)),
      ),
    );
    await buildIndexes(sql, statements);
  });
  expect((await pool.query(INDEXES, ['ledger'])).rows).toEqual(before.rows);

  expect(new Set(members).size).toBe(300);
  expect(await verifyLedger(pool)).toMatchObject({
    ok: true,
    findings: [],
    transactions: 1_800,
    entries: 1_800,
    accounts: 300,
  });
  const { rows } = await pool.query(
    `select count(*) filter (where refusal is not null) as refused, count(*) filter (where kind = 2) as burns,
       min(effective_at_ms) as first, max(effective_at_ms) as last,
       (select min(free) from ledger.member_account) as least,
       (select count(*) from member m join membership s on s.member = m.id and s.programme = 1) as registered
     from ledger.transaction`,
  );
  const { refused, burns, first, last, least, registered } = rows[0] as Record<string, number>;
  expect({ refused, registered }).toEqual({ refused: 0, registered: 300 });
  expect(burns).toBeGreaterThan(200);
  // Nobody runs out of points, and the past is over.
  expect(least).toBeGreaterThan(5_000);
  expect([first, last]).toEqual([expect.any(Number), UNTIL]);
  expect(Number(first) - SINCE).toBeLessThan((UNTIL - SINCE) / 100);
});
