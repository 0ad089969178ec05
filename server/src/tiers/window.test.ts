import { describe, expect, it } from 'vitest';
import { fallsOutOn, windowBefore, windowOn } from './window.ts';

const JOINED = '2024-02-29';

describe('the days that count', () => {
  it.each([
    [{ kind: 'calendar', unit: 'month' }, '2028-02-29', '2028-02-01', '2028-03-01'],
    [{ kind: 'calendar', unit: 'quarter' }, '2027-12-31', '2027-10-01', '2028-01-01'],
    [{ kind: 'calendar', unit: 'year' }, '2027-12-31', '2027-01-01', '2028-01-01'],
    [{ kind: 'calendar', unit: 'year' }, '2028-01-01', '2028-01-01', '2029-01-01'],
    // 29 February is 28 February in other years, and itself again in the next leap year.
    [{ kind: 'anniversary' }, '2025-02-27', '2024-02-29', '2025-02-28'],
    [{ kind: 'anniversary' }, '2025-02-28', '2025-02-28', '2026-02-28'],
    [{ kind: 'anniversary' }, '2028-02-28', '2027-02-28', '2028-02-29'],
    [{ kind: 'anniversary' }, '2028-02-29', '2028-02-29', '2029-02-28'],
    [{ kind: 'anniversary' }, '2024-02-28', '2023-02-28', '2024-02-29'],
    [{ kind: 'rolling', months: 12 }, '2028-02-29', '2027-03-01', '2028-03-01'],
    [{ kind: 'rolling', months: 1 }, '2027-03-31', '2027-03-01', '2027-04-01'],
    [{ kind: 'rolling', months: 1 }, '2027-03-28', '2027-03-01', '2027-03-29'],
    [{ kind: 'rolling', months: 1 }, '2027-03-27', '2027-02-28', '2027-03-28'],
  ] as const)('%j on %s', (window, day, from, until) => {
    expect(windowOn(window, day, JOINED)).toEqual({ from, until });
  });

  it('adjoin those before', () => {
    for (const window of [
      { kind: 'calendar', unit: 'quarter' },
      { kind: 'anniversary' },
    ] as const) {
      let now = windowOn(window, '2030-07-15', JOINED);
      for (let step = 0; step < 8; step += 1) {
        const before = windowBefore(window, now, JOINED);
        expect(before.until).toBe(now.from);
        now = before;
      }
    }
  });

  it('of a rolling window: a day falls out on the first day whose window begins after it', () => {
    expect(fallsOutOn(1, '2027-01-30')).toBe('2027-03-01');
    expect(fallsOutOn(1, '2027-02-28')).toBe('2027-03-28');
    expect(fallsOutOn(12, '2028-02-29')).toBe('2029-03-01');
    for (let n = 0; n < 800; n += 1) {
      const day = new Date(Date.UTC(2027, 0, 1) + n * 86_400_000).toISOString().slice(0, 10);
      for (const months of [1, 3, 12]) {
        const out = fallsOutOn(months, day);
        const before = new Date(Date.parse(out) - 86_400_000).toISOString().slice(0, 10);
        const window = { kind: 'rolling', months } as const;
        expect(windowOn(window, out, day).from > day).toBe(true);
        expect(windowOn(window, before, day).from <= day).toBe(true);
      }
    }
  });
});
