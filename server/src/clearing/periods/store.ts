import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import { int2s, int8s } from '../../platform/columns.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import { MICRO_FEN, type Period } from './period.ts';
import type { PairsTable, PositionsTable, Slice } from './read.ts';

/** Whoever begins a period of a programme waits for the other, so that periods follow each other. */
export async function lockPeriods(tx: Transaction, programme: number): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtext('hongmi clearing'), $1)", [programme]);
}

export async function insertPeriod(tx: Transaction, period: Period): Promise<void> {
  const { id, programme, number, from, until, cut, begunAt } = period;
  await tx.query(
    `insert into clearing_period (id, programme, number, from_ms, until_ms, cut, begun_at_ms)
      values ($1, $2, $3, $4, $5, $6, $7)`,
    [id, programme, number, from, until, cut, begunAt],
  );
}

/** Periods that were begun and are not closed, of one programme (null: of all), in the order in which they are closed. */
export async function readClosing(sql: Sql, programme: number | null): Promise<{ id: Uuid }[]> {
  const { rows } = await sql.query<{ id: Uuid }>(
    `select id from clearing_period where state = 'closing' and ($1::int is null or programme = $1)
      order by programme, number`,
    [programme],
  );
  return rows;
}

/** Keeps a period from being closed twice: the second waits here, and then finds it closed. */
export async function lockPeriod(tx: Transaction, id: Uuid): Promise<void> {
  await tx.query('select from clearing_period where id = $1 for update', [id]);
}

/**
 * What a close may take, which reads a month of a platform: the statements' usual time is not enough, and the memory is for
 * groups of as many pairs as 500 merchants are; compiling plans costs more than it saves.
 */
export async function allowMuch(tx: Transaction): Promise<void> {
  await tx.query(
    `set local statement_timeout = '15min'; set local work_mem = '32MB'; set local jit = off;
      set local max_parallel_workers_per_gather = 4`,
  );
}

export async function insertSlices(
  tx: Transaction,
  period: Uuid,
  slices: readonly Slice[],
): Promise<void> {
  await tx.query(
    `insert into clearing_slice (period, shard, from_seq, until_seq, next_seq)
      select $1, * from unnest($2::int2[], $3::int8[], $4::int8[], $5::int8[])`,
    [
      period,
      int2s(slices, (each) => each.shard),
      int8s(slices, (each) => each.from),
      int8s(slices, (each) => each.until),
      int8s(slices, (each) => each.next),
    ],
  );
}

/** Adjustments that no period has yet fall into this one: whatever is recorded after this statement falls into the next. */
export async function takeAdjustments(
  tx: Transaction,
  { id, programme }: Pick<Period, 'id' | 'programme'>,
): Promise<void> {
  await tx.query(
    `insert into clearing_adjusted (adjustment, period)
      select a.id, $1 from clearing_adjustment a
      where a.programme = $2 and not exists (select from clearing_adjusted t where t.adjustment = a.id)
        and (not a.needs_second
          or exists (select from clearing_adjustment_decision d where d.adjustment = a.id and d.approved))`,
    [id, programme],
  );
}

/** An adjustment that fell into a period. */
export interface Adjusted {
  readonly id: Uuid;
  readonly payer: Uuid;
  readonly payee: Uuid;
  readonly fen: number;
}

/** The adjustments of a period, of one merchant (null: all), at most `limit` after `after`. */
export async function readAdjusted(
  sql: Sql,
  period: Uuid,
  merchant: Uuid | null,
  after: Uuid | null,
  limit: number,
): Promise<Adjusted[]> {
  const { rows } = await sql.query<Adjusted>(
    `select a.id, a.payer, a.payee, a.fen from clearing_adjusted t join clearing_adjustment a on a.id = t.adjustment
      where t.period = $1 and ($2::uuid is null or a.payer = $2 or a.payee = $2) and ($3::uuid is null or a.id > $3)
      order by a.id limit $4`,
    [period, merchant, after, limit],
  );
  return rows;
}

/** Tables like those of closed periods, for figures that are only worked out; they go with the transaction. */
export async function createFigureTables(tx: Transaction): Promise<void> {
  await tx.query(
    `create temp table figure_pair (like clearing_pair including constraints including indexes) on commit drop;
      create temp table figure_position (like clearing_position including constraints including indexes) on commit drop`,
  );
}

