import Type from 'typebox';
import { showId, type Uuid } from '../kernel/id.ts';
import { REWARD_PERIODS, type RewardPeriod } from '../kernel/reward.ts';
import { idOf, nullable, object } from '../platform/web/schema.ts';

/** How many units of a reward there still are, for one member, at one moment. */
export interface Left {
  /** Null: without limit. */
  readonly stock: number | null;
  /** By the limits of the terms, in the period of the moment: how many more the member gets. */
  readonly limits: readonly { readonly per: RewardPeriod; readonly left: number }[];
  /** By the quotas of the terms: how many more each merchant gives out. */
  readonly quotas: readonly {
    readonly merchant: Uuid;
    readonly per: RewardPeriod;
    readonly left: number;
  }[];
}

const Period = Type.Enum([...REWARD_PERIODS]);

export const LeftShown = object(
  {
    stock: { ...nullable(Type.Integer()), description: 'Null: without limit.' },
    limits: Type.Array(object({ per: Period, left: Type.Integer() }), {
      description: 'How many more the member gets in this day, week, month, year.',
    }),
    quotas: Type.Array(
      object({ merchantId: idOf('merchant'), per: Period, left: Type.Integer() }),
      {
        description: 'How many more each merchant gives out.',
      },
    ),
  },
  { title: 'RewardLeft', description: 'In units of the reward.' },
);

/** `only`: to a merchant, its own quotas. */
export function showLeft(
  { stock, limits, quotas }: Left,
  only: Uuid | null,
): Type.Static<typeof LeftShown> {
  return {
    stock,
    limits: [...limits],
    quotas: quotas
      .filter(({ merchant }) => only === null || merchant === only)
      .map(({ merchant, per, left }) => ({ merchantId: showId('merchant', merchant), per, left })),
  };
}
