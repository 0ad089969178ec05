import type { Uuid } from '../kernel/id.ts';
import type { Sql, Transaction } from '../platform/database.ts';

/** Notes that a member became part of another one, whose tiers are to be united. */
export async function insertUnion(tx: Transaction, absorbed: Uuid): Promise<void> {
  await tx.query('insert into tier_union (absorbed) values ($1)', [absorbed]);
}

/** The first unions behind `after`; null: from the first on. */
export async function readUnions(sql: Sql, after: Uuid | null, limit: number): Promise<Uuid[]> {
  const { rows } = await sql.query<{ absorbed: Uuid }>(
    'select absorbed from tier_union where $1::uuid is null or absorbed > $1 order by absorbed limit $2',
    [after, limit],
  );
  return rows.map(({ absorbed }) => absorbed);
}

export async function deleteUnion(sql: Sql, absorbed: Uuid): Promise<void> {
  await sql.query('delete from tier_union where absorbed = $1', [absorbed]);
}
