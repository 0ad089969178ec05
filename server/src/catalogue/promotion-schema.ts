import Type from 'typebox';
import { showId } from '../kernel/id.ts';
import { REWARD_KINDS } from '../kernel/reward.ts';
import { Code, idOf, mustReadId, object, Points } from '../platform/web/schema.ts';
import type { PromotionTerms } from './promotion.ts';
import { DateText, PointsPartSchema, words } from './terms-schema.ts';

// The form of a promotion. What it means, promotion-problems.ts looks at.

const opt = Type.Optional;
const upTo = (maximum: number, minimum = 1) => Type.Integer({ minimum, maximum });
const list = <S extends Type.TSchema>(item: S, maxItems: number) =>
  Type.Array(item, { minItems: 1, maxItems });
const SEASONS_MAX = 100;
const REWARDS_MAX = 500;
const POINT_TYPES_MAX = 20;

const PriceSchema = Type.Union(
  [
    object(
      { kind: Type.Literal('ratio'), num: upTo(1_000_000), den: upTo(1_000_000) },
      { description: 'The points of every option × num / den, rounded up to whole points.' },
    ),
    object(
      { kind: Type.Literal('fixed'), pointType: Code, points: Points },
      { description: 'So many points, of every option that costs more of this type alone.' },
    ),
  ],
  { title: 'PromotionPrice' },
);

export const PromotionTermsSchema = object(
  {
    name: words(100),
    description: opt(words(2000)),
    rewards: opt(list(idOf('reward'), REWARDS_MAX)),
    kinds: opt(list(Type.Enum([...REWARD_KINDS]), REWARD_KINDS.length)),
    when: object(
      {
        dates: opt(list(object({ from: opt(DateText), to: opt(DateText) }), SEASONS_MAX)),
        months: opt(list(upTo(12), 12)),
        monthDays: opt(list(upTo(31), 31)),
        weekdays: opt(list(upTo(7), 7)),
        memberMonth: opt(Type.Enum(['birthday', 'anniversary'])),
      },
      { description: 'All must hold, by the programme’s time zone; of a list one entry.' },
    ),
    price: PriceSchema,
    priority: opt(upTo(1000, 0)),
    budget: opt(
      Type.Union([object({ points: Points }), list(PointsPartSchema, POINT_TYPES_MAX)], {
        title: 'PromotionBudget',
        description:
          'Spent by the points that are forgone, in all its versions: of a fixed price’s type, or of each type by itself.',
      }),
    ),
  },
  {
    title: 'PromotionTerms',
    description: 'What it is worth is computed for each price, and is not written here.',
  },
);

/** A promotion as requests and answers say it: with shown ids. */
export type PromotionTermsTold = Type.Static<typeof PromotionTermsSchema>;

/** The promotion that a request says, whose form the schema has checked. */
export function readPromotion({ rewards, ...told }: PromotionTermsTold): PromotionTerms {
  return {
    ...told,
    ...(rewards === undefined ? {} : { rewards: rewards.map((id) => mustReadId('reward', id)) }),
  };
}

/** A promotion as answers show it; {@link readPromotion} reads it back. */
export function showPromotion({ rewards, ...terms }: PromotionTerms): PromotionTermsTold {
  const shown = {
    ...terms,
    ...(rewards === undefined ? {} : { rewards: rewards.map((id) => showId('reward', id)) }),
  };
  // Only lists that cannot be written to differ from what the schema says.
  return shown as PromotionTermsTold;
}
