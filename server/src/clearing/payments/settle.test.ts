import { expect, it } from 'vitest';
import { type Funded, settle } from './payment.ts';

const funded = (more: Partial<Funded>): Funded => ({
  ...{ inCustodyFen: 0, unsettledFen: 0, settledFen: 0, availableFen: 0 },
  ...more,
});
const nothing = { depositsFen: 0, nettedFen: 0, keptFen: 0, undoneFen: 0 };

it('instructs all of a position that no account stands behind', () => {
  expect(settle({ net: -70, owed: 90 }, null)).toEqual({ ...nothing, instructedFen: -70 });
  expect(settle({ net: 70, owed: -90 }, null)).toEqual({ ...nothing, instructedFen: 70 });
});

it('takes a debit from deposits first, as far as there are any and their points were used', () => {
  const position = { net: -70, owed: 90 };
  expect(settle(position, funded({ inCustodyFen: 500, unsettledFen: 90 }))).toEqual({
    ...nothing,
    ...{ instructedFen: 0, depositsFen: 70, nettedFen: 20 },
  });
  expect(settle(position, funded({ inCustodyFen: 30, unsettledFen: 40 }))).toEqual({
    ...nothing,
    ...{ instructedFen: -40, depositsFen: 30, nettedFen: 10 },
  });
});

it('keeps what points that came back were paid with in custody, but what the account has room for', () => {
  const position = { net: 100, owed: -100 };
  // Paid out of deposits: they must be there again for the points to be used.
  expect(settle(position, funded({ unsettledFen: -100 }))).toEqual({
    ...nothing,
    ...{ instructedFen: 0, keptFen: 100 },
  });
  // Paid by itself, which made as much room: that room is needed again, and the money is the merchant's.
  expect(
    settle(position, funded({ unsettledFen: -100, settledFen: 300, availableFen: 100 })),
  ).toEqual({ ...nothing, instructedFen: 100, undoneFen: 100 });
  // Of that room, 60 were used up since.
  expect(
    settle(position, funded({ unsettledFen: -100, settledFen: 300, availableFen: 40 })),
  ).toEqual({ ...nothing, instructedFen: 40, keptFen: 60, undoneFen: 40 });
  // A credit line that was lowered has none.
  expect(
    settle(position, funded({ unsettledFen: -100, settledFen: 300, availableFen: -40 })),
  ).toEqual({ ...nothing, instructedFen: 0, keptFen: 100 });
  // No more than there is to receive; the rest the next time.
  expect(settle({ net: -5, owed: 5 }, funded({ unsettledFen: -100 }))).toEqual({
    ...nothing,
    instructedFen: -5,
  });
});
