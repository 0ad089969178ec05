import { describe, expect, it } from 'vitest';
import { newId } from '../../kernel/id.ts';
import {
  type AskedBooking,
  type BookingRules,
  type BookingTerms,
  book,
  openingsOn,
} from './booking.ts';

const at = Date.parse('2026-03-01T00:00:00Z');
const [reward, merchant] = [newId(at), newId(at)];
const place = { reward, merchant, store: null };
const terms = (more: Partial<BookingTerms> = {}): BookingTerms => ({
  kind: 'booking',
  unit: 'slot',
  noticeHours: 2,
  slots: [
    { weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '10:00', places: 4 },
    { from: '14:00', to: '16:00', places: 2 },
  ],
  ...more,
});
const rules = (more: Partial<BookingRules> = {}): BookingRules => ({
  ...{ terms: terms(), offered: undefined, timeZone: 'Asia/Shanghai' },
  ...more,
});
const shown = (instant: number): string => new Date(instant).toISOString();
const opened = (day: string, by: BookingRules) =>
  openingsOn(day, by).map(({ slot, startsAt, endsAt, places }) => [
    ...[slot, shown(startsAt), shown(endsAt), places],
  ]);
const ask = (asked: Omit<AskedBooking, 'kind'>, units = 1, by = rules()) =>
  book({ kind: 'booking', ...asked }, units, place, at, by);
const codeOf = (told: ReturnType<typeof book>) => ('code' in told ? told.code : null);

describe('what can be booked of a day', () => {
  it('goes by its weekday, in the time zone of the programme', () => {
    expect(opened('2026-03-02', rules())).toEqual([
      ['09:00-10:00', '2026-03-02T01:00:00.000Z', '2026-03-02T02:00:00.000Z', 4],
      ['14:00-16:00', '2026-03-02T06:00:00.000Z', '2026-03-02T08:00:00.000Z', 2],
    ]);
    expect(opened('2026-03-08', rules()).map(([slot]) => slot)).toEqual(['14:00-16:00']);
  });

  it('is nothing outside the days on which the reward is there', () => {
    const by = rules({ offered: { from: '2028-02-28', to: '2028-02-29' } });
    expect(opened('2028-02-29', by)).toHaveLength(2);
    expect([opened('2028-02-27', by), opened('2028-03-01', by)]).toEqual([[], []]);
  });

  it('lacks the hour that clocks skip, and has the one they show twice once', () => {
    const night = { from: '02:00', to: '03:00', places: 1 };
    const by = rules({ terms: terms({ slots: [night] }), timeZone: 'Europe/Berlin' });
    expect(opened('2026-03-28', by)).toHaveLength(1);
    expect(opened('2026-03-29', by)).toEqual([]);
    expect(opened('2026-10-25', by)).toEqual([
      ['02:00-03:00', '2026-10-25T00:00:00.000Z', '2026-10-25T02:00:00.000Z', 1],
    ]);
  });

  it('is all of it where days are booked, with as many places as it has in all of its hours', () => {
    expect(opened('2026-03-02', rules({ terms: terms({ unit: 'day' }) }))).toEqual([
      [null, '2026-03-02T01:00:00.000Z', '2026-03-02T08:00:00.000Z', 2],
    ]);
  });

  it('adds up the places of the same hours', () => {
    const slots = [1, 2].map((places) => ({ from: '09:00', to: '24:00', places }));
    expect(opened('2026-03-02', rules({ terms: terms({ slots }) }))).toEqual([
      ['09:00-24:00', '2026-03-02T01:00:00.000Z', '2026-03-02T16:00:00.000Z', 3],
    ]);
  });
});

