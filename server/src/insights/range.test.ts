import { expect, it } from 'vitest';
import { bucketsOf, rangeBefore, readRange } from './range.ts';

it('takes the last thirty days when nobody says which', () => {
  expect(readRange({}, '2026-11-23')).toEqual({ from: '2026-10-25', until: '2026-11-24' });
  expect(readRange({ until: '2026-03-01' }, '2026-11-23')?.from).toBe('2026-01-30');
  expect(readRange({ from: '2026-11-23' }, '2026-11-23')?.until).toBe('2026-11-24');
});

it.each([
  [{ from: '2026-02-29', until: '2026-03-02' }],
  [{ from: '2026-03-02', until: '2026-03-02' }],
  [{ from: '2026-03-03', until: '2026-03-02' }],
  [{ from: '2010-01-01', until: '2026-03-02' }],
])('refuses what are no days, or too many: %o', (asked) => {
  expect(readRange(asked, '2026-11-23')).toBeUndefined();
});

it('compares with as many days, and whole months with as many months', () => {
  expect(rangeBefore({ from: '2026-11-10', until: '2026-11-17' })).toEqual({
    from: '2026-11-03',
    until: '2026-11-10',
  });
  expect(rangeBefore({ from: '2026-03-01', until: '2026-04-01' })).toEqual({
    from: '2026-02-01',
    until: '2026-03-01',
  });
  expect(rangeBefore({ from: '2026-01-01', until: '2027-01-01' }).from).toBe('2025-01-01');
});

it('cuts buckets off at both ends', () => {
  expect(bucketsOf({ from: '2026-11-11', until: '2026-11-24' }, 'week')).toEqual([
    { from: '2026-11-11', until: '2026-11-16' },
    { from: '2026-11-16', until: '2026-11-23' },
    { from: '2026-11-23', until: '2026-11-24' },
  ]);
  expect(bucketsOf({ from: '2026-01-31', until: '2026-03-01' }, 'month')).toEqual([
    { from: '2026-01-31', until: '2026-02-01' },
    { from: '2026-02-01', until: '2026-03-01' },
  ]);
  expect(bucketsOf({ from: '2025-01-01', until: '2026-02-04' }, 'day')).toHaveLength(399);
  expect(bucketsOf({ from: '2025-01-01', until: '2026-02-07' }, 'day')).toBeUndefined();
});
