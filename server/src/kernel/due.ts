import { createFinishing } from './leftovers.ts';

/** Things whose time has come, and which are due no more once they are finished. */
export interface Due<T> {
  /** The first `limit` that are due, longest due first, but none of these. */
  read(but: readonly T[], limit: number): Promise<readonly T[]>;
  /** Finishes these, and may be repeated; answers those of which something was done. */
  finish(list: readonly T[]): Promise<readonly T[]>;
}

const PAGE = 500;
/** Ten million things; what is behind them waits for the next round. */
const PAGES_MAX = 20_000;
/** Passed over in one round: when so many fail, it is not their own trouble. */
const PASSED_MAX = 20_000;

/**
 * Finishes everything that is due, always from the front of its index, since what is finished leaves it; answers how many
 * things were done. What fails fails alone and is passed over for the rest of the round, as is what
 * somebody else is at, so that it keeps nothing waiting that is due later. Fails at the end when something did.
 */
export async function finishDue<T>({ read, finish }: Due<T>, limit = PAGE): Promise<number> {
  const passed: T[] = [];
  const finishing = createFinishing<T>(async (list) => {
    try {
      const done = new Set(await finish(list));
      passed.push(...list.filter((each) => !done.has(each)));
      return done.size;
    } catch (error) {
      // Else it is tried again in halves.
      if (list.length === 1) passed.push(...list);
      throw error;
    }
  });
  for (let page = 0; page < PAGES_MAX && passed.length <= PASSED_MAX; page += 1) {
    const list = await read(passed, limit);
    if (list.length === 0) break;
    await finishing.finish(list);
  }
  return finishing.end();
}
