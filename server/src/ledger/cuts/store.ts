import type { Uuid } from '../../kernel/id.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import type { Cut, Marker } from './cut.ts';

const CUT = 'select id, programme, at_ms as "at", made_at_ms as "madeAt" from ledger.cut';

export async function findCut(sql: Sql, id: Uuid): Promise<Cut | undefined> {
  const { rows } = await sql.query<Cut>(`${CUT} where id = $1`, [id]);
  return rows[0];
}

/** The latest cut of a programme. */
export async function readLastCut(sql: Sql, programme: number): Promise<Cut | undefined> {
  const { rows } = await sql.query<Cut>(`${CUT} where programme = $1 order by at_ms desc limit 1`, [
    programme,
  ]);
  return rows[0];
}

/** Cuts that are not known to have all their markers, oldest first. */
export async function readOpenCuts(sql: Sql): Promise<Cut[]> {
  const { rows } = await sql.query<Cut>(`${CUT} where not complete order by at_ms`);
  return rows;
}

/** One who cuts a programme waits for the other, so that cuts only follow each other in time. */
export async function lockCuts(tx: Transaction, programme: number): Promise<void> {
  await tx.query("select pg_advisory_xact_lock(hashtext('hongmi cut'), $1)", [programme]);
}

export async function insertCut(tx: Transaction, cut: Cut): Promise<void> {
  await tx.query(
    'insert into ledger.cut (id, programme, at_ms, made_at_ms) values ($1, $2, $3, $4)',
    [cut.id, cut.programme, cut.at, cut.madeAt],
  );
}

export async function closeCut(sql: Sql, id: Uuid): Promise<void> {
  await sql.query('update ledger.cut set complete = true where id = $1', [id]);
}

/** The markers of a cut that are in the chains, by shard. */
export async function readMarkers(sql: Sql, key: string, shards: number): Promise<Marker[]> {
  const { rows } = await sql.query<Marker>({
    name: 'ledger-cut-markers',
    text: `select w.shard, t.id as transaction, t.block, t.entry_first as entry
      from generate_series(0, $2::int - 1) as w (shard)
      cross join lateral (select * from ledger.transaction t where t.key = $1 and t.shard = w.shard offset 0) t
      order by w.shard`,
    values: [key, shards],
  });
  return rows;
}
