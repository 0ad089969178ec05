import type { PoolClient } from 'pg';
import type { Pool } from '../platform/database.ts';

export interface Rounds {
  /** Begins no job any more, and waits for those under way. */
  stop(): Promise<void>;
}

export interface RoundsOptions {
  readonly pool: Pool;
  /** By name; they see to their own failures. */
  readonly jobs: Readonly<Record<string, () => Promise<void>>>;
  /** A job that could not be begun, or whose connection broke meanwhile: then another process may begin it too. */
  readonly onError: (job: string, error: unknown) => void;
  /** The same in all processes. */
  readonly everyMs?: number;
}

const MINUTE_MS = 60_000;
/** Of one round: a slow job must not keep the others waiting, nor all of them the requests. */
const AT_ONCE = 3;
/** The first number of the advisory lock that a job is done under; the second is the hash of its name. */
export const LOCK = 0x686d6a62;

/**
 * Runs every job once a minute, beginning at once, in one of all the processes that do so on this database. A
 * job that takes longer than a round is not begun again beside itself, anywhere. Who dies lets go: the lock
 * ends with the connection.
 */
export function runRounds({ pool, jobs, onError, everyMs = MINUTE_MS }: RoundsOptions): Rounds {
  const busy = new Set<string>();
  const rounds = new Set<Promise<void>>();
  let stopped = false;

  async function runJob(name: string, job: () => Promise<void>): Promise<void> {
    if (stopped || busy.has(name)) return;
    busy.add(name);
    try {
      await inTurn(pool, name, everyMs, job);
    } catch (error) {
      onError(name, error);
    } finally {
      busy.delete(name);
    }
  }

  function beginRound(): void {
    const waiting = Object.entries(jobs).values();
    const work = async (): Promise<void> => {
      for (const [name, job] of waiting) await runJob(name, job);
    };
    const round = Promise.all(Array.from({ length: AT_ONCE }, work)).then(() => {
      rounds.delete(round);
    });
    rounds.add(round);
  }

  const timer = setInterval(beginRound, everyMs);
  timer.unref();
  beginRound();
  return {
    async stop() {
      stopped = true;
      clearInterval(timer);
      await Promise.all(rounds);
    },
  };
}

/** Runs a job unless another process is at it or has begun it in this round. */
async function inTurn(
  pool: Pool,
  name: string,
  everyMs: number,
  job: () => Promise<void>,
): Promise<void> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    if (!(await take(client, name))) return;
    if (await begin(client, name, everyMs)) await job();
    await client.query('select pg_advisory_unlock($1, hashtext($2))', [LOCK, name]);
  } catch (error) {
    // With the connection goes the lock.
    broken = error as Error;
    throw error;
  } finally {
    client.release(broken);
  }
}

async function take(client: PoolClient, name: string): Promise<boolean> {
  const { rows } = await client.query<{ taken: boolean }>(
    'select pg_try_advisory_lock($1, hashtext($2)) as taken',
    [LOCK, name],
  );
  return rows[0]?.taken === true;
}

/** By the database's clock, which is one for all. A round of the future was begun before that clock was set back. */
async function begin(client: PoolClient, name: string, everyMs: number): Promise<boolean> {
  const { rowCount } = await client.query(
    `insert into job_round (job, round) values ($1, floor(extract(epoch from now()) * 1000 / $2::int))
     on conflict (job) do update set round = excluded.round where job_round.round <> excluded.round`,
    [name, everyMs],
  );
  return rowCount === 1;
}
