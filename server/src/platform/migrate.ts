import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';

export type MigrationCode =
  | 'database_newer'
  | 'migration_changed'
  | 'migration_failed'
  | 'migration_misnumbered'
  | 'migration_needs_owner'
  | 'migrations_missing';

/**
 * The message says what happened and what to do. The database is as it was before the migration
 * that failed.
 */
export class MigrationError extends Error {
  readonly code: MigrationCode;

  constructor(code: MigrationCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'MigrationError';
    this.code = code;
  }
}

interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

interface Recorded {
  readonly number: number;
  readonly name: string;
  readonly sha256: string;
}

/** One number for this purpose on every Hongmi database ("hongmi" in ASCII). */
export const ADVISORY_LOCK = String(0x68_6f_6e_67_6d_69);
const FILE_NAME = /^(\d{4})_([a-z0-9_]+)\.sql$/;
/** server/migrations, from server/src/platform as well as from server/dist/platform. */
const MIGRATIONS_URL = new URL('../../migrations/', import.meta.url);

/**
 * Brings the database to this code's schema: every `NNNN_name.sql` not yet recorded, in order, each
 * in a transaction of its own. Forward only; safe when several processes start at once (the others
 * wait, then find nothing to do). Answers how many ran. Where nothing is to be done nothing is written,
 * so a role that may not change the schema can ask.
 */
export async function migrate(
  databaseUrl: string,
  directory: string = fileURLToPath(MIGRATIONS_URL),
): Promise<number> {
  const migrations = await readMigrations(directory);
  const client = new Client({ connectionString: databaseUrl });
  client.on('error', () => undefined); // the running query rejects with the same reason
  await client.connect();
  try {
    // A session lock, because it has to span the transactions; it ends with the connection whatever
    // happens.
    await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    const recorded = await readRecorded(client);
    assertContinues(migrations, recorded);
    const pending = migrations.slice(recorded.length);
    if (pending.length > 0) await assertMayMigrate(client, pending.length);
    if (recorded.length === 0) {
      await client.query(`
        CREATE TABLE IF NOT EXISTS hongmi_migration (
          number integer PRIMARY KEY,
          name text NOT NULL,
          sha256 text NOT NULL,
          applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
        )`);
    }
    for (const migration of pending) await apply(client, migration);
    return pending.length;
  } finally {
    await client.end();
  }
}

async function readRecorded(client: Client): Promise<Recorded[]> {
  const { rows } = await client.query<{ there: boolean }>(
    "SELECT to_regclass('hongmi_migration') IS NOT NULL AS there",
  );
  if (rows[0]?.there !== true) return [];
  const select = 'SELECT number, name, sha256 FROM hongmi_migration ORDER BY number';
  return (await client.query<Recorded>(select)).rows;
}

/** The server's role may not change the schema; told before a migration fails half-way through its SQL. */
async function assertMayMigrate(client: Client, count: number): Promise<void> {
  const { rows } = await client.query<{ role: string; may: boolean }>(
    "SELECT current_user AS role, has_schema_privilege('public', 'CREATE') AS may",
  );
  if (rows[0]?.may === true) return;
  throw new MigrationError(
    'migration_needs_owner',
    `The database needs ${count} migrations, which the role ${rows[0]?.role} may not run. Run \`hongmi migrate\` with the ` +
      `owner's URL in HONGMI_MIGRATION_URL first, or give it to the server too. Nothing was changed.`,
  );
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const entries = await readdir(directory).catch((cause: unknown) => {
    const message = `The folder ${directory} cannot be read; this copy of Hongmi is incomplete. Install it again.`;
    throw new MigrationError('migrations_missing', message, { cause });
  });
  const migrations: Migration[] = [];
  for (const file of entries.filter((entry) => entry.endsWith('.sql')).sort()) {
    const match = FILE_NAME.exec(file);
    if (match === null) throw misnumbered(`${file} is not named NNNN_name.sql`);
    const number = Number(match[1]);
    // Gaps are fine: numbers are handed out to people who work at the same time.
    if (number === migrations.at(-1)?.number)
      throw misnumbered(`two files have number ${match[1]}`);
    // Git may check text out with CRLF on Windows: that is not a change.
    const sql = (await readFile(`${directory}/${file}`, 'utf8')).replaceAll('\r\n', '\n');
    const sha256 = createHash('sha256').update(sql).digest('hex');
    migrations.push({ number, name: match[2] ?? '', sql, sha256 });
  }
  return migrations;
}

/** What the database has must be exactly the beginning of what this code has. */
function assertContinues(migrations: readonly Migration[], recorded: readonly Recorded[]): void {
  const byNumber = new Map(migrations.map((migration) => [migration.number, migration]));
  for (const row of recorded) {
    const known = byNumber.get(row.number);
    if (known === undefined) {
      throw new MigrationError(
        'database_newer',
        `The database was upgraded by a newer Hongmi (migration ${row.number} "${row.name}" is unknown here). ` +
          `Start the newer version, or restore a backup made before the upgrade. Nothing was changed.`,
      );
    }
    if (known.sha256 !== row.sha256) {
      throw new MigrationError(
        'migration_changed',
        `Migration ${row.number} is not the one this database was made with ("${row.name}" then, "${known.name}" now). ` +
          `A released migration must never change: put the file back and write a new one. If this is a database of your ` +
          `own development, delete its data directory. Nothing was changed.`,
      );
    }
  }
  const last = recorded.at(-1)?.number ?? 0;
  const late = migrations.find(
    ({ number }) => number < last && !recorded.some((row) => row.number === number),
  );
  if (late === undefined) return;
  throw new MigrationError(
    'migration_misnumbered',
    `Migration ${late.number} "${late.name}" comes before ${last}, which this database already has; forward ` +
      `only: give it a number above ${migrations.at(-1)?.number}. Nothing was changed.`,
  );
}

async function apply(client: Client, migration: Migration): Promise<void> {
  const { number, name, sql, sha256 } = migration;
  const label = `${String(number).padStart(4, '0')}_${name}.sql`;
  try {
    await client.query('BEGIN');
    const before = await transactionId(client);
    await client.query(sql);
    // A COMMIT inside the file would leave half of it behind when the rest fails.
    if ((await transactionId(client)) !== before) throw new Error('it ends its transaction itself');
    const insert = 'INSERT INTO hongmi_migration (number, name, sha256) VALUES ($1, $2, $3)';
    await client.query(insert, [number, name, sha256]);
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined);
    const { message, position } = cause as Error & { position?: string };
    const line =
      position === undefined ? '' : ` (line ${sql.slice(0, Number(position)).split('\n').length})`;
    throw new MigrationError(
      'migration_failed',
      `Migration ${label} failed and was undone: ${message}${line}`,
      { cause },
    );
  }
}

async function transactionId(client: Client): Promise<string | undefined> {
  const { rows } = await client.query<{ id: string }>('SELECT pg_current_xact_id()::text AS id');
  return rows[0]?.id;
}

function misnumbered(message: string): MigrationError {
  return new MigrationError('migration_misnumbered', `In server/migrations, ${message}.`);
}
