import type { Instant } from '../kernel/clock.ts';
import type { Redemption } from './redemption.ts';

const HOUR_MS = 3_600_000;

/**
 * Until when a member may change their mind about something, by its terms, this moment included: so many hours before what is booked
 * begins, or to its end where it is not used. What has no hour may be changed until it is used.
 */
export function changeableUntil({ terms, particulars }: Redemption): Instant {
  const { cancellation } = terms;
  if (cancellation.until === 'never') return Number.NEGATIVE_INFINITY;
  if (particulars?.kind !== 'booking') return Number.POSITIVE_INFINITY;
  if (cancellation.until === 'before_use') return particulars.endsAt - 1;
  return particulars.startsAt - cancellation.hours * HOUR_MS;
}
