import { LRUCache } from 'lru-cache';
import type { Clock, Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';

/** Ten thousand searches go through all that four digits can be: at this pace that takes more than five hours. */
const SEARCHES_MAX = 30;
const WINDOW_MS = 60_000;
const MERCHANTS_MAX = 10_000;

/** Keeps a merchant from trying all numbers of four digits, in this process. */
export interface SearchPace {
  /** Takes one search; the seconds to wait when there are none left. */
  take(merchant: Uuid): number | null;
}

export function createSearchPace(clock: Clock): SearchPace {
  const windows = new LRUCache<Uuid, { readonly until: Instant; count: number }>({
    max: MERCHANTS_MAX,
  });
  return {
    take(merchant) {
      const now = clock.now();
      let window = windows.get(merchant);
      // Further away than a whole window: the machine's clock was set back.
      if (window === undefined || window.until <= now || window.until - now > WINDOW_MS) {
        window = { until: now + WINDOW_MS, count: 0 };
        windows.set(merchant, window);
      }
      if (window.count >= SEARCHES_MAX) return Math.max(1, Math.ceil((window.until - now) / 1_000));
      window.count += 1;
      return null;
    },
  };
}
