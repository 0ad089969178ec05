import type { Uuid } from '../kernel/id.ts';
import { uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';

/** What names one member, or a few who are one person. */
export interface Exact {
  readonly id: Uuid | null;
  readonly phoneIndex: Buffer | null;
  readonly externalId: string;
}
export type ExactMatch = 'id' | 'phone' | 'external_id';

/** One text may be the id of different persons in so many systems. */
const EXACT_MAX = 20;

export async function readExact(
  sql: Sql,
  { id, phoneIndex, externalId }: Exact,
): Promise<{ readonly id: Uuid; readonly by: ExactMatch }[]> {
  const { rows } = await sql.query<{ id: Uuid; by: ExactMatch }>({
    name: 'search-members-exact',
    text: `select m.id, 'id' as by from member m where m.id = $1
      union all select m.id, 'phone' from member m where m.phone_index = $2
      union all (select e.member, 'external_id' from member_external_id e where e.external_id = $3 order by e.member limit $4)`,
    values: [id, phoneIndex, externalId, EXACT_MAX],
  });
  return rows;
}

/** Members whose phone ends so, by age, after one. */
export async function readByLastFour(
  sql: Sql,
  index: Buffer,
  page: { readonly programme: number | null; readonly after: Uuid | null; readonly limit: number },
): Promise<Uuid[]> {
  const { rows } = await sql.query<{ id: Uuid }>({
    name: 'search-members-last-four',
    text: `select m.id from member m where m.phone_last_four_index = $1 and ($2::uuid is null or m.id > $2)
        and ($3::int is null or exists (select from membership s where s.member = m.id and s.programme = $3))
      order by m.id limit $4`,
    values: [index, page.after, page.programme, page.limit],
  });
  return rows.map((row) => row.id);
}

/** Those of these members who joined at a merchant. */
export async function readJoinedAt(
  sql: Sql,
  merchant: Uuid,
  members: readonly Uuid[],
): Promise<Uuid[]> {
  const { rows } = await sql.query<{ member: Uuid }>({
    name: 'members-joined-at',
    text: 'select distinct member from membership where member = any ($1::uuid[]) and merchant = $2',
    values: [uuids(members), merchant],
  });
  return rows.map((row) => row.member);
}
