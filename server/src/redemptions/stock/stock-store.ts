import type { Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import { int8s, texts, uuids } from '../../platform/columns.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import { problem } from '../../platform/web/problem.ts';
import { type ShelfChanges, Shelves, type Stock, type Wish } from './shelves.ts';

interface StockRow extends Stock {
  readonly reward: Uuid;
}

interface CountRow {
  readonly name: string;
  readonly used: number;
}

const STOCK = 'reward, total, reserved, sold';
const namesOf = (wishes: readonly Wish[]) => ({
  rewards: [...new Set(wishes.map(({ reward }) => reward))],
  counts: [
    ...new Set(
      wishes.flatMap(({ counts }) => counts.flatMap(({ name, beside = [] }) => [name, ...beside])),
    ),
  ],
});

/**
 * Locks what these wishes are about until the transaction ends: stock before counts and each in one order, so that nobody waits
 * crosswise. What is not there yet is made, empty: a row that is not there cannot be locked, and between reading that there is
 * none and writing, another transaction may make it and commit.
 */
export async function lockShelves(tx: Transaction, wishes: readonly Wish[]): Promise<Shelves> {
  if (wishes.length === 0) return new Shelves(new Map(), new Map());
  const { rewards, counts } = namesOf(wishes);
  const stocks = await lockAll<StockRow>(tx, LOCK_STOCK, rewards, uuids, ({ reward }) => reward);
  const counted = await lockAll<CountRow>(tx, LOCK_COUNTS, counts, texts, ({ name }) => name);
  return new Shelves(byReward(stocks), byName(counted));
}

const LOCK_STOCK = {
  name: 'reward-stock',
  lock: `select ${STOCK} from reward_stock where reward = any ($1::uuid[]) order by reward for update`,
  make: 'insert into reward_stock (reward) select n from unnest($1::uuid[]) as n order by n on conflict do nothing',
};
const LOCK_COUNTS = {
  name: 'reward-counts',
  lock: 'select name, used from reward_count where name = any ($1::text[]) order by name collate "C" for update',
  make: `insert into reward_count (name, used)
    select n, 0 from unnest($1::text[]) as n order by n collate "C" on conflict do nothing`,
};

async function lockAll<Row extends object>(
  tx: Transaction,
  { name, lock, make }: { readonly name: string; readonly lock: string; readonly make: string },
  keys: readonly string[],
  column: (keys: readonly string[]) => unknown,
  keyOf: (row: Row) => string,
): Promise<Row[]> {
  if (keys.length === 0) return [];
  const locked = async (wanted: readonly string[]) =>
    (await tx.query<Row>({ name: `${name}-lock`, text: lock, values: [column(wanted)] })).rows;
  const rows = await locked(keys);
  if (rows.length === keys.length) return rows;
  const there = new Set(rows.map(keyOf));
  const missing = keys.filter((key) => !there.has(key));
  await tx.query({ name: `${name}-make`, text: make, values: [column(missing)] });
  return [...rows, ...(await locked(missing))];
}

/** The same without a lock: what would be decided at this moment. */
export async function readShelves(sql: Sql, wishes: readonly Wish[]): Promise<Shelves> {
  const { rewards, counts } = namesOf(wishes);
  const stocks = await sql.query<StockRow>({
    name: 'reward-stock-read',
    text: `select ${STOCK} from reward_stock where reward = any ($1::uuid[])`,
    values: [uuids(rewards)],
  });
  return new Shelves(byReward(stocks.rows), await readCounts(sql, counts));
}

/** What is counted by these names; of one that is not there nothing. */
export async function readCounts(
  sql: Sql,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (names.length === 0) return new Map();
  const { rows } = await sql.query<CountRow>({
    name: 'reward-counts-read',
    text: 'select name, used from reward_count where name = any ($1::text[])',
    values: [texts(names)],
  });
  return byName(rows);
}

const byReward = (rows: readonly StockRow[]): Map<Uuid, Stock> =>
  new Map(rows.map(({ reward, ...stock }) => [reward, stock]));
const byName = (rows: readonly CountRow[]): Map<string, number> =>
  new Map(rows.map(({ name, used }) => [name, used]));

// Rows are locked in one order before they are changed.
const WRITE_STOCK = `
  with there as materialized (
    select reward from reward_stock where reward = any ($1::uuid[]) order by reward for update
  )
  update reward_stock s set reserved = s.reserved + n.reserved, sold = s.sold + n.sold
  from unnest($1::uuid[], $2::int8[], $3::int8[]) as n (reward, reserved, sold) join there using (reward)
  where s.reward = n.reward`;

const WRITE_COUNTS = `
  with there as materialized (
    select name from reward_count where name = any ($1::text[]) order by name collate "C" for update
  )
  update reward_count c set used = c.used + n.used
  from unnest($1::text[], $2::int8[]) as n (name, used) join there using (name)
  where c.name = n.name`;

/** Writes by how much stock and counts change. Of what {@link Shelves} decided: in the transaction that locked them. */
export async function writeShelves(
  tx: Transaction,
  { stocks, counts }: ShelfChanges,
): Promise<void> {
  const [rewards, changes] = [[...stocks.keys()], [...stocks.values()]];
  if (rewards.length > 0)
    await writeAll(tx, rewards.length, {
      name: 'reward-stock-write',
      text: WRITE_STOCK,
      values: [
        uuids(rewards),
        int8s(changes, ({ reserved }) => reserved),
        int8s(changes, ({ sold }) => sold),
      ],
    });
  const names = [...counts.keys()];
  if (names.length > 0)
    await writeAll(tx, names.length, {
      name: 'reward-counts-write',
      text: WRITE_COUNTS,
      values: [texts(names), int8s([...counts.values()])],
    });
}

async function writeAll(
  tx: Transaction,
  rows: number,
  query: { readonly name: string; readonly text: string; readonly values: unknown[] },
): Promise<void> {
  const { rowCount } = await tx.query(query);
  if (rowCount !== rows) throw new Error('stock and counts are there since they were first locked');
}

export async function readStock(sql: Sql, reward: Uuid): Promise<Stock> {
  return (await readShelves(sql, [{ reward, quantity: 0, counts: [] }])).stockOf(reward);
}

/** A new total, or none, or so many more (below zero: fewer). Never below what is reserved and sold. */
export type StockChange = { readonly total: number | null } | { readonly by: number };

/** Refused: `stock_below_taken`; `stock_unlimited` where there is no total that could be changed by something. */
export async function changeStock(
  tx: Transaction,
  reward: Uuid,
  change: StockChange,
): Promise<Stock | Refusal> {
  const shelves = await lockShelves(tx, [{ reward, quantity: 0, counts: [] }]);
  const stock = shelves.stockOf(reward);
  if ('by' in change && stock.total === null) return problem('stock_unlimited');
  const total = 'by' in change ? (stock.total ?? 0) + change.by : change.total;
  const taken = stock.reserved + stock.sold;
  if (total !== null && total < taken)
    return problem('stock_below_taken', `${taken} are reserved or given out already`, { taken });
  if (total !== null && !Number.isSafeInteger(total)) return problem('amount_out_of_range');
  await tx.query('update reward_stock set total = $2 where reward = $1', [reward, total]);
  return { ...stock, total };
}
