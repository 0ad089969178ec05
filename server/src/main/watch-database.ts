import type { Clock } from '../kernel/clock.ts';
import type { Pool } from '../platform/database.ts';
import { databaseFailure, isReachable } from '../platform/database.ts';

export interface DatabaseWatch {
  /** Looks now: something just saw the database fail. */
  look(): void;
  close(): Promise<void>;
}

export interface WatchOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  /** Brings a dead database back; called again, after a pause, while it fails. */
  readonly revive: () => Promise<void>;
  readonly onError: (error: unknown) => void;
  readonly everyMs?: number;
}

const EVERY_MS = 1_000;
const PAUSE_AFTER_FAILURE_MS = 3_000;

/** Keeps an eye on the embedded database, which nobody else would start again when it dies. */
export function watchDatabase({
  pool,
  clock,
  revive,
  onError,
  everyMs = EVERY_MS,
}: WatchOptions): DatabaseWatch {
  let looking: Promise<void> | undefined;
  let closed = false;
  let notBefore = 0;

  async function lookOnce(): Promise<void> {
    if (await isAlive(pool)) return;
    const left = notBefore - clock.now();
    // More than the whole pause: the machine's clock was set back.
    if (closed || (left > 0 && left <= PAUSE_AFTER_FAILURE_MS)) return;
    try {
      await revive();
    } catch (error) {
      notBefore = clock.now() + PAUSE_AFTER_FAILURE_MS;
      onError(error);
    }
  }

  function look(): void {
    if (closed) return;
    looking ??= lookOnce().finally(() => {
      looking = undefined;
    });
  }

  const timer = setInterval(look, everyMs);
  timer.unref();
  return {
    look,
    async close() {
      closed = true;
      clearInterval(timer);
      await looking;
    },
  };
}

async function isAlive(pool: Pool): Promise<boolean> {
  try {
    await pool.query('select 1');
    return true;
  } catch (error) {
    // A pool whose connections are all busy is no dead database, and one that connects in vain for all that
    // wait looks just as full: only a connection of its own can tell.
    return databaseFailure(error) !== 'unavailable' || (await isReachable(pool));
  }
}
