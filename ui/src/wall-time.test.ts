import { expect, test } from 'vitest';
import { instantOf, wallAt } from './wall-time.ts';

test.each([
  ['2026-03-01T01:30', 'Asia/Shanghai', '2026-02-28T17:30:00.000Z'],
  ['2026-07-01T00:00', 'Europe/Berlin', '2026-06-30T22:00:00.000Z'],
  ['2026-01-01T00:00', 'Europe/Berlin', '2025-12-31T23:00:00.000Z'],
  ['2026-01-01T00:00', 'America/Los_Angeles', '2026-01-01T08:00:00.000Z'],
  ['2026-01-01T05:45', 'Asia/Kathmandu', '2026-01-01T00:00:00.000Z'],
])('%s in %s', (wall, timeZone, instant) => {
  expect(instantOf(wall, timeZone)).toBe(instant);
  expect(wallAt(instant, timeZone)).toBe(wall);
});

test('an hour that comes twice is the first, one that is left out the hour after it', () => {
  expect(instantOf('2026-10-25T02:30', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z');
  const skipped = instantOf('2026-03-29T02:30', 'Europe/Berlin');
  expect(wallAt(skipped ?? '', 'Europe/Berlin')).toBe('2026-03-29T03:30');
});

test('what is no time is no instant', () => {
  expect(instantOf('', 'Asia/Shanghai')).toBeUndefined();
  expect(instantOf('soon', 'Asia/Shanghai')).toBeUndefined();
});
