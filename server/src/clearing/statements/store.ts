import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { uuids } from '../../platform/columns.ts';
import type { Sql } from '../../platform/database.ts';
import type { Line } from '../periods/period.ts';

/** A correction that fell into a period. */
export interface Adjustment {
  readonly id: Uuid;
  readonly payer: Uuid;
  readonly payee: Uuid;
  readonly fen: number;
  readonly reason: string;
  /** What it settles. */
  readonly dispute: Uuid | null;
  readonly madeAt: Instant;
}

/** Those of a merchant that fell into a period (null: all), in their order. */
export async function readAdjustments(
  sql: Sql,
  period: Uuid,
  merchant: Uuid | null,
): Promise<Adjustment[]> {
  const { rows } = await sql.query<Adjustment>(
    `select a.id, a.payer, a.payee, a.fen, a.reason, a.dispute, a.made_at_ms as "madeAt"
      from clearing_adjusted d join clearing_adjustment a on a.id = d.adjustment
      where d.period = $1 and ($2::uuid is null or $2 in (a.payer, a.payee)) order by a.id`,
    [period, merchant],
  );
  return rows;
}

/** What merchants are called; a merchant keeps its name. */
export async function readNames(
  sql: Sql,
  merchants: Iterable<Uuid>,
): Promise<ReadonlyMap<Uuid, string>> {
  const { rows } = await sql.query<{ id: Uuid; name: string }>(
    'select id, name from merchant where id = any ($1)',
    [uuids([...new Set(merchants)])],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** What a line's transaction says beside it. */
export interface Particulars {
  readonly member: Uuid;
  /** What was paid per point to who took them, in micro-fen; null where no price was noted: of a debt repaid. */
  readonly reimbursement: number | null;
}

/** The particulars of lines, in their order. */
export async function readParticulars(sql: Sql, lines: readonly Line[]): Promise<Particulars[]> {
  const { rows } = await sql.query<{ id: Uuid; member: Uuid; price: string | null }>(
    `select t.id, t.member, coalesce(
        (select m from unnest(t.marks) m where m like 'price %'), (select m from unnest(s.marks) m where m like 'price %')) as price
      from unnest($1::uuid[], $2::smallint[]) as w (id, shard)
      join ledger.transaction t on t.id = w.id and t.shard = w.shard
      left join ledger.transaction s on s.id = t.subject and s.shard = t.shard`,
    [uuids(lines, ({ transaction }) => transaction), lines.map(({ shard }) => shard)],
  );
  const known = new Map(rows.map((row) => [row.id, row]));
  return lines.map(({ transaction }) => {
    const found = known.get(transaction);
    if (found === undefined) throw new Error(`transaction ${transaction} of a line is not there`);
    const price = found.price?.split(' ')[1];
    return { member: found.member, reimbursement: price === undefined ? null : Number(price) };
  });
}
