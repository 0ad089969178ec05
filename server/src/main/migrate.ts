import type { Config } from '../platform/config.ts';
import { startEmbedded } from '../platform/postgres/embedded.ts';
import { ensureServerRole } from '../platform/postgres/server-role.ts';
import { prepareDatabase } from './prepare-database.ts';

/**
 * Migrates without starting a server, and gives the server's role its rights: the external database as
 * its owner (`migrationUrl`, else `databaseUrl`), or the embedded one, started for the purpose when it
 * does not run. Answers how many migrations ran.
 */
export async function migrateDatabase({
  dataDir,
  databaseUrl,
  migrationUrl,
}: Pick<Config, 'dataDir' | 'databaseUrl' | 'migrationUrl'>): Promise<number> {
  if (databaseUrl !== undefined) return prepareDatabase(migrationUrl ?? databaseUrl, databaseUrl);
  const database = await startEmbedded({ dataDir, log: () => {} });
  try {
    return await prepareDatabase(database.url, await ensureServerRole(database.url, dataDir));
  } finally {
    await database.stop();
  }
}
