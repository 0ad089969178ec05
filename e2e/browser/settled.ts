import type { BrowserContext, Page } from 'playwright-core';

/** Nothing was fetched for so long: the page is as it will be. */
const QUIET_MS = 200;

/** What is kept in a page for {@link settled}. */
interface Told {
  fetching?: number;
  fetched?: number;
  turn?: number;
  since?: number;
}

/** Makes all pages of a browser count what they fetch and were not answered yet; {@link settled} needs it. */
export const countFetches = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript(() => {
    const told = globalThis as Told;
    const real = globalThis.fetch;
    const count = (by: number): void => {
      told.fetching = (told.fetching ?? 0) + by;
    };
    globalThis.fetch = (...asked) => {
      count(1);
      return real(...asked).finally(() => count(-1));
    };
  });

/** Each wait counts its own quiet: what was quiet before a click says nothing of what comes after it. */
let turns = 0;

/**
 * Waits until a page has what `there` selects and nothing that `waiting` selects, and until nothing on it is on its way any more: parts
 * that are fetched after what is read first, charts once their data is there, and what is fetched anew while what was there still shows.
 */
export async function settled(page: Page, there: string, waiting: string): Promise<void> {
  turns += 1;
  await page.waitForFunction(
    ({ quietMs, turn, there, waiting }) => {
      const told = globalThis as Told;
      const fetched = performance.getEntriesByType('resource').length;
      const isThere =
        (told.fetching ?? 0) === 0 &&
        document.querySelector(there) !== null &&
        document.querySelector(waiting) === null;
      if (!isThere || told.fetched !== fetched || told.turn !== turn)
        told.since = performance.now();
      told.fetched = fetched;
      told.turn = turn;
      return performance.now() - (told.since ?? 0) > quietMs;
    },
    { quietMs: QUIET_MS, turn: turns, there, waiting },
    { polling: 'raf' },
  );
}
