import type { Uuid } from '../../kernel/id.ts';
import { int8s, uuids } from '../../platform/columns.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import type { FundedLot } from './releases.ts';

/** An entry of the ledger that may change what becomes of funded points. */
export interface Followed {
  readonly seq: number;
  /** Numbers of ledger/transaction.ts: ENTRY_KINDS and ROLES. */
  readonly kind: number;
  readonly fromRole: number;
  readonly toRole: number;
  readonly lot: Uuid;
  readonly points: number;
  /** Who owes for what it moved. */
  readonly payers: readonly Uuid[];
  /** Of points that were converted: the lot made of them; null: they came to less than one point. */
  readonly made: Uuid | null;
  readonly madePoints: number | null;
}

/** Where the points of a lot were issued, or made by converting, before they were sent into it. */
export interface Root {
  readonly lot: Uuid;
  readonly root: Uuid;
  readonly shard: number;
  readonly seq: number;
  readonly isConverted: boolean;
}

/** A funded lot of one account. */
export interface FundedRow extends FundedLot {
  readonly lot: Uuid;
  readonly account: Uuid;
  readonly payer: Uuid;
}

/**
 * Takes the turn of following a shard, until the transaction ends; answers how far it was followed, or undefined while
 * another process has the turn; `waits`: it is waited for.
 */
export async function takeTurn(
  tx: Transaction,
  shard: number,
  waits: boolean,
): Promise<number | undefined> {
  await tx.query(
    'insert into funding_followed (shard, seq) values ($1, 0) on conflict (shard) do nothing',
    [shard],
  );
  const { rows } = await tx.query<{ seq: number }>(
    `select seq from funding_followed where shard = $1 for update ${waits ? '' : 'skip locked'}`,
    [shard],
  );
  return rows[0]?.seq;
}

export async function moveOn(tx: Transaction, shard: number, seq: number): Promise<void> {
  await tx.query('update funding_followed set seq = $2 where shard = $1', [shard, seq]);
}

/** The last entry of a page that begins after `after`; undefined: there is none. */
export async function readPageEnd(
  sql: Sql,
  shard: number,
  after: number,
  limit: number,
): Promise<number | undefined> {
  const { rows } = await sql.query<{ last: number | null }>(
    `select max(seq) as last from
      (select seq from ledger.entry where shard = $1 and seq > $2 order by seq limit $3) page`,
    [shard, after, limit],
  );
  return rows[0]?.last ?? undefined;
}

/** The newest entry of a shard; undefined: there is none after `after`. */
export async function readNewest(
  sql: Sql,
  shard: number,
  after: number,
): Promise<number | undefined> {
  const { rows } = await sql.query<{ last: number | null }>(
    'select max(seq) as last from ledger.entry where shard = $1',
    [shard],
  );
  const last = rows[0]?.last ?? 0;
  return last > after ? last : undefined;
}

export async function hasAccounts(sql: Sql): Promise<boolean> {
  const { rows } = await sql.query('select from funding_account limit 1');
  return rows.length > 0;
}

// What was made of a lot is found one row after the other (offset 0), and only of points that were converted: on a ledger that
// is young and not analysed yet, a plan would walk all of it instead.
// 2 take, 5 capture, 6 expire, 8 recover, 11 repay, 12 restore: by them points leave lots, or come back.
export async function readFollowed(
  sql: Sql,
  shard: number,
  after: number,
  until: number,
): Promise<Followed[]> {
  const { rows } = await sql.query<Followed>({
    name: 'funding-followed',
    text: `select e.seq, e.kind, e.from_role as "fromRole", e.to_role as "toRole", e.lot, e.points,
        array(select a.payer from ledger.accrual a where a.shard = e.shard and a.seq = e.seq and a.kind in (1, 3)) as payers,
        m.lot as made, m.issued as "madePoints"
      from ledger.entry e
      left join lateral (
        select l.id as lot, l.issued
        from (select t.entry_first + t.entries as beyond from ledger.transaction t
          where e.kind = 2 and e.to_role = 9 and t.id = e.transaction and t.shard = e.shard offset 0) t
        cross join lateral (select i.lot from ledger.entry i where i.shard = e.shard and i.seq > e.seq and i.seq < t.beyond
          and i.kind = 1 and i.ref = e.lot offset 0) i
        cross join lateral (select l.id, l.issued from ledger.lot l where l.id = i.lot and l.shard = e.shard offset 0) l
      ) m on true
      where e.shard = $1 and e.seq > $2 and e.seq <= $3 and e.kind in (2, 5, 6, 8, 11, 12) and e.points > 0
      order by e.seq`,
    values: [shard, after, until],
  });
  return rows;
}

