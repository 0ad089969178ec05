import { expect, test } from 'vitest';
import { createCalendar } from './calendar.ts';

test.each([
  ['2027-01-31', { months: 1 }, '2027-02-28'],
  ['2027-12-31', { months: 2 }, '2028-02-29'],
  ['2027-12-31', { days: 1 }, '2028-01-01'],
  ['2028-02-28', { days: 2 }, '2028-03-01'],
  ['2027-01-01', { months: 24 }, '2029-01-01'],
  ['2027-01-01', {}, '2027-01-01'],
])('%s and %j is %s', (day, span, then) => {
  const calendar = createCalendar(new Date(`${day}T10:00:00+08:00`));
  const moved = calendar.pass(span);
  expect(moved).toEqual(new Date(`${then}T10:00:00+08:00`));
  expect(calendar.now()).toEqual(moved);
});
