import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { uuids } from '../platform/columns.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import type { Member } from './member.ts';
import { insertGrams } from './name-store.ts';

interface Row {
  id: Uuid;
  phone_sealed: Buffer | null;
  name_sealed: Buffer | null;
  created_at: Instant;
  external_ids: Record<string, string> | null;
  programmes: string[] | null;
  merged_into: Uuid | null;
}

/** Who the member `alias` is now; the function is called only for those who were absorbed. */
const now = (alias: string): string =>
  `case when ${alias}.merged_into is null then ${alias}.id else survivor_of(${alias}.id) end`;

const SELECT = `select m.id, m.phone_sealed, m.name_sealed, m.created_at,
  case when m.merged_into is null then null else survivor_of(m.id) end as merged_into,
  (select json_object_agg(e.system, e.external_id order by e.system) from member_external_id e where e.member = m.id) as external_ids,
  (select array_agg(p.code order by p.id) from membership s join programme p on p.id = s.programme where s.member = m.id) as programmes
  from member m`;

function memberOf(row: Row): Member {
  return {
    id: row.id,
    phoneSealed: row.phone_sealed,
    nameSealed: row.name_sealed,
    externalIds: row.external_ids ?? {},
    programmes: row.programmes ?? [],
    createdAt: row.created_at,
    mergedInto: row.merged_into,
  };
}

/** Members of the programme with this number; null: of any. */
type Within = number | null;
const within = (parameter: string): string =>
  `(${parameter}::int is null or exists (select from membership s where s.member = m.id and s.programme = ${parameter}))`;

export async function readMember(
  sql: Sql,
  id: Uuid,
  programme: Within,
): Promise<Member | undefined> {
  const { rows } = await sql.query<Row>({
    name: 'read-member',
    text: `${SELECT} where m.id = $1 and ${within('$2')}`,
    values: [id, programme],
  });
  return rows[0] === undefined ? undefined : memberOf(rows[0]);
}

/** Those of `ids` that there are, by id. */
export async function readMembers(
  sql: Sql,
  ids: readonly Uuid[],
  programme: Within,
): Promise<Map<Uuid, Member>> {
  const { rows } = await sql.query<Row>({
    name: 'read-members',
    text: `${SELECT} where m.id = any ($1::uuid[]) and ${within('$2')}`,
    values: [uuids(ids), programme],
  });
  return new Map(rows.map((row) => [row.id, memberOf(row)]));
}

export async function readMembersByExternalId(
  sql: Sql,
  system: string,
  externalId: string,
  programme: Within,
): Promise<Member[]> {
  const { rows } = await sql.query<Row>({
    name: 'read-member-by-external-id',
    text: `${SELECT} where m.id = (select ${now('f')} from member_external_id e join member f on f.id = e.member
      where e.system = $1 and e.external_id = $2) and ${within('$3')}`,
    values: [system, externalId, programme],
  });
  return rows.map(memberOf);
}

export async function readMembersByPhone(
  sql: Sql,
  phoneIndex: Buffer,
  programme: Within,
): Promise<Member[]> {
  const { rows } = await sql.query<Row>({
    name: 'read-member-by-phone',
    text: `${SELECT} where m.id = (select ${now('f')} from member f where f.phone_index = $1) and ${within('$2')}`,
    values: [phoneIndex, programme],
  });
  return rows.map(memberOf);
}

/** Members by age, after the member `after`. */
export async function readMembersByLastFour(
  sql: Sql,
  index: Buffer,
  programme: Within,
  after: Uuid | null,
  limit: number,
): Promise<Member[]> {
  const { rows } = await sql.query<Row>(
    `${SELECT} where m.phone_last_four_index = $1 and ${within('$2')} and ($3::uuid is null or m.id > $3)
     order by m.id limit $4`,
    [index, programme, after, limit],
  );
  return rows.map(memberOf);
}

/** Whether a member is one for itself or has become part of another. */
export type Standing = 'member' | 'absorbed';

