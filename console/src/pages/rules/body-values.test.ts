import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { bodyOf, type RuleBody, valuesOf } from './body-values.ts';

const PACKS = new URL('../../../../packs/', import.meta.url);
const packs = readdirSync(PACKS).filter(
  (name) => name.endsWith('.json') && !name.includes('schema'),
);
const rules = packs.flatMap((name): [string, RuleBody][] => {
  const { rules: own = [] } = JSON.parse(readFileSync(new URL(name, PACKS), 'utf8'));
  return own.map(({ code, body }: { code: string; body: RuleBody }) => [`${name} ${code}`, body]);
});

test.each(rules)('%s is the same after the form', (_, body) => {
  expect(rules.length).toBeGreaterThan(30);
  expect(bodyOf(valuesOf(body))).toEqual(body);
});

const EVERYTHING: RuleBody = {
  name: '样样都有',
  description: 'Everything there is',
  on: 'order',
  when: {
    merchants: ['mer_01h455vb4pex5vsknk084sn02q'],
    merchantCategories: ['fruit'],
    stores: ['north'],
    channels: ['app'],
    tenders: ['cash'],
    dates: { to: '2027-08-31' },
    weekdays: [6, 7],
    monthDays: [1],
    hours: { from: '22:00', to: '02:00' },
    orderFen: { min: 1, max: 123_456 },
    lines: {
      skus: ['a'],
      brands: ['b'],
      categories: ['c'],
      zones: ['d'],
      green: true,
      minFen: 0,
      minQuantity: 3,
    },
    member: {
      tiers: ['gold'],
      creditBands: ['a'],
      segments: ['s'],
      firstOrder: true,
      birthday: 'month',
      joinedWithinDays: 30,
    },
    expression: 'order.netFen > 5',
  },
  earn: { kind: 'times', num: 4, den: 3 },
  terms: {
    pointType: 'points',
    expiry: { kind: 'rolling', months: 18 },
    pendingDays: 30,
    available: 'on_completion',
    funders: [
      { merchant: 'seller', share: 1 },
      { merchant: 'mer_01h455vb4pex5vsknk084sn02q', share: 2 },
    ],
    caps: [
      { per: 'day', points: 5 },
      { per: 'month', points: 50, campaign: true },
    ],
    budget: 'bud_01h455vb4pex5vsknk084sn02q',
  },
  priority: 0,
  group: 'weekend',
};

describe('a rule', () => {
  test('with everything there is, is the same after the form', () => {
    expect(bodyOf(valuesOf(EVERYTHING))).toEqual(EVERYTHING);
  });

  test.each([
    [{ kind: 'none' }],
    [{ kind: 'end_of', period: 'quarter', after: 0 }],
    [{ kind: 'fixed', date: '2027-12-31' }],
    [{ kind: 'rolling', years: 6 }],
    [{ kind: 'rolling', months: 1, days: 15 }],
  ] as const)('keeps how long its points last: %j', (expiry) => {
    const body = { ...EVERYTHING, terms: { expiry } };
    expect(bodyOf(valuesOf(body))).toEqual(body);
  });

  test.each([
    ['2', 2, 1],
    ['1.5', 3, 2],
    ['1.25', 5, 4],
    ['4/3', 4, 3],
    [' 2.00 ', 2, 1],
  ])('takes %s times as %i / %i', (times, num, den) => {
    expect(bodyOf({ name: 'x', on: 'order', earn: 'times', times }).earn).toEqual({
      kind: 'times',
      num,
      den,
    });
  });

  test('says nothing of what was emptied', () => {
    const emptied = {
      ...valuesOf(EVERYTHING),
      dates: null,
      hoursFrom: '',
      hoursTo: null,
      orderMinYuan: null,
      orderMaxYuan: undefined,
      stores: [],
      expression: '  ',
      firstOrder: false,
    };
    expect(Object.keys(bodyOf(emptied).when)).toEqual([
      'merchants',
      'merchantCategories',
      'channels',
      'tenders',
      'weekdays',
      'monthDays',
      'lines',
      'member',
    ]);
    expect(bodyOf(emptied).when.member).not.toHaveProperty('firstOrder');
    expect(bodyOf({ name: 'x', on: 'order', earn: 'fixed', points: 5 })).toEqual({
      name: 'x',
      on: 'order',
      when: {},
      earn: { kind: 'fixed', points: 5, per: 'order' },
    });
  });
});
