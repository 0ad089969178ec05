import { shardOf, type Uuid } from '../kernel/id.ts';
import { int2s, uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';
import type { RecordedTransaction } from './record.ts';

/**
 * What returns have left of the points that earns gave, by the earn; what a return's policy forwent counts as
 * returned. Nothing of those that were refused, and of what is no earn.
 */
export async function readKept(
  sql: Sql,
  earns: Iterable<RecordedTransaction>,
): Promise<ReadonlyMap<Uuid, number>> {
  const earnOf = new Map<Uuid, Uuid>();
  for (const { transaction } of earns) {
    const made = transaction.entries.find(({ kind }) => kind === 'issue');
    if (made !== undefined) earnOf.set(made.lot, transaction.id);
  }
  const lots = [...earnOf.keys()];
  if (lots.length === 0) return new Map();
  const { rows } = await sql.query<{ id: Uuid; kept: number }>({
    name: 'ledger-lots-kept',
    text: `select l.id, l.issued - l.returned as kept from unnest($1::int2[], $2::uuid[]) as w (shard, id)
      cross join lateral (select * from ledger.lot l where l.shard = w.shard and l.id = w.id offset 0) l`,
    values: [int2s(lots, shardOf), uuids(lots)],
  });
  return new Map(rows.map(({ id, kept }) => [earnOf.get(id) as Uuid, kept]));
}
