import pg from 'pg';
import { isUnavailableState } from './connection-error.ts';

/** Anything statements can be sent to. Reads take this; ordinary writes take a {@link Transaction}. */
export interface Sql {
  query<R extends object = Record<string, unknown>>(
    query: string | { readonly name?: string; readonly text: string; readonly values?: unknown[] },
    values?: unknown[],
  ): Promise<{ readonly rows: R[]; readonly rowCount: number | null }>;
}

declare const transactional: unique symbol;

/** An open transaction: made only by {@link withTransaction}, so that no write runs outside one. */
export interface Transaction extends Sql {
  readonly [transactional]: true;
}

export type Pool = pg.Pool;

export interface PoolOptions {
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly name: string;
  readonly connectionsMax: number;
  /** The server cancels a longer statement. */
  readonly statementTimeoutMs?: number;
  /** Session settings of every connection (`plan_cache_mode`, …). */
  readonly settings?: Readonly<Record<string, string>>;
  /** Told about connections that break while idle; the pool replaces them. */
  readonly onIdleError?: (error: Error) => void;
}

/**
 * A pool whose values have the types of this code: `int8` is a number (a value outside the safe range
 * throws), `timestamptz` an Instant in milliseconds, `date` its text. `numeric` stays text.
 */
export function createPool(options: PoolOptions): Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.name,
    max: options.connectionsMax,
    options: Object.entries(options.settings ?? {})
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
    statement_timeout: options.statementTimeoutMs ?? 30_000,
    idle_in_transaction_session_timeout: 60_000,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    types: { getTypeParser: parserOf as typeof pg.types.getTypeParser },
  });
  // Without a listener a broken idle connection would end the process.
  pool.on('error', (error) => options.onIdleError?.(error));
  // Nor must one that breaks while it is lent out; whoever has it sees its own statement fail.
  pool.on('connect', (client) => client.on('error', () => {}));
  return pool;
}

type Parse = (text: string) => unknown;
const { INT8, TIMESTAMPTZ, DATE } = pg.types.builtins;
const INT8_ARRAY = 1016;
const int8Array = pg.types.getTypeParser(
  INT8_ARRAY as number as typeof INT8,
  'text',
) as unknown as (text: string) => (string | null)[];
const timestamptz = pg.types.getTypeParser(TIMESTAMPTZ, 'text') as (text: string) => Date | number;

const PARSERS = new Map<number, Parse>([
  [INT8, readInt8],
  [INT8_ARRAY, (text) => int8Array(text).map((each) => (each === null ? null : readInt8(each)))],
  [TIMESTAMPTZ, (text) => Number(timestamptz(text))],
  [DATE, (text) => text],
]);

function parserOf(oid: number, format: 'text' | 'binary' = 'text'): unknown {
  const own = format === 'text' ? PARSERS.get(oid) : undefined;
  return own ?? pg.types.getTypeParser(oid, format as 'text');
}

function readInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 outside the safe range: ${text}`);
  return value;
}

/**
 * What a failed statement means: `unavailable` (the database cannot be reached or cannot answer in
 * time: repeat later), `conflict` (repeat the transaction at once), `statement` (a bug or bad data).
 */
export type DatabaseFailure = 'unavailable' | 'conflict' | 'statement';

const SOCKET_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'ENOENT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
]);
// node-postgres reports these without a code.
const UNAVAILABLE_TEXTS =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Client was closed)/;

/** Thrown inside {@link withTransaction} when another transaction got in between: the work is run again. */
export class Conflict extends Error {
  override readonly name = 'Conflict';
}

/** True for the violation of a unique constraint. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.code === '23505';
}

/** Classifies an error thrown by node-postgres; undefined when it did not come from the database. */
export function databaseFailure(error: unknown): DatabaseFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof Conflict) return 'conflict';
  const code = (error as { code?: unknown }).code;
  if (error instanceof pg.DatabaseError) {
    const state = error.code ?? '';
    if (isUnavailableState(state)) return 'unavailable';
    return state === '40001' || state === '40P01' ? 'conflict' : 'statement';
  }
  const isSocket = 'syscall' in error && typeof code === 'string' && SOCKET_ERRORS.has(code);
  if (isSocket || UNAVAILABLE_TEXTS.test(error.message)) return 'unavailable';
  return error instanceof AggregateError ? firstFailure(error.errors) : undefined;
}

// Node reports a refused connection to a name with several addresses as one AggregateError.
function firstFailure(errors: readonly unknown[]): DatabaseFailure | undefined {
  for (const error of errors) {
    const failure = databaseFailure(error);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

/** Whether the database of a pool answers someone who comes past the pool, even if only to turn him away. */
export async function isReachable(pool: Pool): Promise<boolean> {
  const { connectionString } = pool.options;
  const client = new pg.Client({ connectionString, connectionTimeoutMillis: 5_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch (error) {
    return error instanceof pg.DatabaseError;
  } finally {
    await client.end().catch(() => {});
  }
}

const ATTEMPTS_MAX = 4;

/**
 * Runs `work` in one transaction: committed when it returns, rolled back when it throws. A deadlock or
 * serialization failure (or a {@link Conflict}) runs `work` again, so it must do nothing but SQL.
 */
export async function withTransaction<T>(
  pool: Pool,
  work: (tx: Transaction) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await runOnce(pool, work);
    } catch (error) {
      if (attempt >= ATTEMPTS_MAX || databaseFailure(error) !== 'conflict') throw error;
    }
  }
}

async function runOnce<T>(pool: Pool, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error): void => {
    broken = error;
  };
  // A connection that dies between two statements reports it here; unheard, it would end the process.
  client.on('error', onError);
  try {
    await client.query('begin');
    const result = await work(client as unknown as Transaction);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((failed: Error) => {
      broken = failed;
    });
    throw error;
  } finally {
    client.off('error', onError);
    client.release(broken);
  }
}
