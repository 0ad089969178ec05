import type { Uuid } from '../kernel/id.ts';
import { uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';
import type { Limit } from './command.ts';

/** A member (null: one who was given nothing so far) and the limits of one command. */
export interface AskedLeft {
  readonly member: Uuid | null;
  readonly limits: readonly Limit[];
}

/**
 * What limits have left at this moment, answered in order: the points that one command could be granted within all of
 * them, `Infinity` where only times are limited. It is no promise: others are on their way.
 */
export async function readLeft(sql: Sql, asked: readonly AskedLeft[]): Promise<number[]> {
  const limits = asked.flatMap(({ member, limits: own }) =>
    own.map((limit) => ({ member, limit })),
  );
  const budgets = limits.flatMap(({ limit }) => ('budget' in limit ? limit.budget : []));
  const names = limits.flatMap(({ member, limit }) =>
    'counter' in limit && member !== null ? { member, name: limit.counter } : [],
  );
  const [counted, left] = await Promise.all([readCounters(sql, names), readBudgets(sql, budgets)]);
  const leftOf = (member: Uuid | null, limit: Limit): number => {
    if ('budget' in limit) return left.get(limit.budget) ?? 0;
    const rest = Math.max(0, limit.max - (counted.get(`${member} ${limit.counter}`) ?? 0));
    return 'unit' in limit && rest > 0 ? Infinity : rest;
  };
  return asked.map(({ member, limits: own }) =>
    Math.min(...own.map((limit) => leftOf(member, limit))),
  );
}

async function readCounters(
  sql: Sql,
  asked: readonly { readonly member: Uuid; readonly name: string }[],
): Promise<ReadonlyMap<string, number>> {
  if (asked.length === 0) return new Map();
  const { rows } = await sql.query<{ member: Uuid; name: string; value: number }>({
    name: 'ledger-counters-of',
    text: `select c.member, c.name, c.value from unnest($1::uuid[], $2::text[]) as a (member, name)
      cross join generate_series(0, (select max(shard) from ledger.head)) s (shard)
      join ledger.counter c on c.shard = s.shard and c.member = a.member and c.name = a.name`,
    values: [uuids(asked, ({ member }) => member), asked.map(({ name }) => name)],
  });
  return new Map(rows.map(({ member, name, value }) => [`${member} ${name}`, value]));
}

async function readBudgets(sql: Sql, budgets: readonly Uuid[]): Promise<ReadonlyMap<Uuid, number>> {
  if (budgets.length === 0) return new Map();
  const { rows } = await sql.query<{ id: Uuid; left: number }>({
    name: 'ledger-budgets-left',
    text: `select b.id, (b.total - coalesce((select sum(a.spent) from ledger.allotment a where a.budget = b.id), 0))::int8 as left
      from ledger.budget b where b.id = any ($1::uuid[])`,
    values: [uuids(budgets, (id) => id)],
  });
  return new Map(rows.map(({ id, left }) => [id, left]));
}
