import type { Instant } from './clock.ts';

/** Things that were begun and may not have come to their end, because of a crash or of what stands in their way. */
export interface Leftovers<T> {
  /** The first `limit` of those that wait since before `before`, oldest first, behind `after`; null: from the oldest on. */
  read(before: Instant, after: T | null, limit: number): Promise<readonly T[]>;
  /** Brings these to their ends as far as that can be, and may be repeated; answers how many ended. */
  finish(list: readonly T[]): Promise<number>;
}

/** What the settle job calls. */
export function resuming<T>(leftovers: Leftovers<T>): (before: Instant) => Promise<number> {
  return (before) => finishLeftovers(leftovers, before);
}

const PAGE = 500;
/** Ten million things; what is behind them waits for the next round. */
const PAGES_MAX = 20_000;
/** As many failures are told; there may be thousands, all alike. */
const TOLD_MAX = 10;

/**
 * Looks once at everything that waits since before `before` and finishes what can be finished; answers how many
 * that were. It never looks at the same thing twice in a round, and what fails fails alone, so that nothing is kept
 * waiting by what is older and cannot end. Fails at the end when something did.
 */
export async function finishLeftovers<T>(
  { read, finish }: Leftovers<T>,
  before: Instant,
  limit = PAGE,
): Promise<number> {
  const finishing = createFinishing(finish);
  let after: T | null = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const list = await read(before, after, limit);
    await finishing.finish(list);
    if (list.length < limit) break;
    after = list.at(-1) ?? null;
  }
  return finishing.end();
}

/** Finishes pages of things, of which each that fails fails alone. */
export function createFinishing<T>(finish: Leftovers<T>['finish']): {
  finish(list: readonly T[]): Promise<void>;
  /** How many ended; throws what failed. */
  end(): number;
} {
  const failures: unknown[] = [];
  let failed = 0;
  let done = 0;
  async function finishAll(list: readonly T[]): Promise<void> {
    if (list.length === 0) return;
    try {
      done += await finish(list);
    } catch (error) {
      if (list.length === 1) {
        failed += 1;
        if (failures.length < TOLD_MAX) failures.push(error);
        return;
      }
      const half = Math.ceil(list.length / 2);
      await finishAll(list.slice(0, half));
      await finishAll(list.slice(half));
    }
  }
  return {
    finish: finishAll,
    end() {
      if (failed > 0)
        throw new AggregateError(
          failures,
          `${failed} of what was left behind could not be finished`,
        );
      return done;
    },
  };
}

/** Does each of these by itself and answers the sum: what fails stops no other, and is thrown at the end, side by side. */
export async function eachAlone<T>(
  list: Iterable<T>,
  work: (each: T) => Promise<number>,
  message: string,
): Promise<number> {
  const failures: unknown[] = [];
  let sum = 0;
  for (const each of list) {
    try {
      sum += await work(each);
    } catch (error) {
      failures.push(...(error instanceof AggregateError ? error.errors : [error]));
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, message);
  return sum;
}
