import type { Uuid } from '../kernel/id.ts';
import { uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';

/**
 * Those of these members whose points were moved at a merchant. What acts on a hold or a burn there came after one of the
 * same member, so that its own merchant need not be looked for; a refusal is nothing that was done.
 */
export async function readDealtAt(
  sql: Sql,
  merchant: Uuid,
  members: readonly Uuid[],
): Promise<Uuid[]> {
  const { rows } = await sql.query<{ member: Uuid }>({
    name: 'ledger-dealt-at',
    text: `select a.member from unnest($1::uuid[]) as a (member)
      where exists (select from ledger.transaction t where t.member = a.member and t.merchant = $2 and t.refusal is null)`,
    values: [uuids(members), merchant],
  });
  return rows.map((row) => row.member);
}
