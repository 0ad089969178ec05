import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { PATIENCE_MS } from '../kernel/testing/patience.ts';
import { createPool, type Pool } from '../platform/database.ts';
import { createTestDatabase, type TestDatabase } from '../platform/postgres/test-database.ts';
import { type Rounds, runRounds } from './rounds.ts';

let database: TestDatabase;
let admin: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  admin = createPool({ url: database.url, name: 'rounds-admin', connectionsMax: 2 });
});
afterAll(async () => {
  await admin.end();
  await database.drop();
});

interface Process {
  readonly pool: Pool;
  readonly errors: [string, unknown][];
  stop(): Promise<void>;
}
const processes: Process[] = [];
afterEach(async () => {
  for (const each of processes.splice(0)) await each.stop();
  await admin.query('delete from job_round');
});

function counter(): { count: number; readonly job: () => Promise<void> } {
  const made = {
    count: 0,
    job: async () => {
      made.count += 1;
    },
  };
  return made;
}

/** One of several processes on the same database. */
function start(jobs: Record<string, () => Promise<void>>, everyMs: number): Process {
  const errors: [string, unknown][] = [];
  const pool = createPool({ url: database.url, name: 'rounds-test', connectionsMax: 4 });
  const rounds: Rounds = runRounds({
    pool,
    jobs,
    everyMs,
    onError: (job, error) => errors.push([job, error]),
  });
  let stopping: Promise<void> | undefined;
  const made = {
    pool,
    errors,
    stop: () => {
      stopping ??= rounds.stop().then(() => pool.end());
      return stopping;
    },
  };
  processes.push(made);
  return made;
}

/** The longest round there is: one test sees no two of them. */
const AGES = 2 ** 31 - 1;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

it('does each job of a round in one process', async () => {
  const done: string[] = [];
  const job = (name: string) => async () => {
    done.push(name);
    await pause(20);
  };
  const jobs = Object.fromEntries(
    ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name, job(name)] as const),
  );
  const started = Array.from({ length: 4 }, () => start(jobs, AGES));
  await expect.poll(() => done.length, { timeout: PATIENCE_MS }).toBe(6);
  await Promise.all(started.map((each) => each.stop()));
  expect(done.sort()).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  expect(started.flatMap(({ errors }) => errors)).toEqual([]);
});

it('comes again every round, in whichever process is there', async () => {
  const [first, second] = [counter(), counter()];
  const leaver = start({ job: first.job }, 50);
  await expect.poll(() => first.count, { timeout: PATIENCE_MS }).toBeGreaterThan(2);
  start({ job: second.job }, 50);
  await leaver.stop();
  const before = second.count;
  await expect.poll(() => second.count, { timeout: PATIENCE_MS }).toBeGreaterThan(before + 2);
});

it('does not begin a job that is still under way, and lets the others pass it', async () => {
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const [slow, quick] = [counter(), counter()];
  const jobs = {
    slow: async () => {
      await slow.job();
      await ended;
    },
    quick: quick.job,
  };
  const both = [start(jobs, 50), start(jobs, 50)];
  await expect.poll(() => quick.count, { timeout: PATIENCE_MS }).toBeGreaterThan(5);
  expect(slow.count).toBe(1);
  // Stopping waits for what is under way.
  let stopped = false;
  const stopping = Promise.all(both.map((each) => each.stop())).then(() => {
    stopped = true;
  });
  await pause(100);
  expect(stopped).toBe(false);
  end();
  await stopping;
  expect(slow.count).toBe(1);
});

it('goes on in another process, and then in its own, when the connection breaks', async () => {
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const begun: string[] = [];
  const work = (name: string) => ({
    job: async () => {
      begun.push(name);
      if (begun.length === 1) await ended;
    },
  });
  const broken = start(work('first'), 50);
  await expect.poll(() => begun.length, { timeout: PATIENCE_MS }).toBe(1);
  const other = start(work('second'), 50);
  await pause(200);
  expect(begun).toEqual(['first']);
  await admin.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'rounds-test' and query like '%job_round%'",
  );
  await expect.poll(() => begun.includes('second'), { timeout: PATIENCE_MS }).toBe(true);
  await other.stop();
  end();
  // What it lost is told, once; and it takes part again.
  await expect.poll(() => broken.errors.length, { timeout: PATIENCE_MS }).toBe(1);
  const before = begun.length;
  await expect.poll(() => begun.length, { timeout: PATIENCE_MS }).toBeGreaterThan(before);
});

it('begins again when the clock of the database was set back', async () => {
  await admin.query("insert into job_round (job, round) values ('job', 1e15)");
  const begun = counter();
  start({ job: begun.job }, AGES);
  await expect.poll(() => begun.count, { timeout: PATIENCE_MS }).toBe(1);
});
