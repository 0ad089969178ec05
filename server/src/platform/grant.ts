import { readFile } from 'node:fs/promises';
import { Client } from 'pg';
import { ADVISORY_LOCK } from './migrate.ts';

/** server/grants.sql, from server/src/platform as well as from server/dist/platform. */
const GRANTS_URL = new URL('../../grants.sql', import.meta.url);

/**
 * Gives `role` exactly what the server needs, and takes away what an earlier version gave beyond that. As
 * the owner, after the migrations; running servers see the old rights or the new, nothing in between.
 */
export async function grantServer(ownerUrl: string, role: string): Promise<void> {
  const sql = await readFile(GRANTS_URL, 'utf8');
  const client = new Client({ connectionString: ownerUrl });
  client.on('error', () => undefined); // the running query rejects with the same reason
  await client.connect();
  try {
    await client.query('BEGIN');
    // Two that grant at once would fail on the same catalog rows.
    await client.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCK]);
    await client.query("SELECT set_config('hongmi.server_role', $1, true)", [role]);
    await client.query(sql);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

/** What a role may do besides what {@link grantServer} gives: each would let it rewrite what was recorded. */
export async function rightsTooMany(client: Pick<Client, 'query'>): Promise<boolean> {
  const { rows } = await client.query<{ many: boolean }>(`
    SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
        OR has_table_privilege('ledger.entry', 'UPDATE, DELETE, TRUNCATE')
        OR has_table_privilege('ledger.block', 'UPDATE, DELETE, TRUNCATE')
        OR has_schema_privilege('ledger', 'CREATE') AS many`);
  return rows[0]?.many === true;
}

/** The role that a URL signs in as, asked of the database: a URL need not name one. */
export async function roleOf(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows } = await client.query<{ role: string }>('SELECT current_user AS role');
    return rows[0]?.role ?? '';
  } finally {
    await client.end();
  }
}
