import { expect, test } from 'vitest';
import { byDay, dayPlus, isBookedNow, type Opening, targetOf } from './openings.ts';

const opening = (day: string, slot: string | null): Opening => ({
  ...{ day, slot, places: 3, left: 1, open: true },
  ...{ startsAt: `${day}T00:00:00.000Z`, endsAt: `${day}T01:00:00.000Z` },
});

test('days go on over months and leap days', () => {
  expect(dayPlus('2028-02-28', 2)).toBe('2028-03-01');
  expect(dayPlus('2027-01-01', -1)).toBe('2026-12-31');
});

test('openings are told day by day', () => {
  const [first, second, third] = [
    opening('2027-03-01', '09:00-10:00'),
    opening('2027-03-01', '10:00-11:00'),
    opening('2027-03-02', '09:00-10:00'),
  ];
  expect(byDay([first, second, third])).toEqual([
    ['2027-03-01', [first, second]],
    ['2027-03-02', [third]],
  ]);
});

test('a slot is moved to a slot, a day to a day, nights to as many nights', () => {
  const booked = { day: '2027-03-01', slot: null, until: null };
  expect(targetOf(opening('2027-03-05', '09:00-10:00'), booked)).toEqual({
    ...{ day: '2027-03-05', slot: '09:00-10:00' },
  });
  expect(targetOf(opening('2027-03-05', null), booked)).toEqual({ day: '2027-03-05' });
  expect(targetOf(opening('2027-03-30', null), { ...booked, until: '2027-03-04' })).toEqual({
    ...{ day: '2027-03-30', until: '2027-04-02' },
  });
});

test('where it is already is no other time', () => {
  const booked = { day: '2027-03-01', slot: '09:00-10:00', until: null };
  expect(isBookedNow(opening('2027-03-01', '09:00-10:00'), booked)).toBe(true);
  expect(isBookedNow(opening('2027-03-01', '10:00-11:00'), booked)).toBe(false);
});
