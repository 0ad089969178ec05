import { readZone } from './time-zone.ts';

/** Reads a date of the file into milliseconds since the epoch; undefined when it is not one. */
export type ReadDate = (text: string) => number | undefined;

type Field = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'milli' | 'offset';

const TOKENS: Readonly<Record<string, readonly [Field, string]>> = {
  YYYY: ['year', '\\d{4}'],
  MM: ['month', '\\d{2}'],
  M: ['month', '\\d{1,2}'],
  DD: ['day', '\\d{2}'],
  D: ['day', '\\d{1,2}'],
  HH: ['hour', '\\d{2}'],
  H: ['hour', '\\d{1,2}'],
  mm: ['minute', '\\d{2}'],
  m: ['minute', '\\d{1,2}'],
  ss: ['second', '\\d{2}'],
  s: ['second', '\\d{1,2}'],
  SSS: ['milli', '\\d{3}'],
  Z: ['offset', 'Z|[+-]\\d{2}:?\\d{2}'],
};
// A letter that stands for itself: the T of ISO dates.
const LITERAL_LETTER = 'T';

/** Why a date format cannot be used. */
export type DateFormatFault = {
  readonly fault: 'token' | 'repeated' | 'incomplete';
  readonly at: string;
};

/**
 * Compiles a date format such as `YYYY-MM-DD HH:mm` or `M/D/YYYY H:mm`. Dates without `Z` (an offset)
 * are local times of `timeZone`; a time that the clocks skipped counts as the moment after, one that
 * came twice as the first.
 */
export function compileDateFormat(format: string, timeZone: string): ReadDate | DateFormatFault {
  const fields: Field[] = [];
  let pattern = '';
  for (const [part] of format.matchAll(/Y+|M+|D+|H+|m+|s+|S+|Z|./gsu)) {
    const token = TOKENS[part];
    if (token !== undefined) {
      if (fields.includes(token[0])) return { fault: 'repeated', at: part };
      fields.push(token[0]);
      pattern += `(${token[1]})`;
    } else if (part !== LITERAL_LETTER && /[A-Za-z]/.test(part)) {
      return { fault: 'token', at: part };
    } else {
      pattern += part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
    }
  }
  for (const needed of ['year', 'month', 'day'] as const) {
    if (!fields.includes(needed)) return { fault: 'incomplete', at: needed };
  }
  return readerOf(new RegExp(`^${pattern}$`), fields, timeZone);
}

function readerOf(pattern: RegExp, fields: readonly Field[], timeZone: string): ReadDate {
  const zone = readZone(timeZone);
  // Lines of one invoice, and of one minute, stand together.
  let lastText: string | undefined;
  let last: number | undefined;
  const read: ReadDate = (text) => {
    const found = pattern.exec(text);
    if (found === null) return undefined;
    const part = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0, milli: 0 };
    let offset: string | undefined;
    for (const [index, field] of fields.entries()) {
      const value = found[index + 1] ?? '';
      if (field === 'offset') offset = value;
      else part[field] = Number(value);
    }
    if (part.hour > 23 || part.minute > 59 || part.second > 59) return undefined;
    const wall = Date.UTC(
      part.year,
      part.month - 1,
      part.day,
      part.hour,
      part.minute,
      part.second,
      part.milli,
    );
    const date = new Date(wall);
    // February 30 would roll into March, and the years 0–99 into the 20th century.
    if (
      date.getUTCFullYear() !== part.year ||
      date.getUTCMonth() !== part.month - 1 ||
      date.getUTCDate() !== part.day
    ) {
      return undefined;
    }
    return offset === undefined ? zone(wall) : wall - offsetMs(offset);
  };
  return (text) => {
    if (text !== lastText) {
      lastText = text;
      last = read(text);
    }
    return last;
  };
}

function offsetMs(text: string): number {
  if (text === 'Z') return 0;
  const minutes = Number(text.slice(1, 3)) * 60 + Number(text.slice(-2));
  return (text.startsWith('-') ? -minutes : minutes) * 60_000;
}
