import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import type { RewardTaken } from './reward-drain.ts';

/** Alerts about rewards that lose something, of a programme: who has more of them looks at the list, which has all. */
const LOSING_MAX = 200;
const HOUR_MS = 60 * 60_000;

/** A reward at a taker, as it is shown. */
export interface GuardedReward {
  readonly pointType: number;
  /** The nil reward: points taken for none. */
  readonly reward: Uuid;
  readonly code: string | null;
  readonly taker: Uuid;
  readonly points: number;
  readonly allPoints: number;
  /** Micro-fen of these points. */
  readonly owed: bigint;
  readonly due: bigint;
  readonly fee: bigint;
  readonly margin: bigint;
}
/** Where a page ended; the margin as text, which no number holds. */
export type RewardPlace = readonly [margin: string, pointType: number, reward: Uuid, taker: Uuid];

/**
 * Adds up the last 30 days and those before, when that was an hour ago, or on another day. Whoever does it at the same time
 * waits, and then has nothing to do.
 */
export async function refreshRewards(
  tx: Transaction,
  programme: number,
  at: Instant,
  today: string,
): Promise<void> {
  await tx.query('insert into guard_refresh values ($1, $2) on conflict do nothing', [
    programme,
    at - HOUR_MS,
  ]);
  const { rowCount } = await tx.query(
    'update guard_refresh set at_ms = $2 where programme = $1 and abs($2 - at_ms) >= $3',
    [programme, at, HOUR_MS],
  );
  if (rowCount !== 1) return;
  await tx.query('delete from guard_reward where programme = $1', [programme]);
  await tx.query(
    `insert into guard_reward (programme, point_type, reward, taker, points, before, owed, due, fee, all_points, taker_points,
        taker_before, taker_margin)
      select * from (
        select $1::int4, point_type, reward, taker, points, before, owed, due, fee,
          sum(greatest(points, 0)) over (partition by point_type) as all_points,
          sum(greatest(points, 0)) over taken, sum(greatest(before, 0)) over taken, sum(owed - due + fee) over taken
        from (
          select point_type, reward, taker,
            coalesce(sum(points) filter (where day > $2::date - 30), 0) as points,
            coalesce(sum(points) filter (where day <= $2::date - 30), 0) as before,
            coalesce(sum(owed) filter (where day > $2::date - 30), 0) as owed,
            coalesce(sum(due) filter (where day > $2::date - 30), 0) as due,
            coalesce(sum(fee) filter (where day > $2::date - 30), 0) as fee
          from guard_reward_day where programme = $1 and day > $2::date - 60 and day <= $2::date
          group by point_type, reward, taker) d
        window taken as (partition by point_type, taker)) s
      where points <> 0 or owed <> 0 or due <> 0 or fee <> 0`,
    [programme, today],
  );
}

/** When it was added up; null: never yet. */
export async function readRefreshed(sql: Sql, programme: number): Promise<Instant | null> {
  const { rows } = await sql.query<{ at: Instant }>(
    'select at_ms as at from guard_refresh where programme = $1',
    [programme],
  );
  return rows[0]?.at ?? null;
}

/** Rewards at takers, whichever loses most first. */
export async function readRewards(
  sql: Sql,
  programme: number,
  after: RewardPlace | null,
  limit: number,
): Promise<GuardedReward[]> {
  const { rows } = await sql.query<
    Omit<GuardedReward, 'owed' | 'due' | 'fee' | 'margin'> &
      Record<'owed' | 'due' | 'fee' | 'margin', string>
  >(
    `select g.point_type as "pointType", g.reward, r.code, g.taker, g.points, g.all_points as "allPoints",
        g.owed::text, g.due::text, g.fee::text, g.margin::text
      from guard_reward g left join reward r on r.id = g.reward
      where g.programme = $1
        and ($2::numeric is null or (g.margin, g.point_type, g.reward, g.taker) > ($2::numeric, $3::int4, $4::uuid, $5::uuid))
      order by g.margin, g.point_type, g.reward, g.taker limit $6`,
    [
      ...[programme, after?.[0] ?? null, after?.[1] ?? null, after?.[2] ?? null],
      ...[after?.[3] ?? null, limit],
    ],
  );
  return rows.map(({ owed, due, fee, margin, ...rest }) => ({
    ...rest,
    ...{ owed: BigInt(owed), due: BigInt(due), fee: BigInt(fee), margin: BigInt(margin) },
  }));
}

/**
 * Rewards that may drain: the {@link LOSING_MAX} that lose most, and those with more than a third of the points of one of these takers,
 * of which a taker has two at most.
 */
export async function readSuspects(
  sql: Sql,
  programme: number,
  dearest: readonly { readonly pointType: number; readonly taker: Uuid }[],
): Promise<(RewardTaken & { readonly pointType: number })[]> {
  const { rows } = await sql.query<
    Omit<RewardTaken, 'margin' | 'takerMargin'> &
      Record<'margin' | 'takerMargin', string> & { readonly pointType: number }
  >(
    `with losing as (
        select * from guard_reward where programme = $1 and margin < 0 and points > 0 and reward <> $4 order by margin limit ${LOSING_MAX}
      ), rising as (
        select g.* from guard_reward g join unnest($2::int4[], $3::uuid[]) as d (point_type, taker) using (point_type, taker)
        where g.programme = $1 and g.points::numeric * 3 > g.taker_points and g.reward <> $4
      )
      select point_type as "pointType", reward, taker, points, before, margin::text, taker_points as "takerPoints",
        taker_before as "takerBefore", taker_margin::text as "takerMargin"
      from (select * from losing union select * from rising) s order by point_type, reward, taker`,
    [programme, dearest.map((each) => each.pointType), dearest.map((each) => each.taker), PLATFORM],
  );
  return rows.map(({ margin, takerMargin, ...rest }) => ({
    ...rest,
    ...{ margin: BigInt(margin), takerMargin: BigInt(takerMargin) },
  }));
}
