import { expect, test } from 'vitest';
import type { RewardEligibility, RewardVersion } from '../kernel/reward.ts';
import { type MemberFacts, missingOf, UNMET_CODES, unmetOf } from './eligibility.ts';
import { wordsOf } from './eligibility-words.ts';
import { anId, aReward, SHOP } from './testing/told.ts';

const somebody: MemberFacts = {
  tier: 'silver',
  merchantTiers: new Map(),
  creditBand: null,
  segments: ['jeans'],
  isChild: false,
  available: new Map([['points', 600]]),
  redeemed: new Set(),
  redeemedOf: new Set(),
};
const TODAY = '2027-06-18';
const unmet = (
  eligibility: RewardEligibility,
  more: Partial<MemberFacts> = {},
  about: Partial<RewardVersion> = {},
) => unmetOf(aReward({ eligibility }, about), { ...somebody, ...more }, TODAY);

test.each<[string, RewardEligibility, Partial<MemberFacts>, object | null]>([
  ['nothing is asked', {}, {}, null],
  ['a child', { age: { from: 14 } }, { isChild: true }, { code: 'age', wanted: '14' }],
  ['nobody known to be one', { age: { from: 14 } }, {}, null],
  [
    'a lower tier',
    { tiers: ['gold', 'black'] },
    {},
    { code: 'tier', wanted: 'gold, black', found: 'silver' },
  ],
  ['no tier', { tiers: ['gold'] }, { tier: null }, { code: 'tier', found: '-' }],
  ['the tier', { tiers: ['silver'] }, {}, null],
  [
    'another tier of the merchant',
    { tiers: ['silver'] },
    { merchantTiers: new Map([[SHOP, 'vip']]) },
    { code: 'tier', found: 'vip' },
  ],
  [
    'none of the merchant’s',
    { tiers: ['silver'] },
    { merchantTiers: new Map([[SHOP, null]]) },
    { code: 'tier', found: '-' },
  ],
  ['no band', { creditBands: ['a'] }, {}, { code: 'credit_band', wanted: 'a', found: '-' }],
  ['the band', { creditBands: ['a'] }, { creditBand: 'a' }, null],
  ['another segment', { segments: ['dresses'] }, {}, { code: 'segment', found: 'jeans' }],
  ['one of the segments', { segments: ['dresses', 'jeans'] }, {}, null],
  ['a first time', { firstTime: 'merchant' }, {}, null],
  [
    'a second one at the merchant',
    { firstTime: 'merchant' },
    { redeemedOf: new Set([SHOP]) },
    { code: 'first_time', wanted: 'merchant' },
  ],
  [
    'a second one elsewhere',
    { firstTime: 'merchant' },
    { redeemedOf: new Set([anId(), null]) },
    null,
  ],
  [
    'too little',
    { balanceFloor: { pointType: 'points', points: 601 } },
    {},
    { code: 'balance_floor', wanted: '601 points', found: '600 points' },
  ],
  ['just enough', { balanceFloor: { pointType: 'points', points: 600 } }, {}, null],
  [
    'none of that type',
    { balanceFloor: { pointType: 'green', points: 1 } },
    {},
    { code: 'balance_floor', found: '0 green' },
  ],
  ['the first of two reasons', { tiers: ['gold'], segments: ['dresses'] }, {}, { code: 'tier' }],
])('with %s', (_, eligibility, more, expected) => {
  const found = unmet(eligibility, more);
  if (expected === null) expect(found).toBeNull();
  else expect(found).toMatchObject(expected);
});

test('a reward is redeemed a first time once, and the operator’s tiers are the programme’s', () => {
  const reward = aReward({ eligibility: { firstTime: 'reward' } });
  expect(unmetOf(reward, { ...somebody, redeemed: new Set([reward.reward]) }, TODAY)).toMatchObject(
    { code: 'first_time', wanted: 'reward' },
  );
  expect(unmetOf(reward, { ...somebody, redeemedOf: new Set([SHOP]) }, TODAY)).toBeNull();
  const vip = { merchantTiers: new Map([[SHOP, 'vip']]) };
  expect(unmet({ tiers: ['silver'] }, vip, { merchant: null })).toBeNull();
});

test.each([
  [{ from: '2027-06-18', to: '2027-06-18' }, null],
  [{ from: '2027-06-19' }, 'not_offered_yet'],
  [{ to: '2027-06-17' }, 'not_offered_any_more'],
])('offered %o', (offered, code) => {
  expect(unmetOf(aReward({ offered }), somebody, TODAY)?.code ?? null).toBe(code);
});

test('what is lacking is told by type', () => {
  const price = [
    { pointType: 'points', points: 700 },
    { pointType: 'green', points: 5 },
  ];
  expect(missingOf(price, somebody)).toEqual([
    { pointType: 'points', points: 100 },
    { pointType: 'green', points: 5 },
  ]);
  expect(missingOf([{ pointType: 'points', points: 600 }], somebody)).toEqual([]);
});

test('every reason has its words in both languages, and a segment’s name is not among them', () => {
  for (const code of UNMET_CODES) {
    const { zh, en } = wordsOf({ code, wanted: 'dresses', found: 'jeans' });
    expect([zh, en].every((text) => text.length > 5)).toBe(true);
    if (code === 'segment') expect(zh + en).not.toContain('dresses');
  }
});
