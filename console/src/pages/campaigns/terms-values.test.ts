import { expect, test } from 'vitest';
import { meaningOf, type Terms, termsOf, valuesOf } from './terms-values.ts';

const MELONS: Terms = {
  name: { zh: '瓜季', en: 'Melon season' },
  description: { zh: '当季' },
  kinds: ['goods'],
  when: {
    dates: [{ from: '2027-06-01', to: '2027-08-31' }, { from: '2028-06-01' }],
    weekdays: [1, 2],
    memberMonth: 'birthday',
  },
  price: { kind: 'ratio', num: 2, den: 3 },
  priority: 7,
  budget: [{ pointType: 'points', points: 1000 }],
};

test('what the form does not ask stays as it was', () => {
  expect(termsOf(valuesOf(MELONS), MELONS)).toEqual(MELONS);
  const fixed: Terms = {
    ...MELONS,
    price: { kind: 'fixed', pointType: 'points', points: 400 },
    budget: { points: 9 },
  };
  expect(termsOf(valuesOf(fixed), fixed)).toEqual(fixed);
});

test('what was taken away is gone', () => {
  const made = termsOf(
    { ...valuesOf(MELONS), weekdays: [], memberMonth: null, dates: undefined, percent: 75 },
    MELONS,
  );
  expect(made.when).toEqual({ dates: [{ from: '2028-06-01' }] });
  expect(made.price).toEqual({ kind: 'ratio', num: 75, den: 100 });
  expect('budget' in termsOf({ ...valuesOf(MELONS), budget: [] }, MELONS)).toBe(false);
});

test('a budget says of which points it is', () => {
  const share = { ...valuesOf(MELONS), budget: [{ pointType: 'green', points: 5 }] };
  expect(termsOf(share, undefined).budget).toEqual([{ pointType: 'green', points: 5 }]);
  // Where the price says it, a budget that did not stays as short as it was.
  const fixed: Terms = {
    ...MELONS,
    price: { kind: 'fixed', pointType: 'points', points: 400 },
    budget: { points: 9 },
  };
  const other = [{ pointType: 'green', points: 9 }];
  expect(termsOf({ ...valuesOf(fixed), budget: other }, fixed).budget).toEqual(other);
});

// S2, S4: 500 for 400 and 2,000 for 1,500.
test.each([
  [400, 500, 0.2, 0.25],
  [1500, 2000, 0.25, 1 / 3],
])('%i for %i is a discount and an uplift', (num, den, discount, uplift) => {
  expect(meaningOf({ num, den }).discount).toBeCloseTo(discount, 10);
  expect(meaningOf({ num, den }).uplift).toBeCloseTo(uplift, 10);
});