describe('booking', () => {
  it('takes a place for each unit', () => {
    expect(ask({ day: '2026-03-02', slot: '09:00-10:00' }, 3)).toEqual({
      booking: {
        ...{ kind: 'booking', day: '2026-03-02', slot: '09:00-10:00', until: null },
        startsAt: Date.parse('2026-03-02T01:00:00Z'),
        endsAt: Date.parse('2026-03-02T02:00:00Z'),
      },
      counts: [
        {
          name: `${reward}/slot/${merchant}//2026-03-02/09:00-10:00`,
          ...{ of: 'slot', units: 3, max: 4 },
        },
      ],
    });
  });

  it('takes a place of every night, over a leap day too, until the end of the day of departure', () => {
    const slots = [{ from: '14:00', to: '24:00', places: 5 }];
    const by = rules({ terms: terms({ unit: 'night', slots }) });
    const stay = { day: '2028-02-28', until: '2028-03-01' };
    const now = Date.parse('2028-02-01T00:00:00Z');
    const told = book({ kind: 'booking', ...stay }, 4, place, now, by);
    if ('code' in told) throw new Error(told.code);
    expect(told.counts.map(({ name, units }) => [name.slice(-10), units])).toEqual([
      ['2028-02-28', 2],
      ['2028-02-29', 2],
    ]);
    expect(shown(told.booking.startsAt)).toBe('2028-02-28T06:00:00.000Z');
    expect(shown(told.booking.endsAt)).toBe('2028-03-01T16:00:00.000Z');
    expect(codeOf(book({ kind: 'booking', ...stay }, 3, place, now, by))).toBe('particulars_unfit');
  });

  it('is early enough to the millisecond', () => {
    const asked = { kind: 'booking', day: '2026-03-02', slot: '09:00-10:00' } as const;
    const last = Date.parse('2026-03-01T23:00:00Z');
    expect(codeOf(book(asked, 1, place, last, rules()))).toBe(null);
    expect(codeOf(book(asked, 1, place, last + 1, rules()))).toBe('booking_too_late');
    const noNotice = rules({ terms: terms({ noticeHours: 0 }) });
    const start = Date.parse('2026-03-02T01:00:00Z');
    expect(codeOf(book(asked, 1, place, start - 1, noNotice))).toBe(null);
    expect(codeOf(book(asked, 1, place, start, noNotice))).toBe('booking_too_late');
  });

  it('refuses what is not there, or not named as the terms ask', () => {
    expect(codeOf(ask({ day: '2026-03-07', slot: '09:00-10:00' }))).toBe('slot_not_offered');
    expect(codeOf(ask({ day: '2026-03-02', slot: '09:00-10:01' }))).toBe('slot_not_offered');
    expect(codeOf(ask({ day: '2026-02-28', slot: '14:00-16:00' }))).toBe('slot_not_offered');
    expect(codeOf(ask({ day: '2026-02-30', slot: '14:00-16:00' }))).toBe('slot_not_offered');
    expect(codeOf(ask({ day: '2027-03-02', slot: '14:00-16:00' }))).toBe(null);
    expect(codeOf(ask({ day: '2027-03-03', slot: '14:00-16:00' }))).toBe('slot_not_offered');
    expect(codeOf(ask({ day: '2026-03-02' }))).toBe('particulars_unfit');
    const day = rules({ terms: terms({ unit: 'day' }) });
    expect(codeOf(ask({ day: '2026-03-02', slot: '14:00-16:00' }, 1, day))).toBe(
      'particulars_unfit',
    );
    expect(codeOf(ask({ day: '2026-03-02' }, 1, day))).toBe(null);
    const night = rules({ terms: terms({ unit: 'night' }) });
    expect(codeOf(ask({ day: '2026-03-02' }, 1, night))).toBe('particulars_unfit');
    expect(codeOf(ask({ day: '2026-03-02', until: '2026-03-02' }, 1, night))).toBe(
      'slot_not_offered',
    );
    expect(codeOf(ask({ day: '2026-03-02', until: '2026-06-01' }, 91, night))).toBe(
      'slot_not_offered',
    );
  });
});
