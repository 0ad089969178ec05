import { findRunning, startEmbedded } from '../platform/postgres/embedded.ts';

export interface DatabaseOptions {
  /** The data directory whose embedded database is read. */
  readonly dataDir: string;
  /** An external database instead. */
  readonly databaseUrl?: string | undefined;
  readonly log?: (line: string) => void;
}

/** Does something with the database of a data directory, which is started when it does not run. */
export async function withDatabase<T>(
  { dataDir, databaseUrl, log = () => {} }: DatabaseOptions,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const running = databaseUrl ?? (await findRunning(dataDir));
  if (running !== undefined) return work(running);
  const database = await startEmbedded({ dataDir, log });
  try {
    return await work(database.url);
  } finally {
    await database.stop();
  }
}
