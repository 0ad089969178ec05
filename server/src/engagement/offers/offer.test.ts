import { expect, it } from 'vitest';
import type { PromotionVersion } from '../../catalogue/promotion.ts';
import { daysFrom } from './days.ts';
import { offerOfPromotion } from './offer.ts';

const days = daysFrom(Date.parse('2027-06-10T04:00:00Z'), 'Asia/Shanghai');
const whom = {
  ...{ birthday: '07-20', joinedAt: Date.parse('2026-01-31T04:00:00Z') },
  member: { tier: null, merchantTiers: new Map(), creditBand: null, segments: [] },
  boughtAt: new Set<never>(),
};
const promotion = (until: number | null, dates?: object[]) =>
  ({
    ...{ id: 'v', promotion: 'p', merchant: null, from: 0, until },
    body: { when: { memberMonth: 'birthday', ...(dates && { dates }) } },
  }) as unknown as PromotionVersion;

it('says of what holds in the month of a birthday that it ends with the month', () => {
  const told = offerOfPromotion(promotion(null), whom, days);
  expect([told?.on, told?.until]).toEqual(['2027-07-01', '2027-07-31']);
  const now = { ...whom, birthday: '06-30' };
  const today = offerOfPromotion(promotion(null), now, days);
  expect([today?.on, today?.until]).toEqual(['2027-06-10', '2027-06-30']);
});

it('says the day before that on which it ends itself', () => {
  const ended = promotion(Date.parse('2027-07-14T16:00:00Z'));
  expect(offerOfPromotion(ended, whom, days)?.until).toBe('2027-07-14');
  const season = promotion(null, [{ from: '2027-07-01', to: '2027-07-09' }]);
  expect(offerOfPromotion(season, whom, days)?.until).toBe('2027-07-09');
});
