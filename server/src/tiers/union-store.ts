import type { Uuid } from '../kernel/id.ts';
import type { Sql, Transaction } from '../platform/database.ts';

/** Notes that a member became part of another one, whose tiers are to be united. */
export async function insertUnion(tx: Transaction, absorbed: Uuid): Promise<void> {
  await tx.query('insert into tier_union (absorbed) values ($1)', [absorbed]);
}

export async function readUnions(sql: Sql, limit: number): Promise<Uuid[]> {
  const { rows } = await sql.query<{ absorbed: Uuid }>(
    'select absorbed from tier_union order by absorbed limit $1',
    [limit],
  );
  return rows.map(({ absorbed }) => absorbed);
}

export async function deleteUnion(sql: Sql, absorbed: Uuid): Promise<void> {
  await sql.query('delete from tier_union where absorbed = $1', [absorbed]);
}
