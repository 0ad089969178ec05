import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { uuids } from '../../platform/columns.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import { UNSETTLED } from '../../platform/unsettled.ts';

/** Goods of a bill that came back, or the bill as a whole that was not paid after all. */
export interface BillReturn {
  readonly id: Uuid;
  readonly redemption: Uuid;
  /** The merchant's own number; null: the bill was not paid. */
  readonly returnNo: string | null;
  readonly returnedFen: number;
  /** Given back of the redemption, */
  readonly units: number;
  /** and by the till in money. */
  readonly cashFen: number;
  readonly reason: string;
  readonly actor: string;
  /** By the programme's clock. */
  readonly at: Instant;
  /** An API key. */
  readonly by: Uuid;
  readonly requestKey: string;
}

const COLUMNS = `b.id, b.redemption, b.return_no as "returnNo", b.returned_fen as "returnedFen", b.units, b.cash_fen as "cashFen",
  b.reason, b.actor, b.at_ms as at, b.made_by as by, b.request_key as "requestKey"`;

/** Those of these redemptions, the oldest first. */
export async function readBillReturns(
  sql: Sql,
  redemptions: readonly Uuid[],
): Promise<BillReturn[]> {
  const { rows } = await sql.query<BillReturn>({
    name: 'bill-returns-of',
    text: `select ${COLUMNS} from bill_return b where b.redemption = any ($1::uuid[]) order by b.at_ms, b.id`,
    values: [uuids(redemptions)],
  });
  return rows;
}

export async function readBillReturnsById(sql: Sql, ids: readonly Uuid[]): Promise<BillReturn[]> {
  const { rows } = await sql.query<BillReturn>(
    `select ${COLUMNS} from bill_return b where b.id = any ($1::uuid[]) order by b.id`,
    [uuids(ids)],
  );
  return rows;
}

export async function findBillReturnByKey(
  sql: Sql,
  requestKey: string,
): Promise<BillReturn | undefined> {
  const { rows } = await sql.query<BillReturn>(
    `select ${COLUMNS} from bill_return b where b.request_key = $1`,
    [requestKey],
  );
  return rows[0];
}

/** False when its key was taken meanwhile. With points to give back it waits for that. */
export async function insertBillReturn(
  tx: Transaction,
  each: BillReturn,
  recordedAt: number,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into bill_return (id, redemption, return_no, returned_fen, units, cash_fen, reason, actor, at_ms, made_by, request_key)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (request_key) do nothing`,
    [
      ...[each.id, each.redemption, each.returnNo, each.returnedFen, each.units, each.cashFen],
      ...[each.reason, each.actor, each.at, each.by, each.requestKey],
    ],
  );
  // What is undone as a whole, the redemption itself waits for.
  if (rowCount === 1 && each.units > 0 && each.returnNo !== null)
    await tx.query('insert into unsettled (id, kind, since_ms) values ($1, $2, $3)', [
      ...[each.id, UNSETTLED.billReturn, recordedAt],
    ]);
  return rowCount === 1;
}

/** Which of these still wait for their points. */
export async function waitingOf(sql: Sql, ids: readonly Uuid[]): Promise<ReadonlySet<Uuid>> {
  const { rows } = await sql.query<{ id: Uuid }>(
    'select id from unsettled where id = any ($1::uuid[]) and kind = $2',
    [uuids(ids), UNSETTLED.billReturn],
  );
  return new Set(rows.map(({ id }) => id));
}
