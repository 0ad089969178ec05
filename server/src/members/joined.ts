import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { int4s, uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';

/** Since when somebody takes part, and who has become part of them. */
export interface Joined {
  readonly joinedAt: Instant;
  readonly absorbed: readonly Uuid[];
}

/** Of members in programmes; answered in order. Who has not joined the programme counts since the registration. */
export async function readJoined(
  sql: Sql,
  asked: readonly { readonly member: Uuid; readonly programme: number }[],
): Promise<Joined[]> {
  const { rows } = await sql.query<Joined>({
    name: 'members-joined',
    text: `select coalesce(s.joined_at, m.created_at) as "joinedAt", array(
          with recursive part (id) as (
            select p.id from member p where p.merged_into = m.id
            union all
            select c.id from part p join member c on c.merged_into = p.id
          )
          select id from part
        ) as absorbed
      from unnest($1::uuid[], $2::int4[]) with ordinality as a (member, programme, place)
      join member m on m.id = a.member
      left join membership s on s.member = a.member and s.programme = a.programme
      order by a.place`,
    values: [uuids(asked.map((each) => each.member)), int4s(asked.map((each) => each.programme))],
  });
  if (rows.length < asked.length) throw new Error('there is no such member');
  return rows;
}
