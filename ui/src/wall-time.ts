/** What a clock on the wall shows, to the minute, as browsers write it in `<input type="datetime-local">`: `2026-03-01T09:30`. */
type WallTime = string;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatIn(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** What the clock shows at an instant, in a time zone. */
export function wallAt(at: string | Date, timeZone: string): WallTime {
  const parts = new Map(
    formatIn(timeZone)
      .formatToParts(new Date(at))
      .map(({ type, value }) => [type, value]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '00';
  return `${of('year').padStart(4, '0')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}`;
}

/**
 * The instant at which the clock shows that, as ISO 8601 in UTC. Of an hour that comes twice it is the first, of one that is left out the
 * instant after the gap. Undefined for what is no time.
 */
export function instantOf(wall: WallTime, timeZone: string): string | undefined {
  const asUtc = Date.parse(`${wall}Z`);
  if (Number.isNaN(asUtc)) return undefined;
  const offsetAt = (ms: number): number =>
    Date.parse(`${wallAt(new Date(ms), timeZone)}Z`) - Math.floor(ms / 60_000) * 60_000;
  // The offsets of a day before and a day after are all that can count: whichever leads back to that time.
  const tries = [offsetAt(asUtc - DAY_MS), offsetAt(asUtc + DAY_MS)].map((each) => asUtc - each);
  const exact = tries
    .filter((each) => Date.parse(`${wallAt(new Date(each), timeZone)}Z`) === asUtc)
    .sort((a, b) => a - b);
  return new Date(exact[0] ?? Math.max(...tries)).toISOString();
}

const DAY_MS = 86_400_000;
