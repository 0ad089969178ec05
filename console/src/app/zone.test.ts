import { expect, test } from 'vitest';
import { addDays, dayAt, endOfDay, lastDayBefore, startOfDay } from './zone.ts';

test.each([
  ['2026-03-01', 'Asia/Shanghai', '2026-02-28T16:00:00.000Z'],
  ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z'],
  ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
  ['2026-07-01', 'America/New_York', '2026-07-01T04:00:00.000Z'],
  ['2024-02-29', 'UTC', '2024-02-29T00:00:00.000Z'],
  // The clocks skip midnight there: the day begins at one.
  ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
])('%s begins in %s at %s', (day, zone, at) => {
  expect(startOfDay(day, zone)).toBe(at);
  expect(dayAt(at, zone)).toBe(day);
  expect(lastDayBefore(at, zone)).toBe(addDays(day, -1));
});

test('a last day counts with all its hours, also with more or fewer of them', () => {
  expect(endOfDay('2026-12-31', 'Asia/Shanghai')).toBe('2026-12-31T16:00:00.000Z');
  const zone = 'Europe/Berlin';
  for (const [day, hours] of [
    ['2026-03-29', 23],
    ['2026-10-25', 25],
    ['2026-07-01', 24],
  ] as const) {
    const ms = Date.parse(endOfDay(day, zone)) - Date.parse(startOfDay(day, zone));
    expect(ms).toBe(hours * 3_600_000);
    expect(lastDayBefore(endOfDay(day, zone), zone)).toBe(day);
  }
});

test('an instant is of the day that clocks show there', () => {
  expect(dayAt('2026-03-01T16:00:00Z', 'Asia/Shanghai')).toBe('2026-03-02');
  expect(dayAt('2026-03-01T04:59:59Z', 'America/New_York')).toBe('2026-02-28');
});

test('what is no day has no beginning', () =>
  expect(() => startOfDay('soon', 'Asia/Shanghai')).toThrow(RangeError));
