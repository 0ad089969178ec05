import type { Uuid } from '../kernel/id.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import type { SchemeVersion } from './scheme.ts';

/** All versions that a programme's tiers ever had, by number: one for every time somebody changed them. */
export async function readSchemes(sql: Sql, programme: number): Promise<SchemeVersion[]> {
  const { rows } = await sql.query<SchemeVersion>({
    name: 'tiers-schemes',
    text: `select programme, number, body as scheme, from_ms as "from", comparison, notice_days as "noticeDays",
        published_at_ms as "publishedAt", published_by as "publishedBy"
      from tier_scheme where programme = $1 order by number`,
    values: [programme],
  });
  return rows;
}

export async function insertScheme(tx: Transaction, version: SchemeVersion): Promise<void> {
  await tx.query(
    `insert into tier_scheme (programme, number, body, from_ms, comparison, notice_days, published_at_ms, published_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      version.programme,
      version.number,
      JSON.stringify(version.scheme),
      version.from,
      JSON.stringify(version.comparison),
      version.noticeDays,
      version.publishedAt,
      version.publishedBy,
    ],
  );
}

/** How far the walks of a programme came. */
export interface Walk {
  readonly deedsAfter: Uuid;
  readonly rounds: number;
  readonly corrected: number;
  readonly scheme: number;
  readonly membersAfter: Uuid;
}

export const FIRST = '00000000-0000-0000-0000-000000000000' as Uuid;
const NOWHERE: Walk = {
  deedsAfter: FIRST,
  rounds: 0,
  corrected: 0,
  scheme: 0,
  membersAfter: FIRST,
};

export async function readWalk(sql: Sql, programme: number): Promise<Walk> {
  const { rows } = await sql.query<Walk>(
    `select deeds_after as "deedsAfter", rounds, corrected, scheme, members_after as "membersAfter"
     from tier_walk where programme = $1`,
    [programme],
  );
  return rows[0] ?? NOWHERE;
}

export async function writeWalk(tx: Transaction, programme: number, walk: Walk): Promise<void> {
  await tx.query(
    `insert into tier_walk (programme, deeds_after, rounds, corrected, scheme, members_after) values ($1, $2, $3, $4, $5, $6)
     on conflict (programme) do update set deeds_after = $2, rounds = $3, corrected = $4, scheme = $5, members_after = $6`,
    [programme, walk.deedsAfter, walk.rounds, walk.corrected, walk.scheme, walk.membersAfter],
  );
}
