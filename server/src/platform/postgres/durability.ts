import type { ClientBase, Pool } from 'pg';
import { DatabaseStartError } from './errors.ts';
import { DURABLE_SETTINGS } from './settings.ts';

const VERSION_LEAST = 15;

/**
 * What local commits need is guaranteed by each of these; `off` alone may lose a commit that was
 * acknowledged.
 */
const DURABLE_VALUES: Readonly<Record<keyof typeof DURABLE_SETTINGS, readonly string[]>> = {
  fsync: ['on'],
  full_page_writes: ['on'],
  synchronous_commit: ['on', 'local', 'remote_write', 'remote_apply'],
};

/**
 * Refuses a database on which acknowledged points could vanish (`database_not_durable`), or that
 * this code cannot use (`database_unsuitable`: PostgreSQL older than 15, text that is not UTF-8).
 * For whichever database is configured; the connection asked must be set up like those that write,
 * since role and database may each change synchronous_commit.
 */
export async function assertDurable(client: ClientBase | Pool): Promise<void> {
  const names = [
    ...Object.keys(DURABLE_SETTINGS),
    'server_encoding',
    'server_version_num',
    'server_version',
  ];
  const sql = 'SELECT name, setting FROM pg_settings WHERE name = ANY ($1)';
  const { rows } = await client.query<{ name: string; setting: string }>(sql, [names]);
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]));

  if (Math.floor(Number(settings.get('server_version_num')) / 10_000) < VERSION_LEAST) {
    throw new DatabaseStartError(
      'database_unsuitable',
      `The database is PostgreSQL ${settings.get('server_version')}; Hongmi needs ${VERSION_LEAST} or later.`,
    );
  }
  const encoding = settings.get('server_encoding');
  if (encoding !== 'UTF8') {
    throw new DatabaseStartError(
      'database_unsuitable',
      `The database stores text as ${encoding}; Hongmi needs UTF8. Create it with ENCODING 'UTF8' TEMPLATE template0.`,
    );
  }
  const unsafe = Object.entries(DURABLE_VALUES)
    .filter(([name, safe]) => !safe.includes(settings.get(name) ?? 'unknown'))
    .map(([name]) => `${name} = ${settings.get(name) ?? 'unknown'}`);
  if (unsafe.length === 0) return;
  throw new DatabaseStartError(
    'database_not_durable',
    `The database may forget commits after a power cut (${unsafe.join(', ')}), so it may not hold anyone's points. ` +
      `Turn on ${Object.keys(DURABLE_SETTINGS).join(', ')} in its postgresql.conf, and for its role and database, then ` +
      `start again.`,
  );
}
