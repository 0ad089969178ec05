/** Milliseconds since the Unix epoch. Every instant in Hongmi is one, in the safe integer range. */
export type Instant = number;

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
  if (!/^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/.test(text))
    return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

/** RFC 3339 in UTC, as every answer shows it. */
export function showInstant(at: Instant): string {
  return new Date(at).toISOString();
}
