import Type from 'typebox';
import type { Instant } from '../kernel/clock.ts';
import { showInstant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { showId } from '../kernel/id.ts';
import type { EarnRatio } from '../kernel/points.ts';
import { POINTS_MAX } from '../kernel/points.ts';
import { Code, InstantText, idOf, object, text } from '../platform/web/schema.ts';

export interface Merchant {
  readonly id: Uuid;
  /** The programme's number, as commands carry it. */
  readonly programme: number;
  readonly programmeCode: string;
  readonly name: string;
  readonly category: string;
  /** What an order earns: floor(net fen × points / perFen). */
  readonly earnRatio: EarnRatio;
  readonly createdAt: Instant;
}

const Ratio = object(
  {
    points: Type.Integer({ minimum: 1, maximum: POINTS_MAX }),
    perFen: Type.Integer({ minimum: 1, maximum: POINTS_MAX }),
  },
  {
    title: 'EarnRatio',
    description:
      '`points` for every `perFen` fen of an order, floored per order: {1, 100} is 1 point per ¥1.',
  },
);

export const NewMerchant = object(
  { name: text(200), category: text(100), earnRatio: Ratio, programme: Type.Optional(Code) },
  { title: 'NewMerchant' },
);

export const MerchantShown = object(
  {
    id: idOf('merchant'),
    name: Type.String(),
    category: Type.String(),
    earnRatio: Ratio,
    programme: Code,
    createdAt: InstantText,
  },
  { title: 'Merchant' },
);

export function showMerchant(merchant: Merchant): Type.Static<typeof MerchantShown> {
  return {
    id: showId('merchant', merchant.id),
    name: merchant.name,
    category: merchant.category,
    earnRatio: merchant.earnRatio,
    programme: merchant.programmeCode,
    createdAt: showInstant(merchant.createdAt),
  };
}
