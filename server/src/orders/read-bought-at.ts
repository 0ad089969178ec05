import type { Uuid } from '../kernel/id.ts';
import { uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';

/** Those of these members of whom there is an order at a merchant. */
export async function readBoughtAt(
  sql: Sql,
  merchant: Uuid,
  members: readonly Uuid[],
): Promise<Uuid[]> {
  const { rows } = await sql.query<{ member: Uuid }>({
    name: 'orders-bought-at',
    text: `select a.member from unnest($1::uuid[]) as a (member)
      where exists (select from orders o where o.member = a.member and o.merchant = $2)`,
    values: [uuids(members), merchant],
  });
  return rows.map((row) => row.member);
}
