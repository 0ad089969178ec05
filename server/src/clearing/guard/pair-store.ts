import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import type { Taker } from './drain.ts';

/** Who takes points and who pays for them, by the price list of an instant. */
export interface GuardedPair {
  readonly pointType: number;
  /** The nil merchant: whoever goes by the standard terms. */
  readonly payer: Uuid;
  readonly taker: Uuid;
  /** Micro-fen per point: issue price − reimbursement + fee. */
  readonly margin: number;
  /** Points of the payer that the taker took so far, less what came back. */
  readonly points: number;
  readonly lastAt: Instant | null;
}
export type PairPlace = readonly [pointType: number, payer: Uuid, taker: Uuid];

const NIL = `'00000000-0000-0000-0000-000000000000'::uuid`;
/** The rows in force at $2 in the programme $1, of the standard terms and of who has rows of its own. */
const PRICES = `prices as materialized (
    select distinct on (point_type, merchant) point_type, merchant, issue_price, reimbursement, fee
    from ledger.price where programme = $1 and from_ms <= $2 order by point_type, merchant, from_ms desc)`;

export interface PairFilter {
  readonly programme: number;
  readonly at: Instant;
  /** Pairs that did something since then are told. */
  readonly since: Instant;
  /** Every pair of terms, not only those with a margin below nothing. */
  readonly all: boolean;
}

/**
 * Pairs that did something of late, and pairs of terms with a margin below nothing, by point type, payer and taker. Merchants that
 * go by the standard terms are told as one where they did nothing: the own terms of five hundred merchants make a quarter of a million
 * pairs to compare, which takes some tenths of a second.
 */
export async function readPairs(
  sql: Sql,
  { programme, at, since, all }: PairFilter,
  after: PairPlace | null,
  limit: number,
): Promise<GuardedPair[]> {
  const { rows } = await sql.query<GuardedPair>(
    `with ${PRICES}, pairs as (
        select a.point_type, a.merchant as payer, b.merchant as taker from prices a join prices b using (point_type)
          where (a.merchant <> b.merchant or a.merchant = ${NIL}) and ($4 or a.issue_price - b.reimbursement + b.fee < 0)
        union
        select point_type, payer, taker from guard_pair
          where programme = $1 and last_at_ms >= $3 and points <> 0 and payer <> taker)
      select k.point_type as "pointType", k.payer, k.taker,
        coalesce(a.issue_price, s.issue_price) - coalesce(b.reimbursement, s.reimbursement) + coalesce(b.fee, s.fee) as margin,
        coalesce(g.points, 0) as points, g.last_at_ms as "lastAt"
      from pairs k
        join prices s on s.point_type = k.point_type and s.merchant = ${NIL}
        left join prices a on a.point_type = k.point_type and a.merchant = k.payer
        left join prices b on b.point_type = k.point_type and b.merchant = k.taker
        left join guard_pair g on g.programme = $1 and g.point_type = k.point_type and g.payer = k.payer and g.taker = k.taker
      where $5::int4 is null or (k.point_type, k.payer, k.taker) > ($5, $6, $7)
      order by k.point_type, k.payer, k.taker limit $8`,
    [
      ...[programme, at, since, all],
      ...[after?.[0] ?? null, after?.[1] ?? null, after?.[2] ?? null, limit],
    ],
  );
  return rows;
}

/** Of each point type and taker with terms of its own (or the standard ones), the worst margin below nothing. */
export async function readLosses(
  sql: Sql,
  programme: number,
  at: Instant,
): Promise<Omit<GuardedPair, 'points' | 'lastAt'>[]> {
  const { rows } = await sql.query<Omit<GuardedPair, 'points' | 'lastAt'>>(
    `with ${PRICES}
      select distinct on (b.point_type, b.merchant) b.point_type as "pointType", b.merchant as taker, a.merchant as payer,
        a.issue_price - b.reimbursement + b.fee as margin
      from prices a join prices b using (point_type)
      where (a.merchant <> b.merchant or a.merchant = ${NIL}) and a.issue_price - b.reimbursement + b.fee < 0
      order by b.point_type, b.merchant, margin, a.merchant`,
    [programme, at],
  );
  return rows;
}

/** Who took points in the sixty days to `today` (the programme's, at `at`), by point type, the dearest first. */
export async function readTakers(
  sql: Sql,
  programme: number,
  at: Instant,
  today: string,
): Promise<(Taker & { readonly pointType: number })[]> {
  const { rows } = await sql.query<Taker & { pointType: number }>(
    `with ${PRICES}
      select d.point_type as "pointType", d.taker,
        coalesce(b.reimbursement, s.reimbursement) - coalesce(b.fee, s.fee) as "costMicroFen",
        coalesce(sum(d.points) filter (where d.day > $3::date - 30), 0)::int8 as recent,
        coalesce(sum(d.points) filter (where d.day <= $3::date - 30), 0)::int8 as before
      from guard_day d
        join prices s on s.point_type = d.point_type and s.merchant = ${NIL}
        left join prices b on b.point_type = d.point_type and b.merchant = d.taker
      where d.programme = $1 and d.day > $3::date - 60 and d.day <= $3::date
      group by d.point_type, d.taker, 3 order by d.point_type, 3 desc, d.taker`,
    [programme, at, today],
  );
  return rows;
}

/** A quota that is nearly taken. */
export interface NearQuota {
  readonly pointType: number;
  readonly taker: Uuid;
  readonly most: number;
  readonly taken: number;
}

/** Quotas that count at an instant and of which at least so many per cent are taken. */
export async function readNearQuotas(
  sql: Sql,
  programme: number,
  at: Instant,
  percent: number,
): Promise<NearQuota[]> {
  const { rows } = await sql.query<NearQuota>(
    `select q.point_type as "pointType", q.merchant as taker, q.most, s.taken
      from ledger.price p
        join acceptance_quota q on q.budget = p.quota
        join lateral (select sum(a.spent)::int8 as taken from ledger.allotment a where a.budget = q.budget) s on true
      where p.programme = $1 and p.quota is not null and s.taken::numeric * 100 >= q.most::numeric * $3
        and p.from_ms = (select max(l.from_ms) from ledger.price l
          where l.programme = p.programme and l.point_type = p.point_type and l.merchant = p.merchant and l.from_ms <= $2)`,
    [programme, at, percent],
  );
  return rows;
}

/** Days that count for nothing any more. */
export async function forgetDays(tx: Transaction, programme: number, today: string): Promise<void> {
  for (const table of ['guard_day', 'guard_reward_day'])
    await tx.query(`delete from ${table} where programme = $1 and day <= $2::date - 60`, [
      programme,
      today,
    ]);
}
