import { randomBytes } from 'node:crypto';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { readOrMakeSecret } from '../secret-file.ts';
import { layoutOf, SERVER_USER } from './layout.ts';

/**
 * The URL of the role that the server runs as on the embedded database, given the owner's: made on the
 * first start, with a password of its own. grants.sql says what it may do.
 */
export async function ensureServerRole(ownerUrl: string, dataDir: string): Promise<string> {
  const { secret } = readOrMakeSecret(layoutOf(dataDir).serverPassword, () =>
    randomBytes(32).toString('base64url'),
  );
  const url = new URL(ownerUrl);
  url.username = SERVER_USER;
  url.password = secret;
  if (await canSignIn(url.href)) return url.href;
  const client = new Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const name = escapeIdentifier(SERVER_USER);
    const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [
      SERVER_USER,
    ]);
    const verb = rowCount === 0 ? 'CREATE' : 'ALTER';
    await client.query(
      `${verb} ROLE ${name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${escapeLiteral(secret)}`,
    );
  } finally {
    await client.end();
  }
  return url.href;
}

/** False only when role and password do not fit; every other failure is the caller's to see. */
async function canSignIn(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === '28P01' || code === '28000') return false;
    throw error;
  } finally {
    await client.end().catch(() => undefined);
  }
}
