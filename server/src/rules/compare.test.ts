import { expect, test } from 'vitest';
import { compareBodies } from './compare.ts';
import type { Conditions, Effect, RuleBody, Terms } from './rule.ts';
import { anId, body } from './testing/told.ts';

const gift: Effect = { kind: 'fixed', points: 5, per: 'order' };
const plain = (when: Conditions = {}, terms: Terms = {}, earn: Effect = gift): RuleBody =>
  body(earn, when, { terms });

test('the same is no worse, whatever it is called and whoever pays', () => {
  const before = plain({ weekdays: [1, 2] }, { budget: anId() });
  const after = {
    ...before,
    name: 'another name',
    terms: { ...before.terms, funders: [{ merchant: anId(), share: 1 }] },
  };
  expect(compareBodies(before, after)).toEqual([]);
});

test.each<[Conditions, Conditions]>([
  [{ weekdays: [1] }, { weekdays: [2, 1] }],
  [{ weekdays: [1] }, {}],
  [{ dates: { from: '2027-06-01', to: '2027-06-30' } }, { dates: { from: '2027-05-31' } }],
  [{ hours: { from: '23:00', to: '01:00' } }, { hours: { from: '22:00', to: '02:00' } }],
  [{ hours: { from: '23:00', to: '02:00' } }, { hours: { from: '22:00', to: '02:00' } }],
  [{ hours: { from: '08:00', to: '09:00' } }, { hours: { from: '08:00', to: '00:00' } }],
  [{ orderFen: { min: 10, max: 20 } }, { orderFen: { min: 9, max: 21 } }],
  [{ lines: { skus: ['a'], green: true, minFen: 5 } }, { lines: { skus: ['b', 'a'], minFen: 5 } }],
  [{ lines: { minQuantity: 3 } }, { lines: { minQuantity: 2 } }],
  [{ member: { birthday: 'day' } }, { member: { birthday: 'month' } }],
  [{ member: { joinedWithinDays: 7 } }, { member: { joinedWithinDays: 8 } }],
  [{ member: { tiers: ['gold'], firstOrder: true } }, { member: { firstOrder: true } }],
  [{ expression: 'true' }, {}],
])('%j to %j is no worse, and back it is', (before, after) => {
  expect(compareBodies(plain(before), plain(after))).toEqual([]);
  expect(compareBodies(plain(after), plain(before))).toContainEqual(
    expect.objectContaining({ reason: 'narrower' }),
  );
});

test.each<[Conditions, Conditions, string]>([
  [{}, { tenders: ['card'] }, '/when/tenders'],
  [{ lines: { skus: ['a'] } }, { lines: { skus: ['a'], zones: ['b'] } }, '/when/lines/zones'],
  [{ member: { tiers: ['gold'] } }, { member: { segments: ['x'] } }, '/when/member/segments'],
  [{ expression: '1 < 2' }, { expression: '1  < 2' }, '/when/expression'],
  [
    { hours: { from: '22:00', to: '02:00' } },
    { hours: { from: '02:00', to: '22:00' } },
    '/when/hours',
  ],
  [{ dates: { to: '2027-06-30' } }, { dates: { to: '2027-06-29' } }, '/when/dates/to'],
])('%j to %j is narrower at %s', (before, after, path) => {
  expect(compareBodies(plain(before), plain(after))).toEqual([{ path, reason: 'narrower' }]);
});

test.each<[Effect, Effect, string | undefined]>([
  [gift, { ...gift, points: 4 }, 'gives_less'],
  [gift, { ...gift, points: 6 }, undefined],
  [gift, { ...gift, per: 'item' }, 'other_effect'],
  [gift, { kind: 'extra', points: 1, perFen: 1 }, 'other_effect'],
  [{ kind: 'extra', points: 1, perFen: 100 }, { kind: 'extra', points: 2, perFen: 200 }, undefined],
  [
    { kind: 'extra', points: 1, perFen: 100 },
    { kind: 'extra', points: 2, perFen: 201 },
    'gives_less',
  ],
  [{ kind: 'times', num: 3, den: 2 }, { kind: 'times', num: 6, den: 4 }, undefined],
  [{ kind: 'times', num: 3, den: 2 }, { kind: 'times', num: 7, den: 5 }, 'gives_less'],
])('%j to %j: %s', (before, after, reason) => {
  const found = compareBodies(plain({}, {}, before), plain({}, {}, after));
  expect(found.map((each) => each.reason)).toEqual(reason === undefined ? [] : [reason]);
});

