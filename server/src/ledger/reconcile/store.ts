import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import type { Tip } from '../verify/chain.ts';
import type { Invariant, Seen } from './finding.ts';
import type { ShadowRow } from './shadow.ts';

/** How far a shard was replayed. */
export interface Replayed extends Tip {
  /** What its member accounts hold together, by point type; integers as text, beyond the safe range. */
  readonly memberTotals: Readonly<Record<string, string>>;
}

/** Undefined: not at all yet. */
export async function readReplayed(sql: Sql, shard: number): Promise<Replayed | undefined> {
  const { rows } = await sql.query<Replayed>({
    name: 'reconcile-replayed',
    text: `select block as number, hash, entries, recorded_at_ms as "recordedAt", member_totals as "memberTotals"
      from ledger.replayed where shard = $1`,
    values: [shard],
  });
  return rows[0];
}

/** Moves on from `from`; false when another process was faster, and then nothing must be kept. */
export async function writeReplayed(
  tx: Transaction,
  shard: number,
  from: number,
  { number, hash, entries, recordedAt, memberTotals }: Replayed,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into ledger.replayed as r (shard, block, hash, entries, recorded_at_ms, member_totals)
      values ($1, $3, $4, $5, $6, $7)
      on conflict (shard) do update set block = excluded.block, hash = excluded.hash, entries = excluded.entries,
        recorded_at_ms = excluded.recorded_at_ms, member_totals = excluded.member_totals where r.block = $2`,
    [shard, from, number, hash, entries, recordedAt, memberTotals],
  );
  return rowCount === 1;
}

/** The last block of a page that ends before it holds more than `limit` transactions, but has one block. */
export async function readPageEnd(
  sql: Sql,
  shard: number,
  after: number,
  limit: number,
): Promise<number | undefined> {
  const { rows } = await sql.query<{ end: number | null }>({
    name: 'reconcile-page',
    text: `select max(number) as end from (
        select number, sum(cardinality(transactions)) over (order by number) as upto, cardinality(transactions) as own
        from (select number, transactions from ledger.block where shard = $1 and number > $2 order by number limit $3) b
      ) b where upto <= $3 or upto = own`,
    values: [shard, after, limit],
  });
  return rows[0]?.end ?? undefined;
}

export async function readBlockHash(
  sql: Sql,
  shard: number,
  block: number,
): Promise<Buffer | undefined> {
  const { rows } = await sql.query<{ hash: Buffer }>(
    'select hash from ledger.block where shard = $1 and number = $2',
    [shard, block],
  );
  return rows[0]?.hash;
}

/** Where the chain of a shard ends, as its head says. */
export async function readHead(
  sql: Sql,
  shard: number,
): Promise<{ readonly block: number; readonly hash: Buffer }> {
  const { rows } = await sql.query<{ block: number; hash: Buffer }>(
    'select block, hash from ledger.head where shard = $1',
    [shard],
  );
  return rows[0] ?? { block: 0, hash: Buffer.alloc(0) };
}

/** Everything kept about these ids, but of limits only those named. */
export async function readShadows(
  sql: Sql,
  shard: number,
  ids: readonly Uuid[],
  counters: readonly { readonly member: Uuid; readonly name: string }[],
): Promise<ShadowRow[]> {
  const { rows } = await sql.query<ShadowRow>(
    `select s.about, s.what, s.state from unnest($2::uuid[]) as w (about)
      cross join lateral (select * from ledger.shadow s
        where s.shard = $1 and s.about = w.about and s.what not like 'counter %' offset 0) s
      union all
      select s.about, s.what, s.state from unnest($3::uuid[], $4::text[]) as w (about, name)
      cross join lateral (select * from ledger.shadow s
        where s.shard = $1 and s.about = w.about and s.what = 'counter ' || w.name offset 0) s`,
    [shard, ids, counters.map((each) => each.member), counters.map((each) => each.name)],
  );
  return rows;
}

export async function writeShadows(
  tx: Transaction,
  shard: number,
  rows: readonly ShadowRow[],
): Promise<void> {
  await tx.query(
    `insert into ledger.shadow (shard, about, what, state)
      select $1, about, what, state from unnest($2::uuid[], $3::text[], $4::json[]) as w (about, what, state)
      on conflict (about, what, shard) do update set state = excluded.state`,
    [
      shard,
      rows.map((row) => row.about),
      rows.map((row) => row.what),
      rows.map((row) => JSON.stringify(row.state)),
    ],
  );
}

/** The lot that each of these earns made, as its entries say. */
export async function readLotsOfEarns(
  sql: Sql,
  shard: number,
  earns: readonly Uuid[],
): Promise<{ earn: Uuid; lot: Uuid }[]> {
  const { rows } = await sql.query<{ earn: Uuid; lot: Uuid }>(
    `select t.id as earn, e.lot from unnest($2::uuid[]) as w (id)
      cross join lateral (select * from ledger.transaction t where t.shard = $1 and t.id = w.id offset 0) t
      cross join lateral (select e.lot from ledger.entry e where e.shard = $1 and e.seq >= t.entry_first
        and e.seq < t.entry_first + t.entries and e.kind = 1 order by e.seq limit 1) e`,
    [shard, earns],
  );
  return rows;
}

/** Those of the members with transactions after a block: their state has moved on since. */
export async function readActiveAfter(
  sql: Sql,
  shard: number,
  members: readonly Uuid[],
  block: number,
): Promise<Set<Uuid>> {
  const { rows } = await sql.query<{ member: Uuid }>(
    `select w.member from unnest($2::uuid[]) as w (member)
      cross join lateral (select from ledger.transaction t
        where t.member = w.member and t.shard = $1 and t.block > $3 limit 1) t`,
    [shard, members, block],
  );
  return new Set(rows.map((row) => row.member));
}

/** What the accounts that are no member's hold together, by point type, as text. */
export async function sumCounterAccounts(sql: Sql, shard: number): Promise<Map<string, bigint>> {
  const { rows } = await sql.query<{ pointType: number; sum: string }>(
    `select point_type as "pointType", sum(balance)::text as sum from ledger.counter_account where shard = $1
      group by point_type`,
    [shard],
  );
  return new Map(rows.map(({ pointType, sum }) => [String(pointType), BigInt(sum)]));
}

const MESSAGE_MAX = 1_000;

/** Records findings; answers those that are new. */
export async function writeFindings(
  tx: Transaction,
  findings: readonly Seen[],
  now: Instant,
): Promise<Seen[]> {
  const fresh: Seen[] = [];
  for (const finding of findings) {
    const { shard, block, invariant, about, message } = finding;
    const { rows } = await tx.query<{ seen: number }>(
      `insert into ledger.finding as f (shard, block, invariant, about, message, first_seen_at_ms, last_seen_at_ms)
        values ($1, $2, $3, $4, $5, $6, $6)
        on conflict (shard, block, about, message) do update set seen = f.seen + 1, last_seen_at_ms = excluded.last_seen_at_ms
        returning seen`,
      [
        shard,
        block ?? null,
        invariant satisfies Invariant,
        about,
        message.slice(0, MESSAGE_MAX),
        now,
      ],
    );
    if (rows[0]?.seen === 1) fresh.push(finding);
  }
  return fresh;
}

/** How far behind its chain a shard's replay is. */
export interface Lag {
  readonly shard: number;
  readonly head: number;
  readonly blocks: number;
  /** When the oldest block that was not replayed yet was recorded; null: all were. */
  readonly since: Instant | null;
}

export async function readLags(sql: Sql): Promise<Lag[]> {
  const { rows } = await sql.query<Lag>({
    name: 'reconcile-lags',
    text: `select h.shard, h.block as head, h.block - coalesce(r.block, 0) as blocks,
        (select b.recorded_at_ms from ledger.block b
          where b.shard = h.shard and b.number = coalesce(r.block, 0) + 1) as since
      from ledger.head h left join ledger.replayed r on r.shard = h.shard order by h.shard`,
  });
  return rows;
}

/** The next ids in order of which something is kept, after `after`. */
export async function readNextAbouts(
  sql: Sql,
  shard: number,
  after: Uuid,
  limit: number,
): Promise<Uuid[]> {
  const { rows } = await sql.query<{ about: Uuid }>(
    `select distinct about from ledger.shadow where about > $2 and shard = $1 order by about limit $3`,
    [shard, after, limit],
  );
  return rows.map((row) => row.about);
}

/** Before every id. */
export const BEGINNING = '00000000-0000-0000-0000-000000000000' as Uuid;

/** Where the patrol of a shard is: the last id it compared. */
export async function readPatrolled(sql: Sql, shard: number): Promise<Uuid> {
  const { rows } = await sql.query<{ patrolled: Uuid }>(
    'select patrolled from ledger.replayed where shard = $1',
    [shard],
  );
  return rows[0]?.patrolled ?? BEGINNING;
}

export async function writePatrolled(tx: Transaction, shard: number, about: Uuid): Promise<void> {
  await tx.query('update ledger.replayed set patrolled = $2 where shard = $1', [shard, about]);
}
