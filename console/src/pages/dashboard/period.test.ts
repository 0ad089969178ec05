import { expect, it } from 'vitest';
import { changeOf, looked, readPeriod } from './period.ts';

it('ends with today, or with the last whole month', () => {
  expect(looked('7d', '2026-03-03')).toEqual({
    from: '2026-02-25',
    until: '2026-03-04',
    by: 'day',
  });
  expect(looked('month', '2026-03-01')).toEqual({
    from: '2026-03-01',
    until: '2026-03-02',
    by: 'day',
  });
  expect(looked('last-month', '2026-01-31')).toEqual({
    from: '2025-12-01',
    until: '2026-01-01',
    by: 'day',
  });
  expect(looked('year', '2026-03-31')).toEqual({
    from: '2025-04-01',
    until: '2026-04-01',
    by: 'month',
  });
});

it('takes thirty days for what is no period', () => {
  expect(readPeriod('90d')).toBe('90d');
  expect(readPeriod('a while')).toBe('30d');
  expect(readPeriod(undefined)).toBe('30d');
});

it('compares with nothing where there was nothing', () => {
  expect(changeOf(120, 100)).toBeCloseTo(0.2);
  expect(changeOf(0, 100)).toBe(-1);
  expect(changeOf(5, 0)).toBeUndefined();
});
