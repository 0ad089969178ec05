import type { Saving } from '../carbon/method.ts';
import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Limit } from '../ledger/command.ts';
import { byteas, int2s, int4s, int8s, texts, uuids } from '../platform/columns.ts';
import { databaseFailure, type Sql } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import { UNSETTLED } from '../platform/unsettled.ts';
import type { ActivityKind } from '../rules/rule.ts';
import { openFacts, sealFacts } from '../rules/sealed-facts.ts';
import {
  type Activity,
  type ActivityAward,
  type Attributes,
  type Awarded,
  evidenceHash,
} from './activity.ts';

interface Row {
  id: Uuid;
  programme: number;
  merchant: Uuid;
  member: Uuid;
  kind: ActivityKind;
  activity_no: string;
  occurred_at_ms: Instant;
  effective_at_ms: Instant | null;
  store: string | null;
  channel: string | null;
  attributes: Attributes;
  behaviour: string | null;
  evidence: string | null;
  certificate: Uuid | null;
  saving: Saving | null;
  referred: Uuid | null;
  verified_by: Uuid | null;
  rated_at_ms: Instant | null;
  facts_sealed: Buffer | null;
  no_points_reason: string | null;
  once: string | null;
  request_key: string;
  fingerprint: Buffer;
}

const COLUMNS = `a.id, a.programme, a.merchant, a.member, a.kind, a.activity_no, a.occurred_at_ms, a.effective_at_ms, a.store,
  a.channel, a.attributes, a.behaviour, a.evidence, a.certificate, a.referred, a.verified_by, a.rated_at_ms, a.facts_sealed,
  a.no_points_reason, a.once, a.request_key, a.fingerprint,
  (select json_build_object('method', e.method, 'quantity', e.quantity, 'grams', e.grams) from carbon_entry e where e.id = a.id) as saving`;

function activityOf(row: Row, sealer: Sealer): Activity {
  const { behaviour, evidence, facts_sealed: sealed } = row;
  return {
    id: row.id,
    programme: row.programme,
    merchant: row.merchant,
    member: row.member,
    kind: row.kind,
    activityNo: row.activity_no,
    occurredAt: row.occurred_at_ms,
    effectiveAt: row.effective_at_ms,
    store: row.store,
    channel: row.channel,
    attributes: row.attributes,
    evidence: behaviour === null || evidence === null ? null : { behaviour, number: evidence },
    certificate: row.certificate,
    saving: row.saving,
    referred: row.referred,
    verifiedBy: row.verified_by,
    ratedAt: row.rated_at_ms,
    facts: sealed === null ? null : openFacts(sealer, { kind: 'activity', id: row.id }, sealed),
    noPointsReason: row.no_points_reason,
    once: row.once,
    requestKey: row.request_key,
    fingerprint: row.fingerprint,
  };
}

export function sealedFacts({ id, facts }: Pick<Activity, 'id' | 'facts'>, sealer: Sealer) {
  return facts === null ? null : sealFacts(sealer, { kind: 'activity', id }, facts);
}

// One statement is one transaction: an activity, its awards and its place in the queue of the unsettled appear
// together or not at all. The certificates are locked against being revoked meanwhile: after a revocation
// nothing is recorded on them any more.
const INSERT = `
  with standing as materialized (
    select id from certificate where id = any ($13::uuid[]) and revoked_at_ms is null order by id for share
  ), incoming as (
    select * from unnest($1::uuid[], $2::int4[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::int8[], $8::int8[], $9::text[],
      $10::text[], $11::text[], $12::text[], $13::uuid[], $14::text[], $15::uuid[], $16::int8[], $17::bytea[], $18::text[], $19::text[],
      $20::text[], $21::bytea[]) with ordinality as t (id, programme, merchant, member, kind, activity_no, occurred_at_ms,
      effective_at_ms, store, channel, attributes, behaviour, certificate, evidence, referred, rated_at_ms, facts_sealed,
      no_points_reason, once, request_key, fingerprint, place)
    where certificate is null or certificate in (select id from standing)
  ), placed as (
    insert into activity (id, programme, merchant, member, kind, activity_no, occurred_at_ms, effective_at_ms, store, channel,
      attributes, behaviour, evidence, certificate, referred, rated_at_ms, facts_sealed, no_points_reason, once, request_key,
      fingerprint, recorded_at_ms)
    select id, programme, merchant, member, kind, activity_no, occurred_at_ms, effective_at_ms, store, channel, attributes::json,
      behaviour, evidence, certificate, referred, rated_at_ms, facts_sealed, no_points_reason, once, request_key, fingerprint, $22
    from incoming order by merchant, activity_no, place
    on conflict do nothing
    returning id, programme, member, merchant
  ), awarded as (
    insert into activity_award (activity, place, transaction, rule_version, point_type, points, available_at_ms, expires_at_ms,
      slide_months, funders, limits)
    select w.activity, w.place, w.transaction, w.rule_version, w.point_type, w.points, w.available_at_ms, w.expires_at_ms,
      w.slide_months, w.funders::json, w.limits::json
    from unnest($23::uuid[], $24::int2[], $25::uuid[], $26::uuid[], $27::int4[], $28::int8[], $29::int8[], $30::int8[], $31::int2[], $32::text[],
      $33::text[]) as w (activity, place, transaction, rule_version, point_type, points, available_at_ms, expires_at_ms, slide_months,
      funders, limits)
    join placed p on p.id = w.activity
    returning activity
  ), waiting as (
    insert into unsettled (id, kind, since_ms) select distinct activity, ${UNSETTLED.activity}, $22::int8 from awarded
  ), saved as (
    insert into carbon_entry (id, activity, programme, member, merchant, method, quantity, grams, evidence, at_ms, recorded_at_ms)
    select p.id, p.id, p.programme, p.member, p.merchant, s.method, s.quantity, s.grams, s.evidence, s.at_ms, $22
    from unnest($34::uuid[], $35::uuid[], $36::int8[], $37::int8[], $38::bytea[], $39::int8[])
      as s (activity, method, quantity, grams, evidence, at_ms)
    join placed p on p.id = s.activity
    order by s.evidence
    on conflict (evidence) do nothing
    returning id
  )
  select p.id, s.id is not null as saved from placed p left join saved s on s.id = p.id`;

