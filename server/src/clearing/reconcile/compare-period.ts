import { showId, type Uuid } from '../../kernel/id.ts';
import { type Pool, type Sql, type Transaction, withTransaction } from '../../platform/database.ts';
import { makeFigures } from '../periods/figures.ts';
import { hashFigures, type Names, showParty } from '../periods/figures-csv.ts';
import type { Period } from '../periods/period.ts';
import { findPeriodOf, readSlices } from '../periods/read.ts';
import { allowMuch, createFigureTables } from '../periods/store.ts';
import { type Compared, compare, type Difference } from './finding.ts';

/** Of one table of one period: more would be the same finding again. */
const ROWS_MAX = 50;

/** Compares what is written of a closed period with what it was closed with, and with itself; without looking at the ledger. */
export async function comparePeriod(sql: Sql, period: Period, names: Names): Promise<Compared[]> {
  const scope = showId('clearingPeriod', period.id);
  const hash = (await hashFigures(sql, period, names)).toString('hex');
  const expected = period.figuresHash?.toString('hex') ?? '';
  const { rows } = await sql.query<{ sum: string }>(
    'select coalesce(sum(net_fen), 0)::text as sum from clearing_position where period = $1',
    [period.id],
  );
  return [
    compare('figures', scope, [{ about: scope, expected, found: hash }]),
    compare('positions_sum', scope, [{ about: scope, expected: '0', found: rows[0]?.sum ?? '0' }]),
    await comparePayments(sql, period, scope),
  ];
}

interface RowDifference {
  readonly payer: Uuid;
  readonly taker: Uuid;
  readonly pointType: number;
  readonly expected: string;
  readonly found: string;
}

/** What two tables of figures say about the same thing, where that is not the same. */
const differing = (
  key: string,
  columns: readonly string[],
  stored: string,
  made: string,
): string => {
  const said = (row: string): string =>
    `coalesce(concat_ws(' ', ${columns.map((each) => `'${each} ' || ${row}.${each}`).join(', ')}), '')`;
  return `select ${key}, ${said('m')} as expected, ${said('s')} as found
    from (select * from ${made} where period = $1) m full join (select * from ${stored} where period = $1) s using (${key})
    where ${said('m')} <> ${said('s')} limit ${ROWS_MAX}`;
};
const PAIR = [
  ...['points', 'owed', 'due', 'fee', 'owed_fen', 'due_fen', 'fee_fen'],
  ...['carry_owed', 'carry_due', 'carry_fee'],
];
const POSITION = ['owed_fen', 'due_fen', 'fee_fen', 'adjusted_fen', 'net_fen'];

/**
 * Works a closed period out of the ledger again, every accrual of it, and names what of it says something else: pairs, then positions. It
 * costs what closing did.
 */
export async function comparePeriodWhole(
  pool: Pool,
  period: Period,
  names: Names,
): Promise<Compared[]> {
  const scope = showId('clearingPeriod', period.id);
  return withTransaction(pool, async (tx) => {
    await allowMuch(tx);
    await createFigureTables(tx);
    const tables = { pairs: 'pg_temp.figure_pair', positions: 'pg_temp.figure_position' } as const;
    const before = await findPeriodOf(tx, period.programme, period.number - 1);
    await makeFigures(tx, period, before, await readSlices(tx, period.id), tables);
    const { rows: pairs } = await tx.query<RowDifference>(
      differing('payer, taker, point_type', PAIR, 'clearing_pair', tables.pairs).replace(
        'point_type, coalesce',
        'point_type as "pointType", coalesce',
      ),
      [period.id],
    );
    const { rows: positions } = await tx.query<Omit<RowDifference, 'payer'> & { merchant: Uuid }>(
      differing('merchant', POSITION, 'clearing_position', tables.positions),
      [period.id],
    );
    const { rows } = await tx.query<{ pairs: number; positions: number }>(
      'select (select count(*) from pg_temp.figure_pair) as pairs, (select count(*) from pg_temp.figure_position) as positions',
    );
    const [counted = { pairs: 0, positions: 0 }] = rows;
    const pointTypeCode = (id: number) => names.pointTypeCode(period.programme, id);
    const told = (code: 'pair' | 'position', checks: number, differences: Difference[]) => ({
      ...{ code, scope, checks: Math.max(checks, differences.length), differences },
    });
    return [
      told(
        'pair',
        counted.pairs,
        pairs.map(({ payer, taker, pointType, expected, found }) => ({
          ...{ code: 'pair', expected, found },
          about: `${scope} ${pointTypeCode(pointType)} ${showParty(payer)} → ${showParty(taker)}`,
        })),
      ),
      told(
        'position',
        counted.positions,
        positions.map(({ merchant, expected, found }) => ({
          ...{ code: 'position', expected, found, about: `${scope} ${showParty(merchant)}` },
        })),
      ),
    ];
  });
}

/** What was instructed and not rejected is the position, less what deposits settled and what stayed in custody. */
async function comparePayments(sql: Sql, { id }: Period, scope: string): Promise<Compared> {
  const { rows } = await sql.query<{ merchant: Uuid; expected: string; found: string }>(
    `select i.merchant, (coalesce(p.net_fen, 0) + coalesce(o.deposits_fen - o.kept_fen, 0))::text as expected,
        (case i.kind when 'pay_out' then i.fen else -i.fen end)::text as found
      from payment_instruction i
      left join clearing_position p on p.period = i.period and p.merchant = i.merchant
      left join payment_offset o on o.period = i.period and o.merchant = i.merchant
      where i.period = $1 and not i.rejected order by i.merchant`,
    [id],
  );
  return compare(
    'payment',
    scope,
    rows.map(({ merchant, ...each }) => ({ ...each, about: `${scope} ${showParty(merchant)}` })),
  );
}

/** Keeps everything it reads at one moment. */
export async function atOneMoment<T>(
  pool: Pool,
  read: (tx: Transaction) => Promise<T>,
): Promise<T> {
  return withTransaction(pool, async (tx) => {
    await tx.query('set transaction isolation level repeatable read, read only');
    await tx.query("set local statement_timeout = '15min'; set local jit = off");
    return read(tx);
  });
}
