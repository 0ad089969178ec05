import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { uuids } from '../platform/columns.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import type { Ladder } from './ladder.ts';
import { type SchemeVersion, schemeAt } from './scheme.ts';

const VERSION = `programme, ladder, number, body as scheme, from_ms as "from", comparison, notice_days as "noticeDays",
  published_at_ms as "publishedAt", published_by as "publishedBy"`;

/** All versions that these ladders of a programme ever had, by number; ladders without any are absent. */
export async function readSchemes(
  sql: Sql,
  programme: number,
  ladders: readonly Uuid[],
): Promise<Map<Uuid, SchemeVersion[]>> {
  const { rows } = await sql.query<SchemeVersion>({
    name: 'tiers-schemes',
    text: `select ${VERSION} from tier_scheme where programme = $1 and ladder = any ($2::uuid[]) order by number`,
    values: [programme, uuids(ladders)],
  });
  const found = new Map<Uuid, SchemeVersion[]>();
  for (const row of rows) {
    const own = found.get(row.ladder);
    if (own === undefined) found.set(row.ladder, [row]);
    else own.push(row);
  }
  return found;
}

/** All versions that the tiers of a ladder ever had, by number: one for every time somebody changed them. */
export async function readVersions(
  sql: Sql,
  { programme, ladder }: Ladder,
): Promise<readonly SchemeVersion[]> {
  return (await readSchemes(sql, programme, [ladder])).get(ladder) ?? [];
}

/** The version that holds on a ladder; undefined: it has none yet. */
export async function readVersionAt(
  sql: Sql,
  ladder: Ladder,
  at: Instant,
): Promise<SchemeVersion | undefined> {
  return schemeAt(await readVersions(sql, ladder), at);
}

export async function insertScheme(tx: Transaction, version: SchemeVersion): Promise<void> {
  await tx.query(
    `insert into tier_scheme (programme, ladder, number, body, from_ms, comparison, notice_days, published_at_ms, published_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      version.programme,
      version.ladder,
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

/** How far the walks of a ladder came. */
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

/** A ladder with all versions it ever had, by number, and how far its walks came. */
export interface KeptLadder extends Ladder {
  readonly versions: readonly SchemeVersion[];
  readonly walk: Walk;
}

/** All ladders that have a version, of all programmes. */
export async function readLadders(sql: Sql): Promise<KeptLadder[]> {
  const { rows } = await sql.query<SchemeVersion & { walk: Walk | null }>({
    name: 'tiers-ladders',
    text: `select ${VERSION}, w.walk from tier_scheme left join lateral (
        select jsonb_build_object('deedsAfter', deeds_after, 'rounds', rounds, 'corrected', corrected, 'scheme', w.scheme,
          'membersAfter', members_after) as walk
        from tier_walk w where w.programme = tier_scheme.programme and w.ladder = tier_scheme.ladder
      ) w on true order by programme, ladder, number`,
  });
  const kept = new Map<string, { of: Ladder; versions: SchemeVersion[]; walk: Walk }>();
  for (const { walk, ...version } of rows) {
    const { programme, ladder } = version;
    const key = `${programme} ${ladder}`;
    const own = kept.get(key) ?? { of: { programme, ladder }, versions: [], walk: walk ?? NOWHERE };
    own.versions.push(version);
    kept.set(key, own);
  }
  return [...kept.values()].map(({ of, versions, walk }) => ({ ...of, versions, walk }));
}

export async function readWalk(sql: Sql, { programme, ladder }: Ladder): Promise<Walk> {
  const { rows } = await sql.query<Walk>(
    `select deeds_after as "deedsAfter", rounds, corrected, scheme, members_after as "membersAfter"
     from tier_walk where programme = $1 and ladder = $2`,
    [programme, ladder],
  );
  return rows[0] ?? NOWHERE;
}

export async function writeWalk(
  tx: Transaction,
  { programme, ladder }: Ladder,
  walk: Walk,
): Promise<void> {
  await tx.query(
    `insert into tier_walk (programme, ladder, deeds_after, rounds, corrected, scheme, members_after)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (programme, ladder) do update set deeds_after = $3, rounds = $4, corrected = $5, scheme = $6, members_after = $7`,
    [
      programme,
      ladder,
      walk.deedsAfter,
      walk.rounds,
      walk.corrected,
      walk.scheme,
      walk.membersAfter,
    ],
  );
}
