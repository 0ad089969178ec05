import { expect, it } from 'vitest';
import { AHEAD_DAYS, daysFrom, firstDay, isOnDay, lastDay } from './days.ts';

const ZONE = 'Asia/Shanghai';
/** Half an hour before midnight there, on a Tuesday. */
const NOW = Date.parse('2027-06-01T15:30:00Z');
const days = daysFrom(NOW, ZONE);
const always = { from: 0, until: null };
const at = (text: string): number => Date.parse(text);

it('has today by the programme’s clock and the days ahead', () => {
  expect(days.list[0]).toMatchObject({ date: '2027-06-01', weekday: 2 });
  expect(days.list.at(-1)?.date).toBe('2027-07-31');
  expect(days.list).toHaveLength(AHEAD_DAYS + 1);
});

it('finds the first day on which a version counts and its times hold', () => {
  expect(firstDay(always, days, () => true)).toBe('2027-06-01');
  expect(firstDay(always, days, (day) => isOnDay({ weekdays: [7] }, day))).toBe('2027-06-06');
  expect(firstDay(always, days, (day) => isOnDay({ monthDays: [31] }, day))).toBe('2027-07-31');
  const season = { dates: { from: '2027-06-10', to: '2027-06-20' } };
  expect(firstDay(always, days, (day) => isOnDay(season, day))).toBe('2027-06-10');
  const announced = { from: at('2027-06-07T16:00:00Z'), until: null };
  expect(firstDay(announced, days, () => true)).toBe('2027-06-08');
});

it('finds none of what is over, is too far ahead, or ends before its day comes', () => {
  const on = (text: string) => ({ dates: { from: text, to: text } });
  expect(firstDay(always, days, (day) => isOnDay(on('2027-05-31'), day))).toBe(undefined);
  expect(firstDay(always, days, (day) => isOnDay(on('2027-08-01'), day))).toBe(undefined);
  expect(firstDay({ from: 0, until: NOW }, days, () => true)).toBe(undefined);
  // Until midnight, which is not included: the last moment of today.
  const today = { from: 0, until: at('2027-06-01T16:00:00Z') };
  expect(firstDay(today, days, () => true)).toBe('2027-06-01');
  expect(firstDay(today, days, (day) => isOnDay({ weekdays: [3] }, day))).toBe(undefined);
});

it('says the last day that is known: by its end, by its season, the sooner of both', () => {
  const ends = { from: 0, until: at('2027-06-30T16:00:00Z') };
  expect(lastDay(always, ZONE, undefined)).toBe(null);
  expect(lastDay(always, ZONE, '2027-06-20')).toBe('2027-06-20');
  expect(lastDay(ends, ZONE, undefined)).toBe('2027-06-30');
  expect(lastDay(ends, ZONE, '2027-07-20')).toBe('2027-06-30');
  expect(lastDay(ends, ZONE, '2027-06-20')).toBe('2027-06-20');
  expect(lastDay(ends, ZONE, undefined, '2027-06-11')).toBe('2027-06-11');
});
