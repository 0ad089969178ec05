import { grantServer, roleOf } from '../platform/grant.ts';
import { migrate } from '../platform/migrate.ts';

/**
 * Brings a database to this code's schema as its owner, and gives the server's role what it needs, when
 * that is another one. Answers how many migrations ran.
 */
export async function prepareDatabase(ownerUrl: string, serverUrl: string): Promise<number> {
  const count = await migrate(ownerUrl);
  const role = await roleOf(serverUrl);
  if (role === (await roleOf(ownerUrl))) return count;
  await grantServer(ownerUrl, role);
  return count;
}
