import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import { PLATFORM } from './transaction.ts';

/** The most that a point may cost or bring: 10,000 yuan, in micro-fen. */
export const PRICE_MAX = 1_000_000_000_000;

/** What a point is worth at a merchant from one time on; see migrations/0085_prices_and_accruals.sql. */
export interface PriceRow {
  readonly pointType: number;
  readonly from: Instant;
  /** What who issued a point owes once it is used; micro-fen per point, as the two below. */
  readonly issuePrice: number;
  /** What who takes a point receives. */
  readonly reimbursement: number;
  /** What who takes a point pays of it; never more than the reimbursement. */
  readonly fee: number;
  /** The code with which issuing is refused, and paying for what others issue; null: it is not. */
  readonly issuing: string | null;
  /** The code with which taking points is refused; null: it is not. */
  readonly accepting: string | null;
  /** The budget that issuing draws on, in thousandths of a fen. */
  readonly funding: Uuid | null;
  /** The budget that taking points draws on, in points. */
  readonly quota: Uuid | null;
}

/**
 * Keeps everything out of the ledger until this transaction ends: whatever was decided before and not written yet is decided
 * again, by what is committed here. Who writes prices calls it before it reads the programme's clock: only then is nothing
 * ever decided by a price that was not in force any more. It is taken before any lock on budgets, as blocks do.
 */
export async function lockPrices(tx: Transaction): Promise<void> {
  await tx.query(
    `update ledger.head h set prices = h.prices + 1
      from (select shard from ledger.head order by shard for update) locked where h.shard = locked.shard`,
  );
}

/** The price list of a merchant, of all point types, by time; null: the standard terms of the programme. */
export async function readPrices(
  sql: Sql,
  programme: number,
  merchant: Uuid | null,
): Promise<PriceRow[]> {
  const { rows } = await sql.query<PriceRow>(
    `select point_type as "pointType", from_ms as "from", issue_price as "issuePrice", reimbursement, fee, issuing, accepting,
        funding, quota
      from ledger.price where programme = $1 and merchant = $2 order by point_type, from_ms`,
    [programme, merchant ?? PLATFORM],
  );
  return rows;
}

/**
 * Makes `rows` the price list of a merchant (null: the standard terms) from now on, in all point types: of each, what counts at
 * `now` and what follows. What counted until now stays as it was, whatever `rows` say of the past. Where the row that
 * counts at `now` says something else than the one in force, it begins at `now`, and one millisecond after the one
 * in force at the earliest. A point type of which no row counts yet keeps what is in force until the first of its `rows`.
 *
 * Who calls it lets nobody else write prices of the programme meanwhile. A merchant that had rows of its own cannot be without again: give it those of the standard terms.
 *
 * @throws RangeError when rows of a point type are not in ascending order of time, or a price is out of bounds
 */
export async function writePrices(
  tx: Transaction,
  programme: number,
  merchant: Uuid | null,
  rows: readonly PriceRow[],
  now: Instant,
): Promise<void> {
  assertRows(rows);
  const owner = merchant ?? PLATFORM;
  const known = await readPrices(tx, programme, merchant);
  const added = [...byPointType(rows)].flatMap(([pointType, list]) =>
    rowsToAdd(
      list,
      known.findLast((row) => row.pointType === pointType && row.from <= now),
      now,
    ),
  );
  const announced = known.filter((row) => row.from > now);
  // Most merchants are as they were when one of them changes: for those the ledger need not wait.
  if (isDeepStrictEqual(announced, inOrder(added))) return;
  await lockPrices(tx);
  await tx.query(
    'delete from ledger.price where programme = $1 and merchant = $2 and from_ms > $3',
    [programme, owner, now],
  );
  const column = <K extends keyof PriceRow>(name: K) => added.map((row) => row[name]);
  await tx.query(
    `insert into ledger.price (programme, merchant, point_type, from_ms, issue_price, reimbursement, fee, issuing, accepting,
        funding, quota)
      select $1, $2, w.* from unnest($3::int[], $4::int8[], $5::int8[], $6::int8[], $7::int8[], $8::text[], $9::text[],
        $10::uuid[], $11::uuid[]) w`,
    [
      programme,
      owner,
      ...[column('pointType'), column('from'), column('issuePrice'), column('reimbursement')],
      ...[
        column('fee'),
        column('issuing'),
        column('accepting'),
        column('funding'),
        column('quota'),
      ],
    ],
  );
}

function inOrder(rows: readonly PriceRow[]): PriceRow[] {
  return [...rows].sort((a, b) => a.pointType - b.pointType || a.from - b.from);
}

function rowsToAdd(
  rows: readonly PriceRow[],
  inForce: PriceRow | undefined,
  now: Instant,
): PriceRow[] {
  const current = rows.findLast((row) => row.from <= now);
  const later = rows.filter((row) => row.from > now);
  if (current === undefined || (inForce !== undefined && saysTheSame(current, inForce)))
    return later;
  const from = Math.max(now, (inForce?.from ?? Number.NEGATIVE_INFINITY) + 1);
  return [{ ...current, from }, ...later.filter((row) => row.from > from)];
}

function saysTheSame(a: PriceRow, b: PriceRow): boolean {
  const said = ({ from: _, pointType: __, ...rest }: PriceRow) =>
    [rest.issuePrice, rest.reimbursement, rest.fee, rest.issuing, rest.accepting]
      .concat([rest.funding, rest.quota])
      .join();
  return said(a) === said(b);
}

function byPointType(rows: readonly PriceRow[]): Map<number, PriceRow[]> {
  const lists = new Map<number, PriceRow[]>();
  for (const row of rows) {
    const list = lists.get(row.pointType);
    if (list === undefined) lists.set(row.pointType, [row]);
    else list.push(row);
  }
  return lists;
}

function assertRows(rows: readonly PriceRow[]): void {
  for (const row of rows) {
    const { issuePrice, reimbursement, fee } = row;
    for (const price of [issuePrice, reimbursement, fee])
      if (!Number.isSafeInteger(price) || price < 0 || price > PRICE_MAX)
        throw new RangeError(`a price is an integer from 0 to ${PRICE_MAX} micro-fen`);
    if (fee > reimbursement) throw new RangeError('a fee is not more than what it is taken from');
    if (!Number.isSafeInteger(row.from)) throw new RangeError('a price begins at an instant');
  }
  for (const list of byPointType(rows).values())
    if (list.some((row, place) => row.from <= (list[place - 1]?.from ?? Number.NEGATIVE_INFINITY)))
      throw new RangeError('prices of a point type stand in ascending order of time');
}
