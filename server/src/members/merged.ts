import { showId, type Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { uuids } from '../platform/columns.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import { problem } from '../platform/web/problem.ts';

/** Whom a member became part of, one merge after another; the last is who they are now. */
export async function readSurvivors(sql: Sql, member: Uuid): Promise<Uuid[]> {
  const { rows } = await sql.query<{ id: Uuid }>({
    name: 'member-survivors',
    text: `with recursive path (id, merged_into, step) as (
        select id, merged_into, 0 from member where id = $1
        union all
        select m.id, m.merged_into, step + 1 from path p join member m on m.id = p.merged_into
      )
      select id from path where step > 0 order by step`,
    values: [member],
  });
  return rows.map((row) => row.id);
}

/** Who each of these members is now; themselves, where nobody absorbed them. */
export async function readSurvivorsOf(
  sql: Sql,
  members: readonly Uuid[],
): Promise<Map<Uuid, Uuid>> {
  const { rows } = await sql.query<{ id: Uuid; survivor: Uuid }>({
    name: 'members-survivors',
    text: `select id, case when merged_into is null then id else survivor_of(id) end as survivor
      from member where id = any ($1::uuid[])`,
    values: [uuids([...new Set(members)])],
  });
  return new Map(rows.map(({ id, survivor }) => [id, survivor]));
}

/** Who became part of these members, by any number of merges, and of whom each is part now. */
export async function readAbsorbed(
  sql: Sql,
  survivors: readonly Uuid[],
): Promise<{ readonly survivor: Uuid; readonly absorbed: Uuid }[]> {
  const { rows } = await sql.query<{ survivor: Uuid; absorbed: Uuid }>({
    name: 'members-absorbed',
    text: `with recursive part (survivor, absorbed) as (
        select w.id, m.id from unnest($1::uuid[]) as w (id) join member m on m.merged_into = w.id
        union all
        select p.survivor, m.id from part p join member m on m.merged_into = p.absorbed
      )
      select survivor, absorbed from part order by survivor, absorbed`,
    values: [uuids([...new Set(survivors)])],
  });
  return rows;
}

/** All members that are one person with each of these, themselves among them. */
export async function readPersons(
  sql: Sql,
  members: readonly Uuid[],
): Promise<Map<Uuid, readonly Uuid[]>> {
  const survivors = await readSurvivorsOf(sql, members);
  const parts = new Map([...survivors.values()].map((survivor) => [survivor, [survivor]]));
  for (const { survivor, absorbed } of await readAbsorbed(sql, [...parts.keys()]))
    parts.get(survivor)?.push(absorbed);
  return new Map([...survivors].map(([id, survivor]) => [id, parts.get(survivor) ?? [id]]));
}

/** Why nothing more is done in the name of an absorbed member; undefined for one who is nobody's part. */
export function mergedAway(survivors: readonly Uuid[]): Refusal | undefined {
  const survivor = survivors.at(-1);
  if (survivor === undefined) return undefined;
  const survivorId = showId('member', survivor);
  return problem('member_merged', `this member is part of ${survivorId} now`, { survivorId });
}

/** What decides whether a member can become part of another, or another of it. */
export interface MergeCandidate {
  readonly id: Uuid;
  readonly programmes: readonly number[];
  /** Who it is now that it is absorbed itself. */
  readonly survivor: Uuid | null;
}

export async function readMergeCandidates(
  sql: Sql,
  members: readonly Uuid[],
): Promise<Map<Uuid, MergeCandidate>> {
  const { rows } = await sql.query<MergeCandidate>(
    `select m.id, array(select programme from membership s where s.member = m.id) as programmes,
        case when m.merged_into is null then null else survivor_of(m.id) end as survivor
      from member m where m.id = any ($1::uuid[])`,
    [uuids(members)],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** The same with their rows locked until the transaction ends: in one order, so that nobody waits crosswise. */
export async function lockMergeCandidates(
  tx: Transaction,
  members: readonly Uuid[],
): Promise<Map<Uuid, MergeCandidate>> {
  await tx.query('select from member where id = any ($1::uuid[]) order by id for update', [
    uuids(members),
  ]);
  return readMergeCandidates(tx, members);
}

/** From now on the absorbed member leads to the survivor. Both were locked as candidates. */
export async function leadTo(tx: Transaction, absorbed: Uuid, survivor: Uuid): Promise<void> {
  await tx.query('update member set merged_into = $2 where id = $1', [absorbed, survivor]);
}
