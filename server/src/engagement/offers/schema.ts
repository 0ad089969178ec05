import Type from 'typebox';
import { PromotionTermsSchema, showPromotion } from '../../catalogue/promotion-schema.ts';
import { showId } from '../../kernel/id.ts';
import { idOf, nullable, object } from '../../platform/web/schema.ts';
import { RuleBodySchema, showBody } from '../../rules/body-schema.ts';
import type { MemberOffer } from './offer.ts';

const Day = Type.String({ examples: ['2027-06-01'] });

const BecauseShown = object(
  {
    kind: Type.Enum(['segment', 'credit_band', 'tier', 'new_member']),
    groups: Type.Array(object({ zh: Type.String(), en: Type.String() }), {
      description: 'Of `segment`: what the member is told they are in.',
    }),
  },
  { title: 'OfferReason' },
);

const OfferShown = object(
  {
    versionId: Type.Union([idOf('ruleVersion'), idOf('promotionVersion')]),
    merchantId: Type.Unsafe<string | null>({
      ...nullable(idOf('merchant')),
      description: 'Whose it is; null: the whole programme’s.',
    }),
    rule: Type.Union([RuleBodySchema, Type.Null()], {
      description: 'More points for what the member does; of it what members are told.',
    }),
    promotion: Type.Union([PromotionTermsSchema, Type.Null()], {
      description: 'Fewer points for rewards; likewise. One of both is there.',
    }),
    on: Type.String({ ...Day, description: 'The first day from today on, of the programme.' }),
    until: Type.Unsafe<string | null>({
      ...nullable(Day),
      description: 'The last day that is known; null: until further notice.',
    }),
    today: Type.Boolean(),
    because: Type.Array(BecauseShown, {
      description: 'Why this member sees it; empty: everybody does.',
    }),
    personal: Type.Boolean({
      description:
        'It is meant for a group that the member was put into, or for their credit band.',
    }),
    asksMore: Type.Boolean({ description: 'There is more to it than stands here: see its text.' }),
    limited: Type.Boolean({ description: 'As long as a budget lasts.' }),
  },
  { title: 'MemberOffer' },
);

export const OffersShown = object(
  { items: Type.Array(OfferShown) },
  { title: 'MemberOffers', description: 'Those of today first, then by day.' },
);

/** What members are told of the groups they are in, by code. */
export type GroupNames = ReadonlyMap<string, { readonly zh: string; readonly en: string }>;

export function showOffer(
  { version, merchant, what, on, until, because, asksMore, isLimited }: MemberOffer,
  today: string,
  names: GroupNames,
): Type.Static<typeof OfferShown> {
  const isRule = 'rule' in what;
  return {
    versionId: showId(isRule ? 'ruleVersion' : 'promotionVersion', version),
    merchantId: merchant === null ? null : showId('merchant', merchant),
    rule: isRule ? showBody(what.rule) : null,
    promotion: isRule ? null : showPromotion(what.promotion),
    ...{ on, until, today: on === today },
    because: because.map(({ kind, codes }) => ({
      kind,
      groups: codes.flatMap((code) => names.get(code) ?? []),
    })),
    personal: because.some(({ kind }) => kind === 'segment' || kind === 'credit_band'),
    ...{ asksMore, limited: isLimited },
  };
}
