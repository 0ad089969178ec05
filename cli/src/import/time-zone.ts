const DAY_MS = 86_400_000;
/** Days whose offset is remembered; asking the time zone database costs some 10 µs. */
const DAYS_KEPT = 4_000;

/** True for a name of the IANA time zone database. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * Turns local times of a zone into instants. A local time travels as the milliseconds it would be in
 * UTC. Skipped times count as the moment after the gap, repeated ones as the first (as Temporal's
 * `compatible` does).
 */
export function readZone(timeZone: string): (wall: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const offsetAt = (instant: number): number => {
    const part = Object.fromEntries(
      format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
    const wall = Date.UTC(year, month - 1, day, hour, minute, second);
    return wall - Math.floor(instant / 1000) * 1000;
  };
  // The offset of a day whose neighbours have it too; NaN on days near a change of clocks.
  const offsets = new Map<number, number>();
  const offsetOfDay = (day: number): number => {
    const known = offsets.get(day);
    if (known !== undefined) return known;
    const before = offsetAt((day - 1) * DAY_MS);
    const offset = before === offsetAt((day + 2) * DAY_MS) ? before : Number.NaN;
    if (offsets.size >= DAYS_KEPT) offsets.clear();
    offsets.set(day, offset);
    return offset;
  };
  return (wall) => {
    const offset = offsetOfDay(Math.floor(wall / DAY_MS));
    if (!Number.isNaN(offset)) return wall - offset;
    const earlier = wall - offsetAt(wall - DAY_MS);
    const later = wall - offsetAt(wall + DAY_MS);
    const fits = [earlier, later].filter((instant) => instant + offsetAt(instant) === wall);
    return fits.length === 0 ? earlier : Math.min(...fits);
  };
}
