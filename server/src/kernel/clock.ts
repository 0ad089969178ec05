/** Milliseconds since the Unix epoch. Every instant in Hongmi is one, in the safe integer range. */
export type Instant = number;

/** Tills' clocks differ and queues take time: within this, what happened "now" happened now. */
export const CLOCK_SKEW_MS = 5 * 60_000;

/** Where the time comes from. Production code takes a clock; nothing else reads the machine's. */
export interface Clock {
  now(): Instant;
}

/** The machine's clock: made only by composition roots. */
export const systemClock: Clock = { now: () => Date.now() };

/** A clock that stands still until it is moved: for tests and simulations. */
export function manualClock(
  start: Instant,
): Clock & { set(to: Instant): void; advance(byMs: number): void } {
  let at = start;
  return {
    now: () => at,
    set: (to) => {
      at = to;
    },
    advance: (byMs) => {
      at += byMs;
    },
  };
}

/** The instant of an RFC 3339 date-time with a zone, or undefined. Fractions finer than 1 ms are cut. */
export function readInstant(text: string): Instant | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.exec(text);
  if (parts === null) return undefined;
  const at = Date.parse(text);
  // Date.parse takes the 30th of February for the 2nd of March.
  const midnight = Date.parse(`${parts[1]}T00:00:00Z`);
  if (Number.isNaN(at) || new Date(midnight).toISOString().slice(0, 10) !== parts[1])
    return undefined;
  return at;
}

const SHOWN_MAX = 256;
const shown = new Map<Instant, string>();

/** RFC 3339 in UTC, as every answer shows it. The answers of a moment show the same few instants. */
export function showInstant(at: Instant): string {
  let text = shown.get(at);
  if (text === undefined) {
    text = new Date(at).toISOString();
    if (shown.size >= SHOWN_MAX) shown.clear();
    shown.set(at, text);
  }
  return text;
}