/** How those of `ids` that are members stand. */
export async function readStandings(sql: Sql, ids: readonly Uuid[]): Promise<Map<Uuid, Standing>> {
  const { rows } = await sql.query<{ id: Uuid; absorbed: boolean }>({
    name: 'read-member-standings',
    text: 'select id, merged_into is not null as absorbed from member where id = any ($1::uuid[])',
    values: [ids],
  });
  return new Map(rows.map(({ id, absorbed }) => [id, absorbed ? 'absorbed' : 'member']));
}

/** What a programme says about who joins it. */
export interface JoinedProgramme {
  readonly id: number;
  readonly code: string;
  readonly clockOffsetMs: number;
  /** Whether merchants' keys may register members, or the operator alone. */
  readonly merchantsRegisterMembers: boolean;
  /** Whether members come in by themselves. */
  readonly membersJoinThemselves: boolean;
}

export async function readProgrammes(
  tx: Transaction,
  codes: readonly string[],
): Promise<Map<string, JoinedProgramme>> {
  const { rows } = await tx.query<JoinedProgramme>(
    `select id, code, clock_offset_ms as "clockOffsetMs", merchants_register_members as "merchantsRegisterMembers",
        members_join_themselves as "membersJoinThemselves"
     from programme where code = any ($1)`,
    [codes],
  );
  return new Map(rows.map((row) => [row.code, row]));
}

/** A member's part in a programme. */
export interface Membership {
  readonly programme: string;
  /** By the programme's clock. */
  readonly joinedAt: Instant;
}

export async function readMemberships(
  sql: Sql,
  member: Uuid,
  programme: Within,
): Promise<Membership[]> {
  const { rows } = await sql.query<Membership>(
    `select p.code as programme, s.joined_at as "joinedAt" from membership s join programme p on p.id = s.programme
     where s.member = $1 and ($2::int is null or p.id = $2) order by p.id`,
    [member, programme],
  );
  return rows;
}

export interface MembershipToMake {
  readonly member: Uuid;
  readonly programme: number;
  /** By the programme's clock; `now` is the machine's. */
  readonly joinedAt: Instant;
  readonly now: Instant;
  /** Where they joined, if at one of the programme's merchants. */
  readonly merchant: Uuid | null;
}

/** False when the member takes part already. */
export async function insertMembership(
  tx: Transaction,
  { member, programme, joinedAt, merchant, now }: MembershipToMake,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `with joined as (
       insert into membership (programme, member, joined_at, merchant) values ($1, $2, to_timestamp($3::float8 / 1000), $4)
       on conflict do nothing returning member, programme, merchant
     ), joins as (
       insert into joining (member, programme, merchant, since_ms)
       select member, programme, merchant, $5 from joined where merchant is not null
     ) select from joined`,
    [programme, member, joinedAt, merchant, now],
  );
  return rowCount === 1;
}

/** The programmes of those of `ids` that are merchants. */
export async function readMerchantProgrammes(
  tx: Transaction,
  ids: readonly Uuid[],
): Promise<Map<Uuid, number>> {
  if (ids.length === 0) return new Map();
  const { rows } = await tx.query<{ id: Uuid; programme: number }>(
    'select id, programme from merchant where id = any ($1::uuid[])',
    [[...new Set(ids)]],
  );
  return new Map(rows.map((row) => [row.id, row.programme]));
}

/** Who has one of these phones (by index, in hex) or external ids (`system` newline `id`): of an absorbed member's, the survivor. */
export interface Taken {
  readonly byPhone: Map<string, Uuid>;
  readonly byExternalId: Map<string, Uuid>;
}

