import { expect, test } from 'vitest';
import { showId } from '../kernel/id.ts';
import { compileRules } from './compile.ts';
import { explain } from './explain.ts';
import type { Conditions } from './rule.ts';
import { aRule, at, body, line, OTHER_SHOP, order, SHOP, version } from './testing/told.ts';

test('the steps of what fired, exactly', () => {
  const melons = version(
    body(
      { kind: 'times', num: 2, den: 1 },
      { lines: { categories: ['melon'] } },
      {
        terms: {
          caps: [
            { per: 'order', points: 30 },
            { per: 'month', points: 500 },
          ],
        },
      },
    ),
  );
  const stamps = aRule({ kind: 'fixed', points: 3, per: 'item' });
  const base = version(
    body({ kind: 'base', points: 3, perFen: 200 }, { lines: { skus: ['book'] } }),
  );
  const basket = [line(3150, { category: 'melon' }), line(999, { sku: 'book' })];
  expect(explain(compileRules([melons, stamps, base]), order(basket))).toEqual([
    {
      version: null,
      fired: true,
      points: 31,
      steps: [
        { code: 'base', facts: { fen: 3150, points: 1, perFen: 100 } },
        { code: 'rounded_down', facts: { points: 31 } },
      ],
    },
    {
      version: base.id,
      fired: true,
      points: 14,
      steps: [
        { code: 'base', facts: { fen: 999, points: 3, perFen: 200 } },
        { code: 'rounded_down', facts: { points: 14 } },
      ],
    },
    {
      version: melons.id,
      fired: true,
      points: 30,
      steps: [
        { code: 'base_of_lines', facts: { fen: 3150, points: 1, perFen: 100 } },
        { code: 'times', facts: { num: 2, den: 1 } },
        { code: 'rounded_down', facts: { points: 31 } },
        { code: 'capped', facts: { points: 30 } },
        { code: 'cap', facts: { per: 'month', points: 500 } },
      ],
    },
    {
      version: stamps.id,
      fired: true,
      points: 6,
      steps: [
        { code: 'fixed', facts: { points: 3, times: 2 } },
        { code: 'rounded_down', facts: { points: 6 } },
      ],
    },
  ]);
});

const gift = { kind: 'fixed', points: 1, per: 'order' } as const;

/** Why a rule with these conditions does not fire. */
function why(when: Conditions, ...more: Parameters<typeof order>) {
  const rule = aRule(gift, when);
  const outcome = explain(compileRules([rule]), order(...more)).find(
    (each) => each.version === rule.id,
  );
  if (outcome?.fired !== false) throw new Error('it fired');
  return [outcome.failed, outcome.wanted, outcome.found];
}

const basket = [line(1000, { category: 'fruit', zone: 'a', quantity: 2 })];
// Tuesday 1 June 2027, noon.
test.each<[string, Conditions, Parameters<typeof order>[1], string, string]>([
  [
    'when.merchants',
    { merchants: [OTHER_SHOP] },
    {},
    showId('merchant', OTHER_SHOP),
    showId('merchant', SHOP),
  ],
  ['when.merchantCategories', { merchantCategories: ['books'] }, {}, 'books', 'fruit'],
  ['when.stores', { stores: ['north', 'south'] }, {}, 'north, south', '-'],
  ['when.channels', { channels: ['web'] }, { channel: 'till' }, 'web', 'till'],
  ['when.tenders', { tenders: ['card'] }, { tenders: ['cash', 'coin'] }, 'card', 'cash, coin'],
  ['when.member.tiers', { member: { tiers: ['gold'] } }, {}, 'gold', '-'],
  ['when.member.creditBands', { member: { creditBands: ['good'] } }, {}, 'good', '-'],
  ['when.member.segments', { member: { segments: ['dress'] } }, {}, 'dress', '-'],
  ['when.member.firstOrder', { member: { firstOrder: true } }, {}, 'yes', '3 earlier'],
  [
    'when.member.birthday',
    { member: { birthday: 'day' } },
    { member: { birthday: '06-02' } },
    'day',
    '06-02',
  ],
  ['when.member.joinedWithinDays', { member: { joinedWithinDays: 30 } }, {}, '<= 30', '516'],
  ['when.dates', { dates: { from: '2027-06-02' } }, {}, '2027-06-02..', '2027-06-01'],
  ['when.dates', { dates: { to: '2027-05-31' } }, {}, '..2027-05-31', '2027-06-01'],
  ['when.weekdays', { weekdays: [6, 7] }, {}, '6, 7', '2'],
  ['when.monthDays', { monthDays: [15] }, {}, '15', '1'],
  ['when.hours', { hours: { from: '12:01', to: '14:00' } }, {}, '12:01-14:00', '12:00'],
  ['when.orderFen', { orderFen: { min: 2000, max: 9000 } }, {}, '2000-9000', '1000'],
  ['when.lines', { lines: { skus: ['tea'] } }, {}, '{"skus":["tea"]}', 'sku/fruit/a'],
  ['when.lines.green', { lines: { green: true } }, {}, 'yes', '-'],
  ['when.lines.minFen', { lines: { minFen: 1001 } }, {}, '>= 1001', '1000'],
  ['when.lines.minQuantity', { lines: { minQuantity: 3 } }, {}, '>= 3', '2'],
  ['when.expression', { expression: 'order.netFen > 1000' }, {}, 'order.netFen > 1000', 'false'],
  [
    'when.expression',
    { expression: '1 / (order.quantity - 2) > 0' },
    {},
    '1 / (order.quantity - 2) > 0',
    'division by zero',
  ],
])('%s fails', (failed, when, more, wanted, found) => {
  expect(why(when, basket, more)).toEqual([failed, wanted, found]);
});

