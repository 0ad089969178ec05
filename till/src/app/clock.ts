/**
 * The machine's time in ms since 1970, as it ran since the page was opened: a clock that somebody sets back meanwhile moves nothing
 * that happened. One that is ahead of that is followed: while a tablet sleeps, what counts the time of a page mostly does, too.
 */
export function createClock(wall: () => number, running: () => number): () => number {
  let began = wall() - running();
  return () => {
    const ran = running();
    began = Math.max(began, wall() - ran);
    return began + ran;
  };
}

export const machineNow = createClock(
  () => Date.now(),
  () => performance.now(),
);

/** The programme's time: what is rung up happened then, also where the machine's clock is wrong. `offsetMs` as it was measured last. */
export const instantAt = (offsetMs: number): string =>
  new Date(machineNow() + offsetMs).toISOString();

/** The calendar date of an instant somewhere, `2026-11-23`. */
export function dayIn(timeZone: string): (at: string) => string {
  // Of all locales Swedish writes dates as ISO 8601 does.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone });
  return (at) => format.format(new Date(at));
}
