import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { manualClock } from '../kernel/clock.ts';
import { newId, shardOfMember, type Uuid } from '../kernel/id.ts';
import { createPool, type Pool } from '../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import type { Command } from './command.ts';
import { createLedger } from './create-ledger.ts';
import { PLATFORM } from './transaction.ts';

// On a distributed database a batch runs on the node of its shard and sees nothing else. Row
// security shows the ledger one shard only; whatever it needs from another is not there.

const START = Date.UTC(2027, 0, 1);
const SHARDS = 2;
const role = `one_shard_${randomBytes(6).toString('hex')}`;
const clock = manualClock(START);

let database: TestDatabase;
let owner: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = createPool({ url: database.url, name: 'test', connectionsMax: 1 });
  await createLedger({ pool: owner, clock, programmeClock: clock.now, shards: SHARDS });
  const { rows } = await owner.query<{ name: string }>(
    `select format('ledger.%I', table_name) as name from information_schema.columns
      where table_schema = 'ledger' and column_name = 'shard'`,
  );
  const rules = rows.map(
    ({ name }) => `alter table ${name} enable row level security;
      create policy one_shard on ${name} using (shard = current_setting('hongmi.shard')::int);`,
  );
  await owner.query(`
    create role ${role} login password '${role}';
    grant usage on schema ledger to ${role};
    grant all on all tables in schema ledger to ${role};
    ${rules.join('\n')}`);
  // Points that are worth something between merchants: the price list is the same on every node.
  await owner.query(
    'insert into ledger.price values (1, 1, $1, 0, 10, 9, 1, null, null, null, null)',
    [PLATFORM],
  );
});
afterAll(async () => {
  await owner.query(`drop owned by ${role}; drop role ${role}`);
  await owner.end();
  await database.drop();
});

async function withShard<T>(shard: number, work: (pool: Pool) => Promise<T>): Promise<T> {
  const url = new URL(database.url);
  url.username = role;
  url.password = role;
  const settings = { 'hongmi.shard': String(shard) };
  const pool = createPool({ url: url.href, name: 'one-shard', connectionsMax: 2, settings });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

function memberOf(shard: number): Uuid {
  for (;;) {
    const member = newId(START);
    if (shardOfMember(member, SHARDS) === shard) return member;
  }
}

it('executes every kind of command while it sees one shard only', async () => {
  const member = memberOf(1);
  await withShard(1, async (pool) => {
    const ledger = await createLedger({ pool, clock, programmeClock: clock.now });
    const ids = Object.fromEntries(
      ['earn', 'burn', 'hold', 'other'].map((name) => [name, ledger.newId(member)]),
    ) as Record<'earn' | 'burn' | 'hold' | 'other', Uuid>;
    const base = { programme: 1, pointType: 1, member, effectiveAt: null, merchant: newId(START) };
    const limits = [
      { counter: 'day', max: 500, mode: 'trim' },
      { counter: 'first', max: 1, unit: 'times' },
    ] as const;
    const [soon, later] = [START + 1000, START + 2000];
    const commands: Command[] = [
      { ...base, key: '1', kind: 'issue', id: ids.earn, points: 50, limits, expiresAt: later },
      { ...base, key: '2', kind: 'issue', id: ids.other, points: 9, availableAt: soon },
      { ...base, key: '3', kind: 'adjust', points: 30 },
      { ...base, key: '4', kind: 'burn', id: ids.burn, points: 20 },
      { ...base, key: '5', kind: 'hold', id: ids.hold, points: 10, expiresAt: later },
      { ...base, key: '6', kind: 'capture', hold: ids.hold, points: 4 },
      { ...base, key: '7', kind: 'release', hold: ids.hold },
      { ...base, key: '8', kind: 'refund', burn: ids.burn, graceMs: 0 },
      { ...base, key: '9', kind: 'return', earn: ids.earn, points: 50, policy: 'debt', limits },
      { ...base, key: '10', kind: 'mature', effectiveAt: soon },
      { ...base, key: '11', kind: 'issue', points: 5, expiresAt: soon + 1 },
      { ...base, key: '12', kind: 'expire', effectiveAt: later },
    ];
    // One after another, so that each reads what the one before wrote.
    for (const command of commands) {
      const { status } = await ledger.submit(command);
      expect([command.kind, status]).toEqual([command.kind, 'applied']);
    }
    const again = await ledger.submitAll(commands);
    expect(again.map((answer) => [answer.status, answer.replayed])).toEqual(
      commands.map(() => ['applied', true]),
    );
  });
  const { rows } = await owner.query(
    'select shard, entries > 0 as used from ledger.head order by 1',
  );
  const accrued = await owner.query(
    'select distinct shard, kind from ledger.accrual order by kind',
  );
  expect(accrued.rows).toEqual([1, 2].map((kind) => ({ shard: 1, kind })));
  expect(rows).toEqual([
    { shard: 0, used: false },
    { shard: 1, used: true },
  ]);
});

it('cannot reach the other shard from there', async () => {
  await withShard(1, async (pool) => {
    const ledger = await createLedger({ pool, clock, programmeClock: clock.now });
    const member = memberOf(0);
    const issue = { programme: 1, pointType: 1, member, effectiveAt: null, merchant: member };
    await expect(ledger.submit({ ...issue, key: 'x', kind: 'issue', points: 1 })).rejects.toThrow();
  });
});