// One of the three amounts: what is left of whole fen, how many pairs round up, and which.
const ROUNDED = ['owed', 'due', 'fee'].map((name) => ({
  all: `coalesce(s.${name}, 0) + coalesce(o.carry_${name}, 0) as all_${name}`,
  rest: `mod(mod(all_${name}, ${MICRO_FEN}) + ${MICRO_FEN}, ${MICRO_FEN})::int as rest_${name}`,
  rank: `row_number() over (partition by payer = taker order by rest_${name} desc, payer, taker, point_type) <=
      sum(rest_${name}) over (partition by payer = taker) / ${MICRO_FEN} as up_${name}`,
  fen: `div(all_${name} - rest_${name}, ${MICRO_FEN})::int8 + up_${name}::int as fen_${name}`,
  carry: `(rest_${name} - up_${name}::int * ${MICRO_FEN})::int as carry_${name}`,
}));
const each = (part: keyof (typeof ROUNDED)[number]): string =>
  ROUNDED.map((one) => one[part]).join(',\n        ');

/**
 * The pairs of a period, of what was summed and what the period before carried. Every amount is rounded once: down to whole
 * fen, and as many pairs up by one as the rests make whole fen together, those with the largest rests first (the largest remainder; of
 * equal ones the first by payer, taker and point type). So what all of them carry is less than one fen. What merchants
 * owe to nobody but themselves is rounded apart: there owed and due are the same, and stay so.
 */
export async function writePairs(
  tx: Transaction,
  table: PairsTable,
  sums: string,
  period: Uuid,
  before: Uuid | null,
): Promise<void> {
  await tx.query(
    `insert into ${table} (period, payer, taker, point_type, points, owed, due, fee, owed_fen, due_fen, fee_fen, carry_owed, carry_due, carry_fee)
      with opening as (
        select payer, taker, point_type, carry_owed, carry_due, carry_fee from clearing_pair
        where period = $2 and (carry_owed <> 0 or carry_due <> 0 or carry_fee <> 0)
      ), exact as (
        select payer, taker, point_type, coalesce(s.points, 0) as points,
        coalesce(s.owed, 0) as owed, coalesce(s.due, 0) as due, coalesce(s.fee, 0) as fee,
        ${each('all')}
        from ${sums} s full join opening o using (payer, taker, point_type)
      ), rest as (select *, ${each('rest')} from exact
      ), ranked as (select *, ${each('rank')} from rest
      ), rounded as (select *, ${each('fen')}, ${each('carry')} from ranked)
      select $1, payer, taker, point_type, points, owed, due, fee, fen_owed, fen_due, fen_fee, carry_owed, carry_due, carry_fee
      from rounded order by payer, taker, point_type`,
    [period, before],
  );
}

/** What everybody receives or pays, of a period's pairs and adjustments. Who neither does has no position. */
export async function writePositions(
  tx: Transaction,
  table: PositionsTable,
  pairs: PairsTable,
  period: Uuid,
): Promise<void> {
  await tx.query(
    `insert into ${table} (period, merchant, owed_fen, due_fen, fee_fen, adjusted_fen, net_fen)
      with side as (
        select payer as merchant, owed_fen as owed, 0::int8 as due, 0::int8 as fee, 0::int8 as adjusted from ${pairs} where period = $1
        union all select taker, 0, due_fen, fee_fen, 0 from ${pairs} where period = $1
        union all select $2, sum(due_fen), sum(owed_fen), - sum(fee_fen), 0 from ${pairs} where period = $1 having count(*) > 0
        union all select a.payer, 0, 0, 0, - a.fen from clearing_adjusted t join clearing_adjustment a on a.id = t.adjustment where t.period = $1
        union all select a.payee, 0, 0, 0, a.fen from clearing_adjusted t join clearing_adjustment a on a.id = t.adjustment where t.period = $1
      ), whole as (
        select merchant, sum(owed)::int8 as owed, sum(due)::int8 as due, sum(fee)::int8 as fee, sum(adjusted)::int8 as adjusted
        from side group by merchant
      )
      select $1, merchant, owed, due, fee, adjusted, due - owed - fee + adjusted from whole
      where owed <> 0 or due <> 0 or fee <> 0 or adjusted <> 0`,
    [period, PLATFORM],
  );
}

/** The sum of all positions in fen, which is 0. */
export async function sumPositions(sql: Sql, table: PositionsTable, period: Uuid): Promise<string> {
  const { rows } = await sql.query<{ sum: string }>(
    `select coalesce(sum(net_fen), 0)::numeric as sum from ${table} where period = $1`,
    [period],
  );
  return rows[0]?.sum ?? '0';
}

export async function setClosed(
  tx: Transaction,
  id: Uuid,
  closed: { readonly at: Instant; readonly hash: Buffer; readonly sum: string },
): Promise<void> {
  const { rowCount } = await tx.query(
    `update clearing_period set state = 'closed', closed_at_ms = $2, figures_hash = $3, sum_fen = $4
      where id = $1 and state = 'closing'`,
    [id, closed.at, closed.hash, closed.sum],
  );
  if (rowCount !== 1) throw new Error('a period is closed once');
}
