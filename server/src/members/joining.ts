import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { int4s, uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';

/** Somebody has joined a programme at a merchant, and what follows from it is not recorded yet. */
export interface Joining {
  readonly member: Uuid;
  readonly programme: number;
  readonly merchant: Uuid;
  /** By the machine's clock. */
  readonly since: Instant;
}

const COLUMNS = 'member, programme, merchant, since_ms as since';

/** Of these members, those that have just joined. */
export async function readJoinings(sql: Sql, members: readonly Uuid[]): Promise<Joining[]> {
  const { rows } = await sql.query<Joining>({
    name: 'joinings',
    text: `select ${COLUMNS} from joining where member = any ($1::uuid[]) order by since_ms, member`,
    values: [uuids(members)],
  });
  return rows;
}

/** Those that have waited since before `before`, the oldest first, behind `after`. */
export async function readLateJoinings(
  sql: Sql,
  before: Instant,
  after: Joining | null,
  limit: number,
): Promise<Joining[]> {
  const { rows } = await sql.query<Joining>({
    name: 'joinings-late',
    text: `select ${COLUMNS} from joining
      where since_ms < $1 and ($2::int8 is null or (since_ms, member, programme) > ($2, $3::uuid, $4::int4))
      order by since_ms, member, programme limit $5`,
    values: [before, after?.since ?? null, after?.member ?? null, after?.programme ?? null, limit],
  });
  return rows;
}

/** Notes that what follows from these is recorded. */
export async function endJoinings(sql: Sql, joinings: readonly Joining[]): Promise<void> {
  await sql.query({
    name: 'joinings-end',
    text: `delete from joining j using unnest($1::uuid[], $2::int4[]) as d (member, programme)
      where j.member = d.member and j.programme = d.programme`,
    values: [uuids(joinings, (each) => each.member), int4s(joinings, (each) => each.programme)],
  });
}
