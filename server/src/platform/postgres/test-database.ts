import { randomBytes } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { inject } from 'vitest';

declare module 'vitest' {
  interface ProvidedContext {
    /**
     * Set in vitest.config.ts from TEST_DATABASE_URL; empty: an embedded server of the run's own.
     */
    externalDatabaseUrl: string;
    /** A superuser's connection to the run's server, to a database that is not the template. */
    adminDatabaseUrl: string;
    templateDatabase: string;
    /** Why the template has no schema; empty when it has. */
    templateProblem: string;
  }
}

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/**
 * A database of the test file's own with all migrations applied: a clone of the run's template
 * (about 50 ms).
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const problem = inject('templateProblem');
  if (problem !== '') throw new Error(problem);
  const adminUrl = inject('adminDatabaseUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(
    adminUrl,
    `CREATE DATABASE ${name} TEMPLATE ${escapeIdentifier(inject('templateDatabase'))}`,
  );
  return {
    url: withDatabase(adminUrl, name),
    drop: () => administer(adminUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

export function withDatabase(url: string, database: string): string {
  const result = new URL(url);
  result.pathname = `/${database}`;
  return result.href;
}

export async function administer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
