import type { Uuid } from '../kernel/id.ts';
import { uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';

/** Why the ledger refused those of these commands that it refused, by their ids: codes. */
export async function readRefusals(sql: Sql, ids: readonly Uuid[]): Promise<Map<Uuid, string>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql.query<{ id: Uuid; refusal: string }>({
    name: 'ledger-refusals',
    text: 'select id, refusal from ledger.transaction where id = any ($1::uuid[]) and refusal is not null',
    values: [uuids(ids)],
  });
  return new Map(rows.map(({ id, refusal }) => [id, refusal]));
}