test.each<[Conditions, Parameters<typeof order>[1]]>([
  [{ hours: { from: '22:00', to: '02:00' } }, { at: at('2027-06-01T17:59:59Z') }],
  [{ hours: { from: '22:00', to: '02:00' } }, { at: at('2027-06-01T14:00:00Z') }],
  [{ hours: { from: '08:00', to: '00:00' } }, { at: at('2027-06-01T15:59:59Z') }],
  [{ member: { birthday: 'day' } }, { member: { birthday: '06-01' } }],
  [{ member: { birthday: 'month' } }, { member: { birthday: '06-30' } }],
  // Born on 29 February: in other years the day before 1 March.
  [
    { member: { birthday: 'day' } },
    { at: at('2027-02-28T04:00:00Z'), member: { birthday: '02-29' } },
  ],
  [
    { member: { birthday: 'day' } },
    { at: at('2028-02-29T04:00:00Z'), member: { birthday: '02-29' } },
  ],
  [{ member: { joinedWithinDays: 0 } }, { member: { joinedAt: at('2027-05-31T16:00:00Z') } }],
  // The hour that a day of DST has twice is the same hour twice.
  [
    { hours: { from: '02:00', to: '03:00' }, dates: { from: '2027-10-31', to: '2027-10-31' } },
    { timeZone: 'Europe/Berlin', at: at('2027-10-31T01:30:00Z') },
  ],
  [{ monthDays: [31] }, { at: at('2027-08-30T16:00:00Z') }],
])('%j holds', (when, more) => {
  expect(() => why(when, basket, more)).toThrow('it fired');
});

test.each<[Conditions, Parameters<typeof order>[1], string]>([
  [{ hours: { from: '22:00', to: '02:00' } }, { at: at('2027-06-01T18:00:00Z') }, '02:00'],
  [{ hours: { from: '22:00', to: '02:00' } }, { at: at('2027-06-01T13:59:59Z') }, '21:59'],
  [
    { member: { birthday: 'day' } },
    { at: at('2028-02-28T04:00:00Z'), member: { birthday: '02-29' } },
    '02-29',
  ],
  // The hour that a day of DST has not.
  [
    { hours: { from: '02:00', to: '03:00' } },
    { timeZone: 'Europe/Berlin', at: at('2027-03-28T01:00:00Z') },
    '03:00',
  ],
  // An order from before the member joined.
  [{ member: { joinedWithinDays: 9 } }, { member: { joinedAt: at('2027-06-02T00:00:00Z') } }, '-1'],
])('%j does not hold', (when, more, found) => {
  expect(why(when, basket, more)[2]).toBe(found);
});

test('the first condition that fails is told, the cheap ones first', () => {
  const when = { expression: 'false', stores: ['north'], lines: { skus: ['tea'] } };
  expect(why(when, basket)[0]).toBe('when.stores');
});

test('zero always says why', () => {
  const extra = aRule({ kind: 'extra', points: 1, perFen: 5000 });
  const [own, more] = explain(compileRules([extra]), order([line(99)]));
  expect(own).toEqual({
    version: null,
    fired: false,
    failed: 'nothing',
    wanted: '>= 1',
    found: 'base 99 1 100, rounded_down 0',
  });
  expect(more).toMatchObject({ failed: 'nothing', found: 'extra 99 1 5000, rounded_down 0' });
});

test('a base without lines names those that took them, a group its winner', () => {
  const first = version(body({ kind: 'base', points: 1, perFen: 50 }, {}, { priority: 1 }), {
    code: 'first',
  });
  const second = version(body({ kind: 'base', points: 9, perFen: 50 }));
  const grouped = (points: number, code: string) =>
    version(body({ kind: 'fixed', points, per: 'order' }, {}, { group: 'g' }), { code });
  const [best, beaten] = [grouped(7, 'best'), grouped(5, 'beaten')];
  const outcomes = explain(compileRules([first, second, best, beaten]), order([line(100)]));
  expect(outcomes.map(({ fired }) => fired)).toEqual([false, true, false, false, true]);
  expect(outcomes[0]).toMatchObject({ version: null, failed: 'lines' });
  expect(outcomes[2]).toMatchObject({ version: second.id, failed: 'lines', found: 'first' });
  expect(outcomes[3]).toMatchObject({
    version: beaten.id,
    failed: 'group',
    found: '5, best gives 7',
  });
  expect(outcomes[4]).toMatchObject({ version: best.id, points: 7 });
});

test('rules for other triggers, of other merchants, and not in force are not told', () => {
  const rules = [
    version(body(gift), { merchant: OTHER_SHOP }),
    version(body(gift, {}, { on: 'share' })),
    version(body(gift), { until: at('2027-06-01T04:00:00Z') }),
  ];
  expect(explain(compileRules(rules), order([line(100)]))).toHaveLength(1);
  const shared = explain(compileRules(rules), order([], { on: 'share' }));
  expect(shared).toMatchObject([{ version: rules[1]?.id, fired: true, points: 1 }]);
});
