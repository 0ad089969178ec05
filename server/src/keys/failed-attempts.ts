import { LRUCache } from 'lru-cache';
import type { Clock } from '../kernel/clock.ts';
import { networkOf } from '../platform/web/network.ts';

export interface AttemptLimits {
  readonly max: number;
  readonly windowMs: number;
  /** Addresses remembered; beyond it the longest unseen is forgotten. */
  readonly addressesMax: number;
}

const DEFAULTS: AttemptLimits = { max: 100, windowMs: 60_000, addressesMax: 10_000 };

interface Window {
  readonly until: number;
  count: number;
}

/** Counts unknown keys per address, so that guessing is slow and cannot load the database. */
export interface FailedAttempts {
  /**
   * Takes one attempt before its outcome is known (a burst must not pass while its first look-up runs);
   * the seconds to wait when there are none left, otherwise a function that gives the attempt back.
   */
  take(ip: string): { readonly retryAfterSeconds: number } | { readonly giveBack: () => void };
}

export function createFailedAttempts(
  clock: Clock,
  limits: AttemptLimits = DEFAULTS,
): FailedAttempts {
  const windows = new LRUCache<string, Window>({ max: limits.addressesMax });
  return {
    take(ip) {
      const address = networkOf(ip);
      const now = clock.now();
      let window = windows.get(address);
      // Further away than a whole window: the machine's clock was set back.
      if (window === undefined || window.until <= now || window.until - now > limits.windowMs) {
        window = { until: now + limits.windowMs, count: 0 };
        windows.set(address, window);
      }
      if (window.count >= limits.max)
        return { retryAfterSeconds: Math.max(1, Math.ceil((window.until - now) / 1000)) };
      window.count += 1;
      const taken = window;
      return {
        giveBack: () => {
          taken.count -= 1;
        },
      };
    },
  };
}
