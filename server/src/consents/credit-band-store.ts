import type { Uuid } from '../kernel/id.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import { tell } from '../platform/news.ts';
import type { CreditBand } from './credit-band.ts';

export async function writeCreditBand(
  tx: Transaction,
  member: Uuid,
  { band, from, until, source, setAt, setBy }: CreditBand,
): Promise<void> {
  await tx.query(
    `insert into credit_band (member, band, from_ms, until_ms, source, set_at_ms, set_by)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (member) do update set band = $2, from_ms = $3, until_ms = $4, source = $5, set_at_ms = $6, set_by = $7`,
    [member, band, from, until, source, setAt, setBy],
  );
  await tell(tx, 'consent', member);
}

export async function readCreditBand(sql: Sql, member: Uuid): Promise<CreditBand | undefined> {
  const { rows } = await sql.query<CreditBand>(
    `select band, from_ms as "from", until_ms as "until", source, set_at_ms as "setAt", set_by as "setBy"
     from credit_band where member = $1`,
    [member],
  );
  return rows[0];
}

/** True when there was one. */
export async function deleteCreditBand(tx: Transaction, member: Uuid): Promise<boolean> {
  const { rowCount } = await tx.query('delete from credit_band where member = $1', [member]);
  if (rowCount === 1) await tell(tx, 'consent', member);
  return rowCount === 1;
}
