import { Logger, runMigrations } from 'graphile-worker';

/** Makes the job queue's tables, or brings them to the library's version: needs the database's owner. */
export async function prepareQueue(ownerUrl: string): Promise<void> {
  await runMigrations({
    connectionString: ownerUrl,
    maxPoolSize: 1,
    logger: new Logger(() => () => undefined),
  });
}