const ATTEMPTS_MAX = 4;

/**
 * Records activities; answers the ids of those that were not taken, and on whose certificate may still be issued, and whether
 * what each saved was counted: evidence counts once.
 */
export async function insertActivities(
  sql: Sql,
  list: readonly Awarded[],
  sealer: Sealer,
  now: Instant,
): Promise<Map<Uuid, boolean>> {
  const all = list.map(({ activity }) => activity);
  const statement = {
    name: 'activities-insert',
    text: INSERT,
    values: [
      uuids(all, (each) => each.id),
      int4s(all, (each) => each.programme),
      uuids(all, (each) => each.merchant),
      uuids(all, (each) => each.member),
      texts(all, (each) => each.kind),
      texts(all, (each) => each.activityNo),
      int8s(all, (each) => each.occurredAt),
      int8s(all, (each) => each.effectiveAt),
      texts(all, (each) => each.store),
      texts(all, (each) => each.channel),
      texts(all, (each) => JSON.stringify(each.attributes)),
      texts(all, (each) => each.evidence?.behaviour ?? null),
      uuids(all, (each) => each.certificate),
      texts(all, (each) => each.evidence?.number ?? null),
      uuids(all, (each) => each.referred),
      int8s(all, (each) => each.ratedAt),
      byteas(all, (each) => sealedFacts(each, sealer)),
      texts(all, (each) => each.noPointsReason),
      texts(all, (each) => each.once),
      texts(all, (each) => each.requestKey),
      byteas(all, (each) => each.fingerprint),
      now,
      ...awardColumns(list),
      ...savingColumns(all),
    ],
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { rows } = await sql.query<{ id: Uuid; saved: boolean }>(statement);
      return new Map(rows.map(({ id, saved }) => [id, saved]));
    } catch (error) {
      if (attempt >= ATTEMPTS_MAX || databaseFailure(error) !== 'conflict') throw error;
    }
  }
}

/** Awards as the eleven columns of an insert. */
export function awardColumns(list: readonly Awarded[]): Buffer[] {
  const all = list.flatMap(({ activity, awards }) =>
    awards.map((award) => ({ ...award, activity: activity.id })),
  );
  return [
    uuids(all, (each) => each.activity),
    int2s(all, (each) => each.place),
    uuids(all, (each) => each.transaction),
    uuids(all, (each) => each.ruleVersion),
    int4s(all, (each) => each.pointType),
    int8s(all, (each) => each.points),
    int8s(all, (each) => each.availableAt),
    int8s(all, (each) => each.expiresAt),
    int2s(all, (each) => each.slideMonths),
    texts(all, (each) => (each.funders === null ? null : JSON.stringify(each.funders))),
    texts(all, (each) => JSON.stringify(each.limits)),
  ];
}

/** What activities save, as the six columns of an insert. */
function savingColumns(list: readonly Activity[]): Buffer[] {
  const all = list.flatMap(({ id, saving, evidence, occurredAt }) =>
    saving === null || evidence === null
      ? []
      : [{ id, ...saving, evidence: evidenceHash(evidence), occurredAt }],
  );
  return [
    uuids(all, (each) => each.id),
    uuids(all, (each) => each.method),
    int8s(all, (each) => each.quantity),
    int8s(all, (each) => each.grams),
    byteas(all, (each) => each.evidence),
    int8s(all, (each) => each.occurredAt),
  ];
}

