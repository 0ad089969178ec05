import { formatOf } from '@hongmi/ui/format.ts';
import { expect, test } from 'vitest';
import { conditionsOf, type Offer, type OfferTongue } from './conditions.ts';
import { words } from './words.ts';

const tongueOf = (language: 'zh' | 'en'): OfferTongue => ({
  t: words[language],
  f: formatOf(language),
  points: (value, type) => formatOf(language).points(value, type === 'fine' ? 2 : 0),
  merchant: (id) => (id === 'mer_1' ? '果店' : id),
  weekday: (day) => `W${day}`,
  month: (month) => `M${month}`,
});
const offer: Offer = {
  ...{ versionId: 'rver_1', merchantId: null, on: '2027-06-01', until: null, today: true },
  ...{ because: [], personal: false, asksMore: false, limited: false },
  rule: {
    name: '双倍',
    on: 'order',
    when: {
      weekdays: [5],
      merchants: ['mer_1'],
      lines: { categories: ['melon'], minFen: 3_000 },
      member: { firstOrder: true },
    },
    earn: { kind: 'times', num: 2, den: 1 },
    terms: { caps: [{ per: 'month', points: 500 }] },
  },
  promotion: null,
};

test('says a line for each condition, in both languages', () => {
  expect(conditionsOf(offer, tongueOf('en'))).toEqual([
    'On W5',
    'At 果店',
    'Goods: melon',
    '¥30.00 or more of these goods',
    'Your first purchase there',
    'At most 500 points a month',
  ]);
  expect(conditionsOf(offer, tongueOf('zh'))).toHaveLength(6);
});

test('says the most there is in whole points, whatever decimals they have', () => {
  const terms = { pointType: 'fine', caps: [{ per: 'month' as const, points: 500 }] };
  const told = { ...offer, rule: offer.rule && { ...offer.rule, terms } };
  expect(conditionsOf(told, tongueOf('en'))).toContain('At most 5.00 points a month');
});

test('leaves codes of goods out where the merchant tells them in its own words', () => {
  const told = { ...offer, rule: offer.rule && { ...offer.rule, description: '瓜季双倍' } };
  expect(conditionsOf(told, tongueOf('en')).join()).not.toContain('melon');
});

test('says that there is more to it, and that it lasts as long as its budget', () => {
  const price = { kind: 'ratio', num: 4, den: 5 } as const;
  const promotion = { name: { zh: '兑换日' }, when: { monthDays: [18] }, price };
  const told = { ...offer, rule: null, promotion, asksMore: true, limited: true };
  expect(conditionsOf(told, tongueOf('en'))).toEqual([
    'Of all its rewards',
    'On days 18 of the month',
    'There is more to it: see its text',
    'As long as it lasts',
  ]);
});
