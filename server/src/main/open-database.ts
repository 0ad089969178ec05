import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '../platform/config.ts';
import { databaseFailure } from '../platform/database.ts';
import { startEmbedded } from '../platform/postgres/embedded.ts';
import { DatabaseStartError } from '../platform/postgres/errors.ts';
import { ensureServerRole } from '../platform/postgres/server-role.ts';
import type { Closers } from './closers.ts';
import { prepareDatabase } from './prepare-database.ts';
import { redactUrl } from './summary.ts';

export interface OpenedDatabase {
  /** As the role the server runs as. */
  readonly url: string;
  /** Starts a dead embedded database again; undefined for an external one. */
  readonly revive?: () => Promise<void>;
}

/** The configured database, running and migrated; whoever may, also gives the server's role its rights. */
export async function openDatabase(
  config: Pick<Config, 'databaseUrl' | 'migrationUrl'>,
  dataDir: string,
  { log, say }: { readonly log: FastifyBaseLogger; readonly say: (line: string) => void },
  closers: Closers,
): Promise<OpenedDatabase> {
  const { databaseUrl, migrationUrl = databaseUrl } = config;
  if (databaseUrl !== undefined && migrationUrl !== undefined) {
    await prepareDatabase(migrationUrl, databaseUrl).catch((error: unknown) => {
      throw unreachable(error, databaseUrl);
    });
    return { url: databaseUrl };
  }
  const database = await startEmbedded({ dataDir, log: say });
  closers.add('database', () => database.stop());
  const revive = async (): Promise<void> => {
    log.warn('the database stopped; starting it again');
    // Connections everywhere go to the first address.
    const onlyPort = Number(new URL(database.url).port);
    const again = await startEmbedded({ dataDir, onlyPort, log: (line) => log.info(line) });
    // Somebody else started it, from the same folder.
    if (again.url !== database.url)
      throw new Error('the database came back on another port; restart Hongmi');
    log.warn('the database is back');
  };
  const url = await ensureServerRole(database.url, dataDir);
  await prepareDatabase(database.url, url);
  return { url, revive };
}

/** A database of one's own that cannot be connected to, told without its password. */
function unreachable(error: unknown, url: string): unknown {
  const { code, message } = error as { code?: string; message: string };
  // Wrong password, unknown role, unknown database.
  const isRefused = code !== undefined && ['28P01', '28000', '3D000'].includes(code);
  if (!isRefused && databaseFailure(error) !== 'unavailable') return error;
  const reason =
    error instanceof AggregateError
      ? error.errors.map((each: Error) => each.message).join('; ')
      : message;
  return new DatabaseStartError(
    'start_failed',
    `The database at ${redactUrl(url)} (DATABASE_URL) cannot be used: ${reason}`,
    {
      cause: error,
    },
  );
}