/** Recorded activities that have one of these numbers at its merchant, one of these request keys, or are what can be once only. */
export async function findTaken(
  sql: Sql,
  asked: readonly Activity[],
  sealer: Sealer,
): Promise<Activity[]> {
  const { rows } = await sql.query<Row>({
    name: 'activities-taken',
    text: `with found as (
        select a.id from unnest($1::uuid[], $2::text[]) as w (merchant, activity_no)
          cross join lateral (select a.id from activity a where a.merchant = w.merchant and a.activity_no = w.activity_no offset 0) a
        union
        select a.id from unnest($3::text[]) as w (request_key)
          cross join lateral (select a.id from activity a where a.request_key = w.request_key offset 0) a
        union
        select a.id from unnest($4::text[]) as w (once)
          cross join lateral (select a.id from activity a where a.once = w.once offset 0) a
        union
        select a.id from unnest($5::int4[], $6::uuid[]) as w (programme, referred)
          cross join lateral (select a.id from activity a where a.programme = w.programme and a.referred = w.referred offset 0) a
      ) select ${COLUMNS} from found cross join lateral (select * from activity a where a.id = found.id offset 0) a`,
    values: [
      uuids(asked, (each) => each.merchant),
      texts(asked, (each) => each.activityNo),
      texts(asked, (each) => each.requestKey),
      texts(asked, (each) => each.once),
      int4s(asked, (each) => each.programme),
      uuids(asked, (each) => each.referred),
    ],
  });
  return rows.map((row) => activityOf(row, sealer));
}

export async function findActivity(
  sql: Sql,
  id: Uuid,
  sealer: Sealer,
): Promise<Awarded | undefined> {
  return (await readAwarded(sql, [id], sealer))[0];
}

/** Those of these activities that exist, with their awards. */
export async function readAwarded(
  sql: Sql,
  ids: readonly Uuid[],
  sealer: Sealer,
): Promise<Awarded[]> {
  return ids.length === 0 ? [] : withAwards(sql, await readActivities(sql, ids, sealer));
}

export async function readActivities(
  sql: Sql,
  ids: readonly Uuid[],
  sealer: Sealer,
): Promise<Activity[]> {
  const { rows } = await sql.query<Row>({
    name: 'activities-by-id',
    text: `select ${COLUMNS} from activity a where a.id = any ($1::uuid[]) order by a.id`,
    values: [uuids(ids)],
  });
  return rows.map((row) => activityOf(row, sealer));
}

/** A member's or merchant's activities (both: of that member there), or those that may be told to one merchant, by age. */
export async function listActivities(
  sql: Sql,
  {
    merchant,
    members,
  }: { readonly merchant: Uuid | null; readonly members: readonly Uuid[] | null },
  page: { readonly after: Uuid | null; readonly limit: number },
  sealer: Sealer,
): Promise<Awarded[]> {
  const { rows } = await sql.query<Row>(
    `select ${COLUMNS} from activity a where ($1::uuid is null or a.merchant = $1) and ($2::uuid[] is null or a.member = any ($2))
      and ($3::uuid is null or a.id > $3) order by a.id limit $4`,
    [merchant, members, page.after, page.limit],
  );
  return withAwards(
    sql,
    rows.map((row) => activityOf(row, sealer)),
  );
}

interface AwardRow {
  activity: Uuid;
  place: number;
  transaction: Uuid;
  rule_version: Uuid | null;
  point_type: number;
  points: number;
  available_at_ms: Instant | null;
  expires_at_ms: Instant | null;
  slide_months: number | null;
  funders: ActivityAward['funders'];
  limits: readonly Limit[];
}

/** These activities with their awards, in order. */
export async function withAwards(sql: Sql, activities: readonly Activity[]): Promise<Awarded[]> {
  if (activities.length === 0) return [];
  const { rows } = await sql.query<AwardRow>({
    name: 'activity-awards',
    text: `select w.activity, w.place, w.transaction, w.rule_version, w.point_type, w.points, w.available_at_ms, w.expires_at_ms,
        w.slide_months, w.funders, w.limits
      from activity_award w where w.activity = any ($1::uuid[]) order by w.activity, w.place`,
    values: [uuids(activities, ({ id }) => id)],
  });
  const awards = new Map<Uuid, ActivityAward[]>();
  for (const row of rows) {
    const own = awards.get(row.activity) ?? [];
    own.push({
      place: row.place,
      transaction: row.transaction,
      ruleVersion: row.rule_version,
      pointType: row.point_type,
      points: row.points,
      availableAt: row.available_at_ms,
      expiresAt: row.expires_at_ms,
      slideMonths: row.slide_months,
      funders: row.funders,
      limits: row.limits,
    });
    awards.set(row.activity, own);
  }
  return activities.map((activity) => ({ activity, awards: awards.get(activity.id) ?? [] }));
}

/** Of these things that can be once only, those that were. */
export async function findOnce(sql: Sql, keys: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql.query<{ once: string }>({
    name: 'activities-once',
    text: `select a.once from unnest($1::text[]) as w (once)
      cross join lateral (select a.once from activity a where a.once = w.once offset 0) a`,
    values: [texts(keys)],
  });
  return new Set(rows.map(({ once }) => once));
}

/** How many were referred by these members in a programme. */
export async function countReferrals(
  sql: Sql,
  members: readonly Uuid[],
  programme: number,
): Promise<number> {
  const { rows } = await sql.query<{ count: number }>({
    name: 'referrals-count',
    text: `select count(*)::int as count from activity
      where member = any ($1::uuid[]) and programme = $2 and referred is not null`,
    values: [uuids(members), programme],
  });
  return rows[0]?.count ?? 0;
}
