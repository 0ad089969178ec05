import { expect, test } from 'vitest';
import {
  addDays,
  addToDate,
  daysBetween,
  endOfDate,
  firstDayAfter,
  firstDayOf,
  isDate,
  localDate,
  localTime,
  nameOf,
  startOf,
  startOfDate,
} from './calendar.ts';

const BERLIN = 'Europe/Berlin';
const SHANGHAI = 'Asia/Shanghai';
const at = (text: string): number => Date.parse(text);

test('local time is that of the zone', () => {
  expect(localTime(at('2027-05-31T16:30:00Z'), SHANGHAI)).toEqual({
    date: '2027-06-01',
    year: 2027,
    month: 6,
    day: 1,
    weekday: 2,
    hour: 0,
    minute: 30,
  });
  expect(localDate(at('2027-05-31T15:59:59.999Z'), SHANGHAI)).toBe('2027-05-31');
});

test('on the days of DST the clock jumps and goes twice through an hour', () => {
  const hours = ['2027-03-28T00:59:59Z', '2027-03-28T01:00:00Z', '2027-10-31T00:30:00Z'];
  expect(hours.map((each) => localTime(at(each), BERLIN).hour)).toEqual([1, 3, 2]);
  expect(localTime(at('2027-10-31T01:30:00Z'), BERLIN).hour).toBe(2);
  const length = (date: string): number =>
    (endOfDate(date, BERLIN) - startOfDate(date, BERLIN)) / 3_600_000;
  expect(['2027-03-27', '2027-03-28', '2027-10-31'].map(length)).toEqual([24, 23, 25]);
});

test('what was looked at before does not change what is answered', () => {
  const instants = ['2026-12-31T23:30:00Z', '2027-07-01T12:00:00Z', '2027-11-01T12:00:00Z'];
  const told = (list: string[]): string[] =>
    list.map((each) => {
      const { date, hour } = localTime(at(each), BERLIN);
      return `${date} ${hour}`;
    });
  expect(told(instants)).toEqual(['2027-01-01 0', '2027-07-01 14', '2027-11-01 13']);
  expect(told([...instants].reverse())).toEqual(told(instants).reverse());
});

test('a local time agrees with Intl in any zone at any time, whatever was asked before', () => {
  const zones = [SHANGHAI, BERLIN, 'America/Sao_Paulo', 'Australia/Lord_Howe', 'Asia/Kathmandu'];
  for (const zone of zones) {
    const format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'short',
      hourCycle: 'h23',
    });
    for (let step = 0; step < 400; step += 1) {
      const instant = at('1985-01-01T00:00:00Z') + ((step * 7919) % 400) * 1087 * 3_600_000;
      const { date, hour, minute } = localTime(instant, zone);
      const two = (value: number): string => String(value).padStart(2, '0');
      expect(`${date}, ${two(hour)}:${two(minute)}`).toBe(format.format(instant));
    }
  }
});

test('a day begins when the clocks have been put forward at midnight', () => {
  expect(startOfDate('2018-11-04', 'America/Sao_Paulo')).toBe(at('2018-11-04T03:00:00Z'));
  expect(startOfDate('2027-06-01', SHANGHAI)).toBe(at('2027-05-31T16:00:00Z'));
});

test('days that exist', () => {
  const dates = ['2028-02-29', '2027-02-29', '2027-13-01', '2027-1-01', '2027-06-31', ''];
  expect(dates.map(isDate)).toEqual([true, false, false, false, false, false]);
});

test('later dates end with the month', () => {
  expect(addToDate('2027-01-31', { months: 1 })).toBe('2027-02-28');
  expect(addToDate('2028-02-29', { years: 1 })).toBe('2029-02-28');
  expect(addToDate('2027-12-31', { days: 1 })).toBe('2028-01-01');
  expect(daysBetween('2028-02-28', '2028-03-01')).toBe(2);
  expect(daysBetween('2027-06-02', '2027-06-01')).toBe(-1);
});

test('the same time of day, days later', () => {
  expect(addDays(at('2027-03-27T11:00:00Z'), 1, BERLIN)).toBe(at('2027-03-28T10:00:00Z'));
  expect(addDays(at('2027-03-27T01:30:00Z'), 1, BERLIN)).toBe(at('2027-03-28T01:30:00Z'));
  expect(addDays(5, 0, BERLIN)).toBe(5);
});

test('units begin, end and are called', () => {
  const told = (date: string): string[][] =>
    (['day', 'week', 'month', 'quarter', 'year'] as const).map((unit) => [
      firstDayOf(unit, date),
      firstDayAfter(unit, date),
      nameOf(unit, date),
    ]);
  expect(told('2027-08-18')).toEqual([
    ['2027-08-18', '2027-08-19', '2027-08-18'],
    ['2027-08-16', '2027-08-23', '2027-W33'],
    ['2027-08-01', '2027-09-01', '2027-08'],
    ['2027-07-01', '2027-10-01', '2027-Q3'],
    ['2027-01-01', '2028-01-01', '2027'],
  ]);
  expect(firstDayAfter('quarter', '2027-11-30', 2)).toBe('2028-07-01');
  // A week belongs to the year of its Thursday.
  expect(['2027-01-03', '2027-01-04', '2026-12-31'].map((date) => nameOf('week', date))).toEqual([
    '2026-W53',
    '2027-W01',
    '2026-W53',
  ]);
  expect(startOf('week', at('2027-08-18T12:00:00Z'), SHANGHAI)).toBe(at('2027-08-15T16:00:00Z'));
  expect(startOf('year', at('2027-08-18T12:00:00Z'), BERLIN)).toBe(at('2026-12-31T23:00:00Z'));
});
