import { expect, test } from 'vitest';
import { compileRules } from './compile.ts';
import { look } from './live-rule.ts';
import type { Conditions } from './rule.ts';
import { Scene } from './scene.ts';
import { anId, at, body, line, order, SHOP, version } from './testing/told.ts';

const gift = { kind: 'fixed', points: 1, per: 'order' } as const;
const shops = Array.from({ length: 20 }, () => anId());
const conditions: readonly Conditions[] = [
  {},
  { lines: { skus: ['melon'] } },
  { lines: { categories: ['fruit'], zones: ['a'] } },
  { lines: { brands: ['sun'], green: true } },
  { weekdays: [2], monthDays: [1] },
  { hours: { from: '22:30', to: '12:10' } },
  { hours: { from: '11:00', to: '12:30' } },
  { hours: { from: '13:00', to: '13:30' } },
  { dates: { from: '2026-12-01', to: '2027-06-01' } },
  { dates: { from: '2027-06-02', to: '2027-06-30' } },
  { dates: { from: '2020-01-01', to: '2030-01-01' } },
  { tenders: ['card'], channels: ['web'] },
  { member: { tiers: ['gold'], segments: ['dress'] } },
  { member: { firstOrder: true } },
  { member: { birthday: 'month' } },
  { merchantCategories: ['fruit'], stores: ['north'] },
];
const rules = Array.from({ length: 300 }, (_, index) =>
  version(body(gift, conditions[index % conditions.length], { priority: index % 7 }), {
    merchant: Math.floor(index / conditions.length) % 3 === 0 ? null : (shops[index % 20] ?? SHOP),
  }),
);
const book = compileRules(rules);

test.each([
  order([line(100)]),
  order([line(100, { sku: 'melon' }), line(1, { category: 'fruit', zone: 'a' })]),
  order([line(100, { brand: 'sun', greenCertificate: 'G' })], {
    merchant: shops[4] as never,
    tenders: ['cash', 'card'],
    channel: 'web',
    store: 'north',
    member: { tier: 'gold', segments: ['dress'], earlierOrders: 0, birthday: '06-15' },
  }),
  order([line(100)], { at: at('2027-06-01T14:45:00Z') }),
])('of many rules few are looked at, and all that hold', (occasion) => {
  const index = book.inForce(occasion.at);
  const scene = new Scene(occasion);
  const candidates = index.candidatesFor(scene);
  const holding = index.rules.filter((rule) => look(rule, scene).failed === undefined);
  expect(holding.length).toBeGreaterThan(5);
  expect(candidates.filter((rule) => holding.includes(rule))).toEqual(holding);
  // By a precedence of their own, not by the place they were published in.
  expect(candidates).toEqual([...candidates].sort((a, b) => a.precedence - b.precedence));
  expect(candidates.length - holding.length).toBeLessThan(30);
});

test('rules of other triggers are not looked at', () => {
  const scene = new Scene(order([], { on: 'share' }));
  expect(book.inForce(scene.occasion.at).candidatesFor(scene)).toEqual([]);
});
