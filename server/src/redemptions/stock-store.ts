import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { int8s, texts, uuids } from '../platform/columns.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import { problem } from '../platform/web/problem.ts';
import { Shelves, type Stock, type Wish } from './shelves.ts';

interface StockRow extends Stock {
  readonly reward: Uuid;
}

const STOCK = 'reward, total, reserved, sold';
/** Rows are made and locked in one order, so that nobody waits crosswise. */
const inOrder = <T extends string>(names: Iterable<T>): T[] => [...new Set(names)].sort();

const namesOf = (wishes: readonly Wish[]) => ({
  rewards: inOrder(wishes.map(({ reward }) => reward)),
  counts: inOrder(wishes.flatMap(({ counts }) => counts.map(({ name }) => name))),
});

/** Locks what these wishes are about until the transaction ends; what is not there yet is made. */
export async function lockShelves(tx: Transaction, wishes: readonly Wish[]): Promise<Shelves> {
  if (wishes.length === 0) return new Shelves(new Map(), new Map());
  const { rewards, counts } = namesOf(wishes);
  const stocks = await tx.query<StockRow>({
    name: 'reward-stock-lock',
    // An update of nothing locks the row that is there, and answers it as it is after whoever held it.
    text: `insert into reward_stock (reward) select * from unnest($1::uuid[]) as r (reward) order by reward
      on conflict (reward) do update set reserved = reward_stock.reserved returning ${STOCK}`,
    values: [uuids(rewards)],
  });
  const counted = await tx.query<CountRow>({
    name: 'reward-counts-lock',
    text: `insert into reward_count (name, used) select name, 0 from unnest($1::text[]) as n (name) order by name collate "C"
      on conflict (name) do update set used = reward_count.used returning name, used`,
    values: [texts(counts)],
  });
  return new Shelves(byReward(stocks.rows), byName(counted.rows));
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

interface CountRow {
  readonly name: string;
  readonly used: number;
}

const byReward = (rows: readonly StockRow[]): Map<Uuid, Stock> =>
  new Map(rows.map(({ reward, ...stock }) => [reward, stock]));
const byName = (rows: readonly CountRow[]): Map<string, number> =>
  new Map(rows.map(({ name, used }) => [name, used]));

/** Writes what changed of shelves that were locked in this transaction. */
export async function writeShelves(tx: Transaction, shelves: Shelves): Promise<void> {
  const rewards = [...shelves.changedStocks];
  if (rewards.length > 0)
    await tx.query({
      name: 'reward-stock-write',
      text: `update reward_stock s set reserved = n.reserved, sold = n.sold
        from unnest($1::uuid[], $2::int8[], $3::int8[]) as n (reward, reserved, sold) where s.reward = n.reward`,
      values: [
        uuids(rewards),
        int8s(rewards, (reward) => shelves.stockOf(reward).reserved),
        int8s(rewards, (reward) => shelves.stockOf(reward).sold),
      ],
    });
  const names = [...shelves.changedCounts];
  if (names.length > 0)
    await tx.query({
      name: 'reward-counts-write',
      text: `update reward_count c set used = n.used from unnest($1::text[], $2::int8[]) as n (name, used) where c.name = n.name`,
      values: [texts(names), int8s(names, (name) => shelves.countOf(name))],
    });
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
