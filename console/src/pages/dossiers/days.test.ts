import { expect, it } from 'vitest';
import { dayOf, endOf, firstInstant, lastDayOf } from './days.ts';

const ZONE = 'Asia/Shanghai';

it('days of a document are days of the programme, and its last day counts', () => {
  expect(firstInstant('2026-03-01', ZONE)).toBe('2026-02-28T16:00:00.000Z');
  expect(endOf('2026-03-01', ZONE)).toBe('2026-03-01T16:00:00.000Z');
  expect(endOf('2026-12-31', ZONE)).toBe('2026-12-31T16:00:00.000Z');
  expect(lastDayOf(endOf('2028-02-29', ZONE), ZONE)).toBe('2028-02-29');
  expect(dayOf('2026-02-28T16:00:00.000Z', ZONE)).toBe('2026-03-01');
});

it('days of a place with summer time, too', () => {
  const zone = 'Europe/Berlin';
  for (const day of ['2026-03-29', '2026-10-25', '2026-07-01']) {
    expect(dayOf(firstInstant(day, zone), zone)).toBe(day);
    expect(lastDayOf(endOf(day, zone), zone)).toBe(day);
  }
  const hours =
    (Date.parse(endOf('2026-03-29', zone)) - Date.parse(firstInstant('2026-03-29', zone))) /
    3_600_000;
  expect(hours).toBe(23);
});