export async function readTaken(
  tx: Transaction,
  phones: readonly Buffer[],
  externalIds: readonly (readonly [system: string, id: string])[],
): Promise<Taken> {
  const { rows } = await tx.query<{
    phone: Buffer | null;
    system: string | null;
    external_id: string | null;
    member: Uuid;
  }>({
    name: 'read-taken-identities',
    text: `select phone_index as phone, null as system, null as external_id, ${now('m')} as member from member m where phone_index = any ($1)
      union all
      select null, e.system, e.external_id, ${now('m')} from unnest($2::text[], $3::text[]) as g (system, external_id)
      join member_external_id e using (system, external_id) join member m on m.id = e.member`,
    values: [phones, externalIds.map(([system]) => system), externalIds.map(([, id]) => id)],
  });
  const taken: Taken = { byPhone: new Map(), byExternalId: new Map() };
  for (const row of rows) {
    if (row.phone !== null) taken.byPhone.set(row.phone.toString('hex'), row.member);
    else taken.byExternalId.set(`${row.system}\n${row.external_id}`, row.member);
  }
  return taken;
}

export interface MemberToMake {
  readonly id: Uuid;
  readonly programme: number;
  /** Where they join; null: nowhere in particular. */
  readonly merchant: Uuid | null;
  readonly phone: {
    readonly sealed: Buffer;
    readonly index: Buffer;
    readonly lastFourIndex: Buffer;
  } | null;
  readonly name: { readonly sealed: Buffer; readonly grams: readonly number[] } | null;
  readonly externalIds: readonly (readonly [system: string, id: string])[];
}

/** Throws a unique violation when another transaction took a phone or external id meanwhile. */
export async function insertMembers(
  tx: Transaction,
  members: readonly MemberToMake[],
  now: Instant,
): Promise<void> {
  // Sorted by what is unique, so that two bulks that overlap wait for each other instead of deadlocking.
  const byPhone = [...members].sort((a, b) =>
    a.phone !== null && b.phone !== null ? a.phone.index.compare(b.phone.index) : 0,
  );
  const external = members
    .flatMap(({ id, externalIds }) => externalIds.map(([system, value]) => ({ system, value, id })))
    .sort((a, b) => (a.system < b.system || (a.system === b.system && a.value < b.value) ? -1 : 1));
  await tx.query({
    name: 'insert-members',
    text: `with made as (
        insert into member (id, phone_sealed, phone_index, phone_last_four_index, name_sealed, created_at)
        select id, sealed, phone, last_four, name, to_timestamp($5::float8 / 1000)
        from unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::bytea[], $8::bytea[]) as m (id, sealed, phone, last_four, name)
      ), joins as (
        insert into joining (member, programme, merchant, since_ms)
        select id, programme, merchant, $5::int8 from unnest($1::uuid[], $6::int[], $7::uuid[]) as m (id, programme, merchant)
        where merchant is not null
      )
      insert into membership (programme, member, joined_at, merchant)
      select p.id, m.id, to_timestamp(($5::float8 + p.clock_offset_ms) / 1000), m.merchant
      from unnest($6::int[], $1::uuid[], $7::uuid[]) as m (programme, id, merchant) join programme p on p.id = m.programme`,
    values: [
      byPhone.map((each) => each.id),
      byPhone.map((each) => each.phone?.sealed ?? null),
      byPhone.map((each) => each.phone?.index ?? null),
      byPhone.map((each) => each.phone?.lastFourIndex ?? null),
      now,
      byPhone.map((each) => each.programme),
      byPhone.map((each) => each.merchant),
      byPhone.map((each) => each.name?.sealed ?? null),
    ],
  });
  await insertGrams(
    tx,
    members.flatMap(({ id, name }) => (name?.grams ?? []).map((gram) => ({ gram, member: id }))),
  );
  if (external.length === 0) return;
  await tx.query({
    name: 'insert-member-external-ids',
    text: `insert into member_external_id (system, external_id, member)
      select * from unnest($1::text[], $2::text[], $3::uuid[])`,
    values: [
      external.map((each) => each.system),
      external.map((each) => each.value),
      external.map((each) => each.id),
    ],
  });
}

/** Any one sealed phone: whether it opens tells whether the master key is this database's. */
export async function readAnySealedPhone(
  sql: Sql,
): Promise<{ id: Uuid; sealed: Buffer } | undefined> {
  const { rows } = await sql.query<{ id: Uuid; sealed: Buffer }>(
    'select id, phone_sealed as sealed from member where phone_sealed is not null limit 1',
  );
  return rows[0];
}
