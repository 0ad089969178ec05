import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { bools, int4s, int8s, texts, uuids } from '../platform/columns.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import type { MemberKey } from './day-store.ts';
import type { Change, Floor, Standing } from './standing.ts';

/** A member's tier as kept. */
export interface MemberTier extends MemberKey, Standing {
  readonly since: Instant | null;
  readonly floor: Floor | null;
  /** When to look again; null: nothing will change by time alone. */
  readonly nextAt: Instant | null;
}

/** Of a member who never did anything in a programme, or whose tier has become a survivor's. */
export const NOTHING = {
  tier: null,
  since: null,
  until: null,
  kept: false,
  noticed: null,
  noticedTier: null,
  floor: null,
  nextAt: null,
} as const;

/** Who gave a tier by hand, and why. */
export interface Given {
  readonly reason: string;
  readonly actor: string;
  /** An API key. */
  readonly by: Uuid;
}

/** A change as kept. */
export interface TierChange extends MemberKey, Omit<Change, 'kind'> {
  readonly at: Instant;
  readonly kind: Change['kind'] | 'given';
  /** The number of the version that decided. */
  readonly scheme: number;
  readonly given: Given | null;
}

interface Row {
  programme: number;
  member: Uuid;
  tier: string | null;
  since_ms: Instant | null;
  until_day: string | null;
  kept: boolean;
  noticed_day: string | null;
  noticed_tier: string | null;
  floor_tier: string | null;
  floor_until_day: string | null;
  next_at_ms: Instant | null;
}

const COLUMNS = `t.programme, t.member, t.tier, t.since_ms, t.until_day::text, t.kept, t.noticed_day::text, t.noticed_tier,
  t.floor_tier, t.floor_until_day::text, t.next_at_ms`;

function tierOf(row: Row): MemberTier {
  const { floor_tier: tier, floor_until_day: until } = row;
  return {
    programme: row.programme,
    member: row.member,
    tier: row.tier,
    since: row.since_ms,
    until: row.until_day,
    kept: row.kept,
    noticed: row.noticed_day,
    noticedTier: row.noticed_tier,
    floor: tier === null || until === null ? null : { tier, until },
    nextAt: row.next_at_ms,
  };
}

/** Locks these members until the transaction ends, in one order, so that nobody waits crosswise. */
export async function lockMembers(
  tx: Transaction,
  keys: readonly MemberKey[],
): Promise<MemberTier[]> {
  const values = [int4s(keys, (each) => each.programme), uuids(keys, (each) => each.member)];
  await tx.query({
    name: 'tiers-members-make',
    text: `insert into member_tier (programme, member)
      select distinct programme, member from unnest($1::int4[], $2::uuid[]) as a (programme, member)
      order by programme, member on conflict do nothing`,
    values,
  });
  const { rows } = await tx.query<Row>({
    name: 'tiers-members-lock',
    // Row by row, in order, whatever the planner believes of a table that was empty a moment ago.
    text: `select ${COLUMNS}
      from (select distinct programme, member from unnest($1::int4[], $2::uuid[]) as a (programme, member) order by 1, 2) a
      cross join lateral (select * from member_tier m where m.programme = a.programme and m.member = a.member offset 0 for update) t`,
    values,
  });
  return rows.map(tierOf);
}

export async function readMemberTier(
  sql: Sql,
  { programme, member }: MemberKey,
): Promise<MemberTier | undefined> {
  const { rows } = await sql.query<Row>(
    `select ${COLUMNS} from member_tier t where t.programme = $1 and t.member = $2`,
    [programme, member],
  );
  return rows[0] === undefined ? undefined : tierOf(rows[0]);
}

export async function writeMembers(tx: Transaction, members: readonly MemberTier[]): Promise<void> {
  await tx.query({
    name: 'tiers-members-write',
    text: `update member_tier t set tier = a.tier, since_ms = a.since_ms, until_day = a.until_day::date, kept = a.kept,
        noticed_day = a.noticed_day::date, floor_tier = a.floor_tier, floor_until_day = a.floor_until_day::date,
        next_at_ms = a.next_at_ms, noticed_tier = a.noticed_tier
      from unnest($1::int4[], $2::uuid[], $3::text[], $4::int8[], $5::text[], $6::bool[], $7::text[], $8::text[], $9::text[],
          $10::int8[], $11::text[])
        as a (programme, member, tier, since_ms, until_day, kept, noticed_day, floor_tier, floor_until_day, next_at_ms, noticed_tier)
      where t.programme = a.programme and t.member = a.member`,
    values: [
      int4s(members, (each) => each.programme),
      uuids(members, (each) => each.member),
      texts(members, (each) => each.tier),
      int8s(members, (each) => each.since),
      texts(members, (each) => each.until),
      bools(members, (each) => each.kept),
      texts(members, (each) => each.noticed),
      texts(members, (each) => each.floor?.tier ?? null),
      texts(members, (each) => each.floor?.until ?? null),
      int8s(members, (each) => each.nextAt),
      texts(members, (each) => each.noticedTier),
    ],
  });
}

