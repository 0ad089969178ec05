import type { Sql } from '../../platform/database.ts';

/** The number of a programme that whoever proves a phone number may join; undefined: nobody may, or there is none. */
export async function mayJoin(sql: Sql, programme: string | null): Promise<number | undefined> {
  if (programme === null) return undefined;
  const { rows } = await sql.query<{ id: number }>(
    'select id from programme where code = $1 and members_join_themselves',
    [programme],
  );
  return rows[0]?.id;
}
