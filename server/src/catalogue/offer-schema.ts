import Type from 'typebox';
import { showId } from '../kernel/id.ts';
import { Code, idOf, nullable, object, PointsShown, pageOf } from '../platform/web/schema.ts';
import { type Claim, claimOf, type Fraction, showPercent } from './claim.ts';
import { UNMET_CODES } from './eligibility.ts';
import { wordsOf } from './eligibility-words.ts';
import { LeftShown } from './left-schema.ts';
import type { Offer } from './offers.ts';
import type { PromotionVersion } from './promotion.ts';
import { RewardTermsSchema, showTerms, words } from './terms-schema.ts';

const FractionShown = object(
  {
    num: Type.Integer(),
    den: Type.Integer(),
    percent: Type.String({ description: 'With one decimal.', examples: ['16.7'] }),
  },
  { title: 'ExactFraction' },
);

const Parts = Type.Array(object({ pointType: Code, points: PointsShown }));

const OfferedPriceShown = object(
  {
    option: Type.Integer({ description: 'The place of the price in the terms, from 0.' }),
    points: Parts,
    cashFen: Type.Integer(),
    plainPoints: Type.Array(object({ pointType: Code, points: PointsShown }), {
      description: 'What it costs without a promotion.',
    }),
    promotion: nullable(
      object(
        {
          versionId: idOf('promotionVersion'),
          name: words(100),
          discount: FractionShown,
          uplift: FractionShown,
        },
        {
          title: 'OfferedPromotion',
          description:
            'Computed from the points of both prices: `discount` is 1 − new / old, fewer points for the same; `uplift` is old / new − 1, what a point is worth more.',
        },
      ),
    ),
    missing: Type.Array(object({ pointType: Code, points: PointsShown }), {
      description: 'What the member lacks for it; empty: nothing.',
    }),
  },
  { title: 'OfferedPrice' },
);

const offer = {
  rewardId: idOf('reward'),
  versionId: idOf('rewardVersion'),
  code: Code,
  merchantId: nullable(idOf('merchant')),
  body: RewardTermsSchema,
  options: Type.Array(OfferedPriceShown, {
    description: 'The ways to pay that are open to the member.',
  }),
  unmet: nullable(
    object(
      {
        code: Type.Enum([...UNMET_CODES]),
        wanted: Type.String(),
        found: Type.String(),
        zh: Type.String(),
        en: Type.String(),
      },
      { title: 'UnmetCondition', description: 'The first that keeps the member from it.' },
    ),
  ),
  redeemable: Type.Boolean({
    description: 'Nothing keeps the member from it, and one option can be paid.',
  }),
};
const OfferShown = object(offer, { title: 'RewardOffer' });

export const OfferPage = pageOf(OfferShown, 'RewardOfferPage');
export const OneOffer = object({ ...offer, left: LeftShown }, { title: 'MemberReward' });

/** Whether a member can have it now, as far as limits and stock have some left. */
export function isRedeemable({ unmet, prices }: Offer): boolean {
  return unmet === null && prices.some(({ missing }) => missing.length === 0);
}

export function showOffer(offer: Offer): Type.Static<typeof OfferShown> {
  const { version, prices, unmet } = offer;
  return {
    rewardId: showId('reward', version.reward),
    versionId: showId('rewardVersion', version.id),
    code: version.code,
    merchantId: version.merchant === null ? null : showId('merchant', version.merchant),
    body: showTerms(version.body),
    options: prices.map(({ price: { option, points, cashFen, plain, promotion }, missing }) => ({
      option,
      points: [...points],
      cashFen,
      plainPoints: [...plain],
      promotion: promotion === null ? null : showPromotion(promotion, claimOf(plain, points)),
      missing: [...missing],
    })),
    unmet: unmet === null ? null : { ...unmet, ...wordsOf(unmet) },
    redeemable: isRedeemable(offer),
  };
}

function showPromotion({ id, body }: PromotionVersion, claim: Claim | null) {
  if (claim === null) throw new Error('what makes a price no cheaper is no promotion of it');
  return {
    versionId: showId('promotionVersion', id),
    name: body.name,
    discount: showFraction(claim.discount),
    uplift: showFraction(claim.uplift),
  };
}
const showFraction = (fraction: Fraction) => ({ ...fraction, percent: showPercent(fraction) });
