import { CLOCK_SKEW_MS, type Instant } from './clock.ts';
import { type Refusal, refusal } from './refusal.ts';

/** How late a till that was cut off may tell: a long weekend. Without the right to backdate points then count from now. */
export const LATE_MS = 72 * 3600_000;

/**
 * When something that happened at `at` counts: null means when the ledger gets it. Only a caller who
 * may backdate can have it count earlier; without that right it must have happened within 72 hours.
 */
export function effectiveTime(
  at: Instant,
  now: Instant,
  mayBackdate: boolean,
): { readonly effectiveAt: Instant | null } | Refusal {
  if (mayBackdate) {
    if (at > now + CLOCK_SKEW_MS) return refusal('time_in_future', 'it cannot have happened yet');
    return { effectiveAt: at < now - CLOCK_SKEW_MS ? at : null };
  }
  if (at > now + CLOCK_SKEW_MS || at < now - LATE_MS) {
    return refusal(
      'backdating_not_allowed',
      'without the scope points:backdate it must have happened within the last 72 hours',
    );
  }
  return { effectiveAt: null };
}
