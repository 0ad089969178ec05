import type { Instant } from '../../kernel/clock.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export const CODE_DIGITS = 6;
/** How long a code counts, and how often it may be tried: of a million codes five are guessed. */
export const CODE_LASTS_MS = 5 * MINUTE_MS;
export const TRIES_MAX = 5;

/** How long the request that a code was used by is answered again: its answer was lost on the way, and a page repeats it. */
export const REPEAT_MS = 2 * MINUTE_MS;

/** A session ends when it was not used so long, and in any case after so long. */
export const IDLE_MAX_MS = 30 * DAY_MS;
export const LASTS_MAX_MS = 180 * DAY_MS;

/** So long after its end it is known whose a session was: tills that were cut off tell late of codes (`LATE_MS`). */
export const ENDED_KEPT_MS = 4 * DAY_MS;

/** At most `max` in any `windowMs`. */
interface Limit {
  readonly windowMs: number;
  readonly max: number;
}

/** Of codes for one number: as vendors in China allow them (1 a minute, 5 an hour, 10 a day). */
export const OF_A_NUMBER: readonly Limit[] = [
  { windowMs: MINUTE_MS, max: 1 },
  { windowMs: HOUR_MS, max: 5 },
  { windowMs: DAY_MS, max: 10 },
];

/** Of codes that one network asks for: a shop's visitors may share one. */
export const OF_A_NETWORK: readonly Limit[] = [
  { windowMs: MINUTE_MS, max: 10 },
  { windowMs: HOUR_MS, max: 60 },
  { windowMs: DAY_MS, max: 300 },
];

/** Seconds until there may be another one; 0: now. `times` are those of a day, in any order. */
export function secondsToWait(
  times: readonly Instant[],
  limits: readonly Limit[],
  now: Instant,
): number {
  const newestFirst = [...times].sort((a, b) => b - a);
  const ends = limits.map(({ windowMs, max }) => {
    // The one that must be out of the window before there is room.
    const last = newestFirst[max - 1];
    return last === undefined ? now : last + windowMs;
  });
  return Math.ceil(Math.max(0, ...ends.map((end) => end - now)) / 1_000);
}
