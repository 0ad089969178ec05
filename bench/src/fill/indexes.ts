import type { Sql } from '@hongmi/server/platform/database';

/** What only reading needs while a ledger is filled; the others' keys are needed to write. */
const FILLED = ['ledger.transaction', 'ledger.entry'];
const FILLED_BUT_KEY = ['ledger.lot'];

/** Drops the indexes that filling does without, and answers the statements that make them again. */
export async function dropIndexes(sql: Sql): Promise<readonly string[]> {
  const { rows } = await sql.query<{ drop: string; make: string }>(
    `select case when c.oid is null then format('drop index %s', i.indexrelid::regclass)
         else format('alter table %s drop constraint %I', i.indrelid::regclass, c.conname) end as drop,
       case when c.oid is null then pg_get_indexdef(i.indexrelid)
         else format('alter table %s add constraint %I %s', i.indrelid::regclass, c.conname, pg_get_constraintdef(c.oid))
         end as make
     from pg_index i left join pg_constraint c on c.conindid = i.indexrelid
     where i.indrelid = any ($1::text[]::regclass[])
       or i.indrelid = any ($2::text[]::regclass[]) and not i.indisprimary
     order by i.indexrelid`,
    [FILLED, FILLED_BUT_KEY],
  );
  for (const { drop } of rows) await sql.query(drop);
  return rows.map((row) => row.make);
}

/** Makes them again and leaves the tables as a ledger that has run for years has them: vacuumed and written out. */
export async function buildIndexes(sql: Sql, statements: readonly string[]): Promise<void> {
  await sql.query(`set maintenance_work_mem = '1GB'`);
  await sql.query('set max_parallel_maintenance_workers = 4');
  for (const statement of statements) await sql.query(statement);
  await sql.query('vacuum (analyze)');
  await sql.query('checkpoint');
}