/** The roots of lots; those that are no lots (debts about none) have none. */
export async function readRoots(sql: Sql, lots: readonly Uuid[]): Promise<Root[]> {
  const { rows } = await sql.query<Root>({
    name: 'funding-roots',
    // 8: it came from another lot by way of in transit; 9: by converting.
    text: `with recursive up (lot, root, shard, seq, from_role, ref) as (
        select l.id, l.id, l.shard, l.seq, e.from_role, e.ref from ledger.lot l
          join ledger.entry e on e.shard = l.shard and e.seq = l.seq where l.id = any ($1::uuid[])
        union all
        select up.lot, l.id, l.shard, l.seq, e.from_role, e.ref from up
          join ledger.lot l on l.id = up.ref join ledger.entry e on e.shard = l.shard and e.seq = l.seq
          where up.from_role = 8
      )
      select lot, root, shard, seq, from_role = 9 as "isConverted" from up where from_role <> 8`,
    values: [uuids(lots)],
  });
  return rows;
}

/** How far other shards were followed. */
export async function readCursors(sql: Sql): Promise<ReadonlyMap<number, number>> {
  const { rows } = await sql.query<{ shard: number; seq: number }>(
    'select shard, seq from funding_followed',
  );
  return new Map(rows.map(({ shard, seq }) => [shard, seq]));
}

/**
 * The funded lots among these, locked, with a row for each that was issued and has none yet: by what its transaction is marked
 * with, `funding <budget> <milli-fen>`.
 */
export async function lockFundedLots(
  tx: Transaction,
  roots: readonly Uuid[],
): Promise<FundedRow[]> {
  await tx.query({
    name: 'funding-lots-insert',
    text: `insert into funding_lot (lot, account, drawn_milli, points)
      select l.id, a.id, split_part(mark, ' ', 3)::int8, l.issued
      from ledger.lot l join ledger.transaction t on t.id = l.transaction and t.shard = l.shard
        join ledger.entry e on e.shard = l.shard and e.seq = l.seq and e.from_role <> 9
        cross join lateral unnest(t.marks) as mark
        join funding_account a on a.budget = split_part(mark, ' ', 2)::uuid
      where l.id = any ($1::uuid[]) and mark like 'funding %'
      order by l.id, a.id on conflict do nothing`,
    values: [uuids(roots)],
  });
  const { rows } = await tx.query<FundedRow>({
    name: 'funding-lots',
    text: `select f.lot, f.account, a.merchant as payer, f.drawn_milli as "drawnMilli", f.points,
        f.released_points as "releasedPoints", f.used_points as "usedPoints"
      from funding_lot f join funding_account a on a.id = f.account where f.lot = any ($1::uuid[])
      order by f.lot, f.account for update of f`,
    values: [uuids(roots)],
  });
  return rows;
}

export async function writeFundedLots(tx: Transaction, rows: readonly FundedRow[]): Promise<void> {
  await tx.query({
    name: 'funding-lots-write',
    text: `insert into funding_lot as f (lot, account, drawn_milli, points, released_points, used_points)
      select * from unnest($1::uuid[], $2::uuid[], $3::int8[], $4::int8[], $5::int8[], $6::int8[])
      on conflict (lot, account) do update set drawn_milli = excluded.drawn_milli, points = excluded.points,
        released_points = excluded.released_points, used_points = excluded.used_points`,
    values: [
      uuids(rows, (each) => each.lot),
      uuids(rows, (each) => each.account),
      int8s(rows, (each) => each.drawnMilli),
      int8s(rows, (each) => each.points),
      int8s(rows, (each) => each.releasedPoints),
      int8s(rows, (each) => each.usedPoints),
    ],
  });
}