/** Members of a programme whose time to be looked at has come. */
export async function readDue(
  sql: Sql,
  programme: number,
  now: Instant,
  limit: number,
): Promise<Uuid[]> {
  const { rows } = await sql.query<{ member: Uuid }>({
    name: 'tiers-due',
    text: `select member from member_tier where programme = $1 and next_at_ms <= $2 order by next_at_ms limit $3`,
    values: [programme, now, limit],
  });
  return rows.map((row) => row.member);
}

/** The next members of a programme by id. */
export async function readMembersAfter(
  sql: Sql,
  programme: number,
  after: Uuid,
  limit: number,
): Promise<Uuid[]> {
  const { rows } = await sql.query<{ member: Uuid }>({
    name: 'tiers-members-after',
    text: 'select member from member_tier where programme = $1 and member > $2 order by member limit $3',
    values: [programme, after, limit],
  });
  return rows.map((row) => row.member);
}

/** Answers their numbers, in order. */
export async function insertChanges(
  tx: Transaction,
  changes: readonly TierChange[],
): Promise<number[]> {
  const { rows } = await tx.query<{ number: number }>({
    name: 'tiers-changes-insert',
    text: `insert into tier_change (programme, member, at_ms, kind, from_tier, to_tier, until_day, scheme, reason, actor, changed_by)
      select programme, member, at_ms, kind, from_tier, to_tier, until_day::date, scheme, reason, actor, changed_by
      from unnest($1::int4[], $2::uuid[], $3::int8[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int4[], $9::text[],
        $10::text[], $11::uuid[]) with ordinality as a (programme, member, at_ms, kind, from_tier, to_tier, until_day, scheme,
        reason, actor, changed_by, place) order by place returning number`,
    values: [
      int4s(changes, (each) => each.programme),
      uuids(changes, (each) => each.member),
      int8s(changes, (each) => each.at),
      texts(changes, (each) => each.kind),
      texts(changes, (each) => each.from),
      texts(changes, (each) => each.to),
      texts(changes, (each) => each.until),
      int4s(changes, (each) => each.scheme),
      texts(changes, (each) => each.given?.reason ?? null),
      texts(changes, (each) => each.given?.actor ?? null),
      uuids(changes, (each) => each.given?.by ?? null),
    ],
  });
  return rows.map(({ number }) => number);
}

interface ChangeRow {
  at_ms: Instant;
  kind: TierChange['kind'];
  from_tier: string | null;
  to_tier: string | null;
  until_day: string | null;
  scheme: number;
  reason: string | null;
  actor: string | null;
  changed_by: Uuid | null;
}

/** The last changes of a member's tier, the latest first. */
export async function readChanges(
  sql: Sql,
  { programme, member }: MemberKey,
  limit: number,
): Promise<TierChange[]> {
  const { rows } = await sql.query<ChangeRow>(
    `select at_ms, kind, from_tier, to_tier, until_day::text, scheme, reason, actor, changed_by from tier_change
     where programme = $1 and member = $2 order by number desc limit $3`,
    [programme, member, limit],
  );
  return rows.map((row) => ({
    programme,
    member,
    at: row.at_ms,
    kind: row.kind,
    from: row.from_tier,
    to: row.to_tier,
    until: row.until_day,
    scheme: row.scheme,
    given:
      row.reason === null || row.actor === null || row.changed_by === null
        ? null
        : { reason: row.reason, actor: row.actor, by: row.changed_by },
  }));
}

/** The codes of the tiers that members were in at these instants, null for none; answered in order. */
export async function readTiersAt(
  sql: Sql,
  asked: readonly (MemberKey & { readonly at: Instant })[],
): Promise<(string | null)[]> {
  const { rows } = await sql.query<{ tier: string | null }>({
    name: 'tiers-at',
    text: `select c.tier from unnest($1::int4[], $2::uuid[], $3::int8[]) with ordinality as a (programme, member, at_ms, place)
      left join lateral (
        select to_tier as tier from tier_change c
        where c.programme = a.programme and c.member = a.member and c.at_ms <= a.at_ms and c.kind <> 'announced'
        order by at_ms desc, number desc limit 1
      ) c on true order by a.place`,
    values: [
      int4s(asked, (each) => each.programme),
      uuids(asked, (each) => each.member),
      int8s(asked, (each) => each.at),
    ],
  });
  return rows.map((row) => row.tier);
}
