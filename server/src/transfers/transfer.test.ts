import { expect, test } from 'vitest';
import { dayOf } from './transfer.ts';

test('the day of an instant is that of its time zone, whatever was asked before', () => {
  const midnight = Date.parse('2026-03-01T16:00:00Z');
  expect(dayOf(midnight - 1, 'Asia/Shanghai')).toBe('2026-03-01');
  expect(dayOf(midnight, 'Asia/Shanghai')).toBe('2026-03-02');
  expect(dayOf(midnight, 'UTC')).toBe('2026-03-01');
  expect(dayOf(midnight + 999, 'Asia/Shanghai')).toBe('2026-03-02');
  expect(dayOf(midnight - 1, 'Asia/Shanghai')).toBe('2026-03-01');
  // Until 1972 the clocks of Liberia were 44 minutes and 30 seconds behind.
  const inLiberia = Date.parse('1971-06-01T00:44:30Z');
  expect(dayOf(inLiberia - 1, 'Africa/Monrovia')).toBe('1971-05-31');
  expect(dayOf(inLiberia, 'Africa/Monrovia')).toBe('1971-06-01');
});
