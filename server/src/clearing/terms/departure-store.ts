import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import type { Withdrawal } from './store.ts';

/** That a merchant leaves. */
export interface Departure {
  readonly merchant: Uuid;
  /** Among those of its merchant, from 1. */
  readonly number: number;
  readonly programme: number;
  /** It neither issues nor takes points from then on, by the programme's clock. */
  readonly at: Instant;
  readonly reason: string;
  readonly announcedAt: Instant;
  readonly actor: string;
}

// One that was withdrawn never was, but for the register; one that ended, because the merchant returned, is over.
const STANDING = `select d.merchant, d.number, d.programme, d.at_ms as at, d.reason, d.announced_at_ms as "announcedAt", d.actor
  from departure d where not exists (
    select from departure_withdrawal w where (w.merchant, w.number) = (d.merchant, d.number))`;

/** Departures that stand, of these merchants or (null) of all of a programme. */
export async function readDepartures(
  sql: Sql,
  programme: number,
  merchants: readonly Uuid[] | null,
): Promise<Departure[]> {
  const { rows } = await sql.query<Departure>(
    `${STANDING} and d.programme = $1 and ($2::uuid[] is null or d.merchant = any ($2)) order by d.merchant`,
    [programme, merchants],
  );
  return rows;
}

/** Departures that stand, by merchant, after the merchant `after`. */
export async function listDepartures(
  sql: Sql,
  filter: { readonly programme: number; readonly merchant: Uuid | null },
  after: Uuid | null,
  limit: number,
): Promise<Departure[]> {
  const { rows } = await sql.query<Departure>(
    `${STANDING} and d.programme = $1 and ($2::uuid is null or d.merchant = $2) and ($3::uuid is null or d.merchant > $3)
      order by d.merchant limit $4`,
    [filter.programme, filter.merchant, after, limit],
  );
  return rows;
}

export async function insertDeparture(
  tx: Transaction,
  made: Omit<Departure, 'number'>,
  by: Uuid,
): Promise<number> {
  const { rows } = await tx.query<{ number: number }>(
    `insert into departure (merchant, number, programme, at_ms, reason, announced_at_ms, announced_by, actor)
      select $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7 from departure where merchant = $1 returning number`,
    [made.merchant, made.programme, made.at, made.reason, made.announcedAt, by, made.actor],
  );
  return rows[0]?.number ?? 0;
}

/** That a departure stands no more: withdrawn before it began, or ended after it had. */
export async function insertDepartureWithdrawal(
  tx: Transaction,
  { merchant, number }: Pick<Departure, 'merchant' | 'number'>,
  { at, by, actor, reason }: Withdrawal,
): Promise<void> {
  await tx.query(
    `insert into departure_withdrawal (merchant, number, withdrawn_at_ms, withdrawn_by, actor, reason)
      values ($1, $2, $3, $4, $5, $6)`,
    [merchant, number, at, by, actor, reason],
  );
}

/** What of a merchant's points is still out there. */
export interface OutstandingPoints {
  readonly pointType: number;
  /** In lots that it issued, whoever funds them. */
  readonly points: number;
  /** What they will cost their funders if all of them are used, in micro-fen; exact, so text. */
  readonly costMicroFen: string;
}

/**
 * The points of lots a merchant issued that members still have, by point type. Lots have no index by issuer, which every issue would
 * pay for; who leaves is asked about now and then, and a scan of the lots answers it.
 */
export async function readOutstanding(
  sql: Sql,
  programme: number,
  merchant: Uuid,
): Promise<OutstandingPoints[]> {
  const { rows } = await sql.query<OutstandingPoints>(
    `select point_type as "pointType", sum(remaining)::int8 as points,
        sum(remaining::numeric * coalesce(unit_cost, 0))::text as "costMicroFen"
      from ledger.lot where open and programme = $1 and issuer = $2 group by point_type order by point_type`,
    [programme, merchant],
  );
  return rows;
}
