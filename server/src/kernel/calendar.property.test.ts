import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, it } from 'vitest';
import { addToDate } from './calendar.ts';
import { testSeed } from './testing/seed.ts';

it('adds years, months and days to dates as the calendar does', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1600-01-01'), max: new Date('9000-12-31'), noInvalidDate: true }),
      fc.record({ years: fc.nat(120), months: fc.nat(60), days: fc.nat(800) }),
      // To and fro, as Temporal has it: never both at once.
      fc.constantFrom(1, -1),
      (at, { years, months, days }, sign) => {
        const much = { years: sign * years, months: sign * months, days: sign * days };
        const date = at.toISOString().slice(0, 10);
        expect(addToDate(date, much)).toBe(Temporal.PlainDate.from(date).add(much).toString());
      },
    ),
    { seed: testSeed('calendar'), numRuns: 2_000 },
  );
});
