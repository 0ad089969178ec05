import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { bools, int4s, int8s, texts, uuids } from '../platform/columns.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import type { MemberKey } from './day-store.ts';
import { COMMON, type Ladder } from './ladder.ts';
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
  ladder: Uuid;
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

const COLUMNS = `t.programme, t.ladder, t.member, t.tier, t.since_ms, t.until_day::text, t.kept, t.noticed_day::text, t.noticed_tier,
  t.floor_tier, t.floor_until_day::text, t.next_at_ms`;

function tierOf(row: Row): MemberTier {
  const { floor_tier: tier, floor_until_day: until } = row;
  return {
    programme: row.programme,
    ladder: row.ladder,
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

/**
 * Locks these members until the transaction ends, in one order, so that nobody waits crosswise. What finds a row is the key
 * it would clash with: a plan of a table that was empty a moment ago read it by another index, 10 ms for each member.
 */
export async function lockMembers(
  tx: Transaction,
  keys: readonly MemberKey[],
): Promise<MemberTier[]> {
  const { rows } = await tx.query<Row>({
    name: 'tiers-members-lock',
    text: `insert into member_tier as t (programme, ladder, member)
      select distinct programme, ladder, member from unnest($1::int4[], $2::uuid[], $3::uuid[]) as a (programme, ladder, member)
      order by programme, ladder, member
      on conflict (programme, ladder, member) do update set kept = t.kept returning ${COLUMNS}`,
    values: [
      int4s(keys, (each) => each.programme),
      uuids(keys, (each) => each.ladder),
      uuids(keys, (each) => each.member),
    ],
  });
  return rows.map(tierOf);
}

export async function readMemberTier(
  sql: Sql,
  { programme, ladder, member }: MemberKey,
): Promise<MemberTier | undefined> {
  const { rows } = await sql.query<Row>(
    `select ${COLUMNS} from member_tier t where t.programme = $1 and t.ladder = $2 and t.member = $3`,
    [programme, ladder, member],
  );
  return rows[0] === undefined ? undefined : tierOf(rows[0]);
}

/** Writes what became of members who are locked, and so are there: found by their keys, as they are locked. */
export async function writeMembers(tx: Transaction, members: readonly MemberTier[]): Promise<void> {
  await tx.query({
    name: 'tiers-members-write',
    text: `insert into member_tier (programme, member, tier, since_ms, until_day, kept, noticed_day, floor_tier, floor_until_day,
        next_at_ms, noticed_tier, ladder)
      select programme, member, tier, since_ms, until_day::date, kept, noticed_day::date, floor_tier, floor_until_day::date,
        next_at_ms, noticed_tier, ladder
      from unnest($1::int4[], $2::uuid[], $3::text[], $4::int8[], $5::text[], $6::bool[], $7::text[], $8::text[], $9::text[],
          $10::int8[], $11::text[], $12::uuid[])
        as a (programme, member, tier, since_ms, until_day, kept, noticed_day, floor_tier, floor_until_day, next_at_ms, noticed_tier,
          ladder)
      on conflict (programme, ladder, member) do update set tier = excluded.tier, since_ms = excluded.since_ms,
        until_day = excluded.until_day, kept = excluded.kept, noticed_day = excluded.noticed_day,
        floor_tier = excluded.floor_tier, floor_until_day = excluded.floor_until_day,
        next_at_ms = excluded.next_at_ms, noticed_tier = excluded.noticed_tier`,
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
      uuids(members, (each) => each.ladder),
    ],
  });
}

/** Members on a ladder whose time to be looked at has come, longest ago first, but none of these. */
export async function readDue(
  sql: Sql,
  { programme, ladder }: Ladder,
  now: Instant,
  but: readonly Uuid[],
  limit: number,
): Promise<Uuid[]> {
  const { rows } = await sql.query<{ member: Uuid }>({
    name: 'tiers-due',
    text: `select member from member_tier where programme = $1 and ladder = $2 and next_at_ms <= $3
        and member not in (select unnest($4::uuid[]))
      order by next_at_ms limit $5`,
    values: [programme, ladder, now, uuids(but), limit],
  });
  return rows.map((row) => row.member);
}

/** Whether somebody's time has come on each of these ladders, in order. */
export async function areDue(
  sql: Sql,
  ladders: readonly (Ladder & { readonly now: Instant })[],
): Promise<boolean[]> {
  const { rows } = await sql.query<{ due: boolean }>({
    name: 'tiers-ladders-due',
    text: `select exists (
        select from member_tier t where t.programme = a.programme and t.ladder = a.ladder and t.next_at_ms <= a.now
      ) as due from unnest($1::int4[], $2::uuid[], $3::int8[]) with ordinality as a (programme, ladder, now, place) order by place`,
    values: [
      int4s(ladders, (each) => each.programme),
      uuids(ladders, (each) => each.ladder),
      int8s(ladders, (each) => each.now),
    ],
  });
  return rows.map(({ due }) => due);
}

/** The next members on a ladder by id. */
export async function readMembersAfter(
  sql: Sql,
  { programme, ladder }: Ladder,
  after: Uuid,
  limit: number,
): Promise<Uuid[]> {
  const { rows } = await sql.query<{ member: Uuid }>({
    name: 'tiers-members-after',
    text: `select member from member_tier where programme = $1 and ladder = $2 and member > $3 order by member limit $4`,
    values: [programme, ladder, after, limit],
  });
  return rows.map((row) => row.member);
}

/** The next members on a ladder by id, with their tiers. */
export async function readTiersAfter(
  sql: Sql,
  { programme, ladder }: Ladder,
  after: Uuid,
  limit: number,
): Promise<MemberTier[]> {
  const { rows } = await sql.query<Row>({
    name: 'tiers-after',
    text: `select ${COLUMNS} from member_tier t where t.programme = $1 and t.ladder = $2 and t.member > $3
      order by t.member limit $4`,
    values: [programme, ladder, after, limit],
  });
  return rows.map(tierOf);
}

/** Lets the time of these members be now; they are locked in one order, so that nobody waits crosswise. */
export async function makeDue(
  tx: Transaction,
  { programme, ladder }: Ladder,
  members: readonly Uuid[],
  now: Instant,
): Promise<void> {
  await tx.query({
    name: 'tiers-make-due',
    text: `update member_tier t set next_at_ms = least(t.next_at_ms, $4)
      from (select member from member_tier where programme = $1 and ladder = $2 and member = any ($3::uuid[])
        order by member for update) a
      where t.programme = $1 and t.ladder = $2 and t.member = a.member`,
    values: [programme, ladder, uuids(members), now],
  });
}

/** Answers their numbers, in order. */
export async function insertChanges(
  tx: Transaction,
  changes: readonly TierChange[],
): Promise<number[]> {
  const { rows } = await tx.query<{ number: number }>({
    name: 'tiers-changes-insert',
    text: `insert into tier_change (programme, ladder, member, at_ms, kind, from_tier, to_tier, until_day, scheme, reason, actor, changed_by)
      select programme, ladder, member, at_ms, kind, from_tier, to_tier, until_day::date, scheme, reason, actor, changed_by
      from unnest($1::int4[], $2::uuid[], $3::int8[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int4[], $9::text[],
        $10::text[], $11::uuid[], $12::uuid[]) with ordinality as a (programme, member, at_ms, kind, from_tier, to_tier, until_day,
        scheme, reason, actor, changed_by, ladder, place) order by place returning number`,
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
      uuids(changes, (each) => each.ladder),
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
  { programme, ladder, member }: MemberKey,
  limit: number,
): Promise<TierChange[]> {
  const { rows } = await sql.query<ChangeRow>(
    `select at_ms, kind, from_tier, to_tier, until_day::text, scheme, reason, actor, changed_by from tier_change
     where programme = $1 and ladder = $2 and member = $3 order by number desc limit $4`,
    [programme, ladder, member, limit],
  );
  return rows.map((row) => ({
    programme,
    ladder,
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

/** The ladders on which a member has a tier or did something. */
export async function readLaddersOf(sql: Sql, member: Uuid): Promise<Ladder[]> {
  const { rows } = await sql.query<Ladder>(
    `select l.programme, l.ladder from (select distinct programme, ladder from tier_scheme) l
     join member_tier t on t.programme = l.programme and t.ladder = l.ladder and t.member = $1
     order by l.programme, l.ladder`,
    [member],
  );
  return rows;
}

/** What members were in at an instant, null for none. */
export interface TiersAt {
  /** In the programme's. */
  readonly tier: string | null;
  /** In the merchant's own; absent: it had none. */
  readonly merchantTier?: string | null;
}

/** The codes of the tiers that members were in at these instants, as a merchant's rules see them; answered in order. */
export async function readTiersAt(
  sql: Sql,
  asked: readonly {
    readonly programme: number;
    readonly merchant: Uuid;
    readonly member: Uuid;
    readonly at: Instant;
  }[],
): Promise<TiersAt[]> {
  const { rows } = await sql.query<{
    tier: string | null;
    merchantTier: string | null;
    hasOwn: boolean;
  }>({
    name: 'tiers-at',
    text: `select c.tier, o.tier as "merchantTier", exists (
          select from tier_scheme s where s.programme = a.programme and s.ladder = a.merchant and s.from_ms <= a.at_ms
        ) as "hasOwn"
      from unnest($1::int4[], $2::uuid[], $3::int8[], $4::uuid[]) with ordinality
        as a (programme, member, at_ms, merchant, place)
      left join lateral (
        select to_tier as tier from tier_change c
        where c.programme = a.programme and c.ladder = '${COMMON}' and c.member = a.member and c.at_ms <= a.at_ms
          and c.kind <> 'announced'
        order by at_ms desc, number desc limit 1
      ) c on true
      left join lateral (
        select to_tier as tier from tier_change c
        where c.programme = a.programme and c.ladder = a.merchant and c.member = a.member and c.at_ms <= a.at_ms
          and c.kind <> 'announced'
        order by at_ms desc, number desc limit 1
      ) o on true order by a.place`,
    values: [
      int4s(asked, (each) => each.programme),
      uuids(asked, (each) => each.member),
      int8s(asked, (each) => each.at),
      uuids(asked, (each) => each.merchant),
    ],
  });
  return rows.map(({ tier, merchantTier, hasOwn }) => (hasOwn ? { tier, merchantTier } : { tier }));
}
