import { expect, test } from 'vitest';
import { monthsOf } from './months.ts';

const day = (day: string, points: number, pointType = 'points') => ({ day, points, pointType });

test('days are put into their months, with sums by point type', () => {
  const months = monthsOf([
    day('2027-03-31', 5),
    day('2026-12-31', 20),
    day('2026-12-15', 7),
    day('2026-12-31', 3, 'green'),
  ]);
  expect(months.map(({ month }) => month)).toEqual(['2026-12', '2027-03']);
  expect(months[0]?.days.map((each) => each.day)).toEqual([
    '2026-12-15',
    '2026-12-31',
    '2026-12-31',
  ]);
  expect([...(months[0]?.totals ?? [])]).toEqual([
    ['points', 27],
    ['green', 3],
  ]);
});

test('weeks begin on Monday and have every day of the month once', () => {
  // 1 March 2027 is a Monday; 1 August 2027 a Sunday; February 2028 has 29 days.
  const weeks = (month: string) => monthsOf([day(`${month}-01`, 1)])[0]?.weeks ?? [];
  expect(weeks('2027-03')[0]).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(weeks('2027-08')[0]).toEqual([null, null, null, null, null, null, 1]);
  expect(weeks('2027-08')).toHaveLength(6);
  const all = weeks('2028-02').flat();
  expect(all.filter((each) => each !== null)).toEqual(
    Array.from({ length: 29 }, (_, place) => place + 1),
  );
  expect(all.length % 7).toBe(0);
});