const BUDGET = anId();
const CAMPAIGN: Terms = { budget: BUDGET, caps: [{ per: 'day', points: 5, campaign: true }] };
test.each<[Terms, Terms, string | undefined]>([
  [{}, { pointType: 'points' }, undefined],
  [{}, { pointType: 'green' }, 'other_points'],
  [{}, { expiry: { kind: 'none' } }, undefined],
  [{}, { expiry: { kind: 'rolling', years: 9 } }, 'lapses_sooner'],
  [{ expiry: { kind: 'none' } }, {}, 'lapses_sooner'],
  [
    { expiry: { kind: 'rolling', years: 1 } },
    { expiry: { kind: 'rolling', years: 1, days: 1 } },
    undefined,
  ],
  [
    { expiry: { kind: 'rolling', months: 12 } },
    { expiry: { kind: 'rolling', years: 1 } },
    'lapses_sooner',
  ],
  [
    { expiry: { kind: 'fixed', date: '2027-01-01' } },
    { expiry: { kind: 'fixed', date: '2027-01-02' } },
    undefined,
  ],
  [
    { expiry: { kind: 'end_of', period: 'month', after: 2 } },
    { expiry: { kind: 'end_of', period: 'month', after: 1 } },
    'lapses_sooner',
  ],
  [{ pendingDays: 1 }, {}, undefined],
  [{ pendingDays: 1 }, { pendingDays: 2 }, 'waits_longer'],
  [{ pendingDays: 9 }, { pendingDays: 9, available: 'on_completion' }, undefined],
  [{ pendingDays: 9, available: 'on_completion' }, { pendingDays: 8 }, 'waits_longer'],
  [{ pendingDays: 9, available: 'on_completion' }, {}, undefined],
  [{}, { pendingDays: 9, available: 'on_completion' }, 'waits_longer'],
  [{ caps: [{ per: 'day', points: 5 }] }, { caps: [{ per: 'day', points: 6 }] }, undefined],
  [{ caps: [{ per: 'day', points: 5 }] }, { caps: [{ per: 'day', points: 4 }] }, 'lower_cap'],
  [{ caps: [{ per: 'day', points: 5 }] }, { caps: [{ per: 'week', points: 50 }] }, 'lower_cap'],
  [CAMPAIGN, { ...CAMPAIGN }, undefined],
  [CAMPAIGN, { budget: BUDGET, caps: [{ per: 'day', points: 5 }] }, 'budget'],
  [{ budget: BUDGET }, {}, undefined],
  [{}, { budget: BUDGET }, 'budget'],
  [{ budget: BUDGET }, { budget: anId() }, 'budget'],
  // Whoever else draws on the budget would be left with less.
  [{ budget: BUDGET, pendingDays: 1 }, { budget: BUDGET }, 'budget'],
])('terms %j to %j: %s', (before, after, reason) => {
  const found = compareBodies(plain({}, before), plain({}, after));
  expect(found.map((each) => each.reason)).toEqual(reason === undefined ? [] : [reason]);
});

test('a cap that others count on as well is a lower one', () => {
  const own: Terms = { ...CAMPAIGN, caps: [{ per: 'day', points: 5 }] };
  const found = compareBodies(plain({}, own), plain({}, CAMPAIGN));
  expect(found.map((each) => each.reason)).toEqual(['lower_cap', 'budget']);
});

test('a base may only rise, a member of a group not change, another trigger is another rule', () => {
  const base = body({ kind: 'base', points: 1, perFen: 100 }, { weekdays: [1] });
  const reason = (before: RuleBody, after: RuleBody): string =>
    compareBodies(before, after)
      .map((found) => `${found.path} ${found.reason}`)
      .join(', ');
  expect(reason(base, { ...base, earn: { kind: 'base', points: 2, perFen: 100 } })).toBe('');
  expect(reason(base, { ...base, when: {} })).toBe('/when base_elsewhere');
  // It takes the place of other bases, or others have it no more to multiply.
  const both = '/earn/kind other_effect, /earn/kind base_elsewhere';
  expect(reason({ ...base, earn: gift }, base)).toBe(both);
  expect(reason(base, { ...base, earn: gift })).toBe(both);
  expect(reason(base, { ...base, priority: 3 })).toBe('/priority base_elsewhere');
  const grouped = { ...plain(), group: 'g' };
  expect(reason(plain(), grouped)).toBe('/group group');
  expect(reason(grouped, { ...grouped, earn: { ...gift, points: 9 } })).toBe('/group group');
  expect(reason(grouped, plain())).toBe('');
  expect(reason(grouped, { ...grouped, name: 'x' })).toBe('');
  expect(reason(plain(), { ...plain(), on: 'share' })).toBe('/on other_trigger');
});
