import type { Instant } from '../kernel/clock.ts';
import type { Touched } from '../kernel/counting.ts';
import type { Uuid } from '../kernel/id.ts';
import { readTransactions } from '../ledger/read.ts';
import { uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';

/** What an activity earned, for whoever counts what members do. */
export interface ActivityDeed extends Touched {
  /** The moment whose rules it was rated by: of a referral, that of the purchase. */
  readonly at: Instant;
  readonly spendFen: number;
  /** Granted and not taken back, by the number of the point type. */
  readonly points: ReadonlyMap<number, number>;
}

interface Row extends Touched {
  readonly at: Instant;
  readonly awards: readonly { readonly transaction: Uuid; readonly pointType: number }[];
}

/**
 * Activities that were rated, with what the ledger has granted. Of what was noted to be forged everything goes back,
 * whether or not the ledger has it yet.
 */
export async function readActivityDeeds(sql: Sql, ids: readonly Uuid[]): Promise<ActivityDeed[]> {
  const { rows } = await sql.query<Row>({
    name: 'activities-deeds',
    text: `select a.id as deed, a.member, a.merchant, a.programme, a.rated_at_ms as at, coalesce((
          select json_agg(json_build_object('transaction', w.transaction, 'pointType', w.point_type) order by w.place)
          from activity_award w
          where w.activity = a.id and not exists (select from activity_forgery f where f.activity = a.id)
        ), '[]') as awards
      from activity a where a.id = any ($1::uuid[]) and a.rated_at_ms is not null`,
    values: [uuids(ids)],
  });
  const recorded = await readTransactions(
    sql,
    rows.flatMap(({ awards }) => awards.map(({ transaction }) => transaction)),
  );
  return rows.map(({ awards, ...deed }) => {
    const points = new Map<number, number>();
    for (const { transaction: id, pointType } of awards) {
      const found = recorded.get(id)?.transaction;
      const granted = found === undefined || found.refusal !== null ? 0 : found.points;
      points.set(pointType, (points.get(pointType) ?? 0) + granted);
    }
    return { ...deed, spendFen: 0, points };
  });
}

/** Those among the next `limit` activities by id that belong to a programme, and where those end; null: there are no more. */
export async function walkActivities(
  sql: Sql,
  programme: number,
  after: Uuid,
  limit: number,
): Promise<{ readonly deeds: Touched[]; readonly last: Uuid | null }> {
  const { rows } = await sql.query<Touched>({
    name: 'activities-walk',
    text: 'select id as deed, member, merchant, programme from activity where id > $1 order by id limit $2',
    values: [after, limit],
  });
  const last = rows.length < limit ? null : (rows.at(-1)?.deed ?? null);
  return { deeds: rows.filter((row) => row.programme === programme), last };
}
