import type { Pool } from 'pg';
import type { Uuid } from '../../kernel/id.ts';

/** A recorded transaction, as the database tells it. */
export interface Recorded {
  readonly shard: number;
  readonly block: number;
  readonly position: number;
  readonly blockHash: string;
  readonly recordedAt: number;
  readonly id: Uuid;
  readonly key: string;
  readonly kind: number;
  readonly points: number;
  readonly effectiveAt: number;
  readonly refusal: string | null;
  readonly balanceAfter: number;
  /** Who owes whom for it: kind, point type, payer, taker, points, owed, due, fee; sorted. */
  readonly accruals: readonly string[];
}

/** A lot by the transaction that made it; all but the first of a transaction are numbered. */
const LOT_NAME = `(l.transaction || coalesce('.' || nullif((select count(*) from ledger.lot o
  where o.shard = l.shard and o.transaction = l.transaction and o.seq < l.seq), 0), ''))`;

/** What the ledger holds of one run in the end, in the words of the model: text lines, sorted. */
export type State = Readonly<
  Record<'lots' | 'accounts' | 'holds' | 'debts' | 'limits' | 'counters', readonly string[]>
>;

/** The serial order the ledger says it executed: per shard, by block and position. */
export async function readRecorded(pool: Pool, members: readonly Uuid[]): Promise<Recorded[]> {
  const { rows } = await pool.query(
    `select t.shard, t.block::float8 as block, t.position, encode(b.hash, 'hex') as "blockHash",
            b.recorded_at_ms::float8 as "recordedAt", t.id, t.key, t.kind, t.points::float8 as points,
            t.effective_at_ms::float8 as "effectiveAt", t.refusal, t.balance_after::float8 as "balanceAfter",
            array(select concat_ws(' ', a.kind, a.point_type, a.payer, a.taker, sum(a.points), sum(a.owed), sum(a.due), sum(a.fee))
                collate "C" as line from ledger.accrual a
              where a.shard = t.shard and a.seq >= t.entry_first and a.seq < t.entry_first + t.entries
              group by a.kind, a.point_type, a.payer, a.taker
              having sum(a.points) <> 0 or sum(a.owed) <> 0 or sum(a.due) <> 0 or sum(a.fee) <> 0 order by line) as accruals
       from ledger.transaction t join ledger.block b on b.shard = t.shard and b.number = t.block
      where t.member = any($1) order by t.shard, t.block, t.position`,
    [members],
  );
  return rows;
}

/** Everything a run left behind, one line per thing; the model writes the same lines about itself. */
export async function readState(
  pool: Pool,
  members: readonly Uuid[],
  pointTypes: readonly number[],
): Promise<State> {
  const lines = async (sql: string, by: readonly unknown[]): Promise<string[]> => {
    const { rows } = await pool.query<{ line: string }>(`select concat_ws(' ', ${sql}`, [by]);
    return rows.map((row) => row.line).sort();
  };
  return {
    lots: await lines(
      `member, point_type, ${LOT_NAME}, 'of', issuer, 'issued', issued, 'amount', amount, 'remaining', remaining, 'held', held,
       'expired', expired, 'recovered', expired_recovered, 'returned', returned, 'until', coalesce(expires_at_ms::text, 'ever'),
       case when not open then 'closed' when pending then 'pending' else 'matured' end) as line from ledger.lot l where member = any($1)`,
      members,
    ),
    accounts: await lines(
      `member, point_type, 'free', free, 'held', held, 'debt', debt, 'earned', earned, 'redeemed', redeemed,
       'expired', expired, 'last', last_effective_at_ms) as line
         from ledger.member_account where member = any($1)`,
      members,
    ),
    holds: await lines(
      `h.member, h.point_type, h.id, 'until', h.expires_at_ms, 'left', h.remaining,
       (select string_agg(${LOT_NAME} || ':' || p.points, ',' order by p.place)
          from unnest(h.lots, h.points) with ordinality as p (lot, points, place)
          join ledger.lot l on l.shard = h.shard and l.id = p.lot where h.open and p.points > 0)) as line
         from ledger.hold h where member = any($1)`,
      members,
    ),
    debts: await lines(
      `d.member, d.point_type, 'for', coalesce(${LOT_NAME}, d.lot::text), 'left', d.remaining) as line
         from ledger.debt d left join ledger.lot l on l.shard = d.shard and l.id = d.lot
        where d.member = any($1) and d.remaining > 0`,
      members,
    ),
    limits: await lines(
      `member, name, value) as line from ledger.counter where member = any($1) and value > 0`,
      members,
    ),
    counters: await lines(
      `case role when 4 then 'issuer:' || owner when 5 then 'acquirer:' || owner when 6 then 'breakage' when 8 then 'in_transit' when 9 then 'conversion'
         else 'adjustment:' || owner end || '/' || point_type, sum(balance)) as line
         from ledger.counter_account where point_type = any($1) group by role, owner, point_type having sum(balance) <> 0`,
      pointTypes,
    ),
  };
}
