import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql, Transaction } from '../../platform/database.ts';

export const ALERT_KINDS = ['negative_margin', 'drain', 'reward_drain', 'quota_near'] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

/** That something holds which somebody should know. */
export interface Holding {
  readonly pointType: number;
  readonly kind: AlertKind;
  /** Who takes the points; the nil merchant: whoever goes by the standard terms. */
  readonly taker: Uuid;
  /** What they are taken for; the nil reward: it is about none. */
  readonly reward: Uuid;
  readonly facts: Readonly<Record<string, string | number>>;
}

export interface Alert extends Holding {
  readonly number: number;
  readonly programme: number;
  readonly firstSeen: Instant;
  readonly lastSeen: Instant;
  /** null: it holds still. */
  readonly resolvedAt: Instant | null;
  readonly acknowledged: {
    readonly at: Instant;
    readonly actor: string;
    readonly reason: string;
  } | null;
}

/**
 * Notes what holds at an instant: what is new is opened, what holds still is seen again, all else of the programme is over. Answers how
 * many began or ended.
 */
export async function noteAlerts(
  tx: Transaction,
  programme: number,
  holding: readonly Holding[],
  at: Instant,
): Promise<number> {
  const column = <K extends keyof Holding>(name: K) => holding.map((each) => each[name]);
  const places = [column('pointType'), column('kind'), column('taker'), column('reward')];
  const { rowCount: ended } = await tx.query(
    `update guard_alert g set resolved_at_ms = $2 where g.programme = $1 and g.resolved_at_ms is null and not exists (
      select from unnest($3::int4[], $4::text[], $5::uuid[], $6::uuid[]) as h (point_type, kind, taker, reward)
      where h.point_type = g.point_type and h.kind = g.kind and h.taker = g.taker and h.reward = g.reward)`,
    [programme, at, ...places],
  );
  const { rows } = await tx.query<{ isNew: boolean }>(
    `insert into guard_alert as g (programme, point_type, kind, taker, reward, facts, first_seen_ms, last_seen_ms)
      select $1, h.point_type, h.kind, h.taker, h.reward, h.facts::jsonb, $2, $2
      from unnest($3::int4[], $4::text[], $5::uuid[], $6::uuid[], $7::text[]) as h (point_type, kind, taker, reward, facts)
      order by h.point_type, h.kind, h.taker, h.reward
      on conflict (programme, point_type, kind, taker, reward) where resolved_at_ms is null
        do update set facts = excluded.facts, last_seen_ms = excluded.last_seen_ms
      returning (xmax = 0) as "isNew"`,
    [programme, at, ...places, holding.map(({ facts }) => JSON.stringify(facts))],
  );
  return (ended ?? 0) + rows.filter(({ isNew }) => isNew).length;
}

const ALERT = `select number, programme, point_type as "pointType", kind, taker, reward, facts, first_seen_ms as "firstSeen",
  last_seen_ms as "lastSeen", resolved_at_ms as "resolvedAt",
  case when reason is not null then jsonb_build_object('at', acknowledged_at_ms, 'actor', actor, 'reason', reason) end as acknowledged
  from guard_alert`;

/** Alerts by number, after the number `after`. */
export async function listAlerts(
  sql: Sql,
  filter: { readonly programme: number; readonly isOpen: boolean | null },
  after: number,
  limit: number,
): Promise<Alert[]> {
  const { rows } = await sql.query<Alert>(
    `${ALERT} where programme = $1 and ($2::bool is null or (resolved_at_ms is null) = $2) and number > $3
      order by number limit $4`,
    [filter.programme, filter.isOpen, after, limit],
  );
  return rows;
}

export async function findAlert(sql: Sql, number: number): Promise<Alert | undefined> {
  const { rows } = await sql.query<Alert>(`${ALERT} where number = $1`, [number]);
  return rows[0];
}

/** False when it was acknowledged before. */
export async function acknowledgeAlert(
  tx: Transaction,
  number: number,
  by: {
    readonly at: Instant;
    readonly key: Uuid;
    readonly actor: string;
    readonly reason: string;
  },
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update guard_alert set acknowledged_at_ms = $2, acknowledged_by = $3, actor = $4, reason = $5
      where number = $1 and reason is null`,
    [number, by.at, by.key, by.actor, by.reason],
  );
  return rowCount === 1;
}

/** How many alerts hold that nobody has acknowledged, by kind. */
export async function countAlerts(sql: Sql): Promise<ReadonlyMap<AlertKind, number>> {
  const { rows } = await sql.query<{ kind: AlertKind; count: number }>(
    `select kind, count(*)::int4 as count from guard_alert where resolved_at_ms is null and reason is null group by kind`,
  );
  return new Map(rows.map(({ kind, count }) => [kind, count]));
}
