import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import { UNSETTLED } from '../platform/unsettled.ts';
import type { Activity, Awarded } from './activity.ts';
import { awardColumns, readActivities, sealedFacts } from './store.ts';

/** Referrals that wait for the first purchase, by age, after the referral `after`. */
export async function readWaitingReferrals(
  sql: Sql,
  after: Uuid | null,
  limit: number,
  sealer: Sealer,
): Promise<Activity[]> {
  const { rows } = await sql.query<{ id: Uuid }>({
    name: 'referrals-waiting',
    text: `select id from activity where rated_at_ms is null and ($1::uuid is null or id > $1) order by id limit $2`,
    values: [after, limit],
  });
  const ids = rows.map(({ id }) => id);
  return ids.length === 0 ? [] : readActivities(sql, ids, sealer);
}

/**
 * Writes down how a referral ended: once, by whoever comes first. What it is worth and its place in the queue of the
 * unsettled appear with it. False when it had ended before.
 */
export async function endReferral(
  sql: Sql,
  ended: Awarded,
  sealer: Sealer,
  now: Instant,
): Promise<boolean> {
  const { activity } = ended;
  const { rowCount } = await sql.query({
    name: 'referral-end',
    text: `with ended as (
        update activity set rated_at_ms = $2, facts_sealed = $3, no_points_reason = $4, verified_by = $5
        where id = $1 and rated_at_ms is null returning id
      ), awarded as (
        insert into activity_award (activity, place, transaction, rule_version, point_type, points, available_at_ms,
          expires_at_ms, slide_months, funders, limits)
        select w.activity, w.place, w.transaction, w.rule_version, w.point_type, w.points, w.available_at_ms, w.expires_at_ms,
          w.slide_months, w.funders::json, w.limits::json
        from unnest($7::uuid[], $8::int2[], $9::uuid[], $10::uuid[], $11::int4[], $12::int8[], $13::int8[], $14::int8[], $15::int2[],
          $16::text[], $17::text[]) as w (activity, place, transaction, rule_version, point_type, points, available_at_ms, expires_at_ms,
          slide_months, funders, limits)
        join ended e on e.id = w.activity
        returning activity
      ), waiting as (
        insert into unsettled (id, kind, since_ms) select distinct activity, ${UNSETTLED.activity}, $6::int8 from awarded
      ) select id from ended`,
    values: [
      activity.id,
      activity.ratedAt,
      sealedFacts(activity, sealer),
      activity.noPointsReason,
      activity.verifiedBy,
      now,
      ...awardColumns([ended]),
    ],
  });
  return rowCount === 1;
}
