import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { int4s, uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import { birthdayContext } from './birthday.ts';

/** Since when somebody takes part, and who has become part of them. */
export interface Joined {
  readonly joinedAt: Instant;
  readonly absorbed: readonly Uuid[];
}

/** The same with when they were born. */
export interface JoinedAndBorn extends Joined {
  /** `MM-DD`; null: not given. */
  readonly birthday: string | null;
}

interface Asked {
  readonly member: Uuid;
  readonly programme: number;
}

/** Of members in programmes; answered in order. Who has not joined the programme counts since the registration. */
export function readJoined(sql: Sql, asked: readonly Asked[]): Promise<readonly Joined[]> {
  return readRows(sql, asked);
}

/** The same with birthdays: to open one takes as long as to read its row. */
export async function readJoinedAndBorn(
  sql: Sql,
  asked: readonly Asked[],
  sealer: Sealer,
): Promise<JoinedAndBorn[]> {
  const rows = await readRows(sql, asked);
  return rows.map(({ id, sealed, ...joined }) => {
    const birthday = sealed === null ? null : sealer.open(birthdayContext(id), sealed);
    if (birthday === undefined) throw new Error('a birthday does not open under the master key');
    return { ...joined, birthday };
  });
}

async function readRows(sql: Sql, asked: readonly Asked[]) {
  const { rows } = await sql.query<Joined & { id: Uuid; sealed: Buffer | null }>({
    name: 'members-joined',
    text: `select m.id, m.birthday_sealed as sealed, coalesce(s.joined_at, m.created_at) as "joinedAt",
        case when exists (select from member p where p.merged_into = m.id) then array(
          with recursive part (id) as (
            select p.id from member p where p.merged_into = m.id
            union all
            select c.id from part p join member c on c.merged_into = p.id
          )
          select id from part
        ) else '{}' end as absorbed
      from unnest($1::uuid[], $2::int4[]) with ordinality as a (member, programme, place)
      join member m on m.id = a.member
      left join membership s on s.member = a.member and s.programme = a.programme
      order by a.place`,
    values: [uuids(asked.map((each) => each.member)), int4s(asked.map((each) => each.programme))],
  });
  if (rows.length < asked.length) throw new Error('there is no such member');
  return rows;
}
