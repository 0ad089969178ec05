import type { Uuid } from '../kernel/id.ts';
import { uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';

/** Those of these members who did something at a merchant. */
export async function readActiveAt(
  sql: Sql,
  merchant: Uuid,
  members: readonly Uuid[],
): Promise<Uuid[]> {
  const { rows } = await sql.query<{ member: Uuid }>({
    name: 'activities-active-at',
    text: `select a.member from unnest($1::uuid[]) as a (member)
      where exists (select from activity d where d.member = a.member and d.merchant = $2)`,
    values: [uuids(members), merchant],
  });
  return rows.map((row) => row.member);
}
