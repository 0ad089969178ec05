import Type from 'typebox';
import type { Instant } from '../kernel/clock.ts';
import { showInstant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { showId } from '../kernel/id.ts';
import type { EarnRatio } from '../kernel/points.ts';
import { POINTS_MAX } from '../kernel/points.ts';
import { Code, InstantText, idOf, object, text } from '../platform/web/schema.ts';

/** What a merchant's orders earn from a moment on, by the programme's clock. */
export interface Term {
  readonly from: Instant;
  /** An order earns floor(net fen × points / perFen). */
  readonly earnRatio: EarnRatio;
}

export interface Merchant {
  readonly id: Uuid;
  /** The programme's number, as commands carry it. */
  readonly programme: number;
  readonly programmeCode: string;
  readonly name: string;
  readonly category: string;
  /** In the order in which they count, at least one; it takes part since the first. */
  readonly terms: readonly Term[];
  readonly createdAt: Instant;
  /** How far the programme's clock was from the machine's when this was read. */
  readonly clockOffsetMs: number;
}

/** What an order of that moment earns; one of before the merchant took part earns as it did at first. */
export function ratioAt({ terms }: Pick<Merchant, 'terms'>, at: Instant): EarnRatio {
  const term = terms.findLast(({ from }) => from <= at) ?? terms[0];
  if (term === undefined) throw new Error('a merchant takes part on some terms');
  return term.earnRatio;
}

export const RatioBody = object(
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
  { name: text(200), category: text(100), earnRatio: RatioBody, programme: Type.Optional(Code) },
  { title: 'NewMerchant' },
);

export const MerchantShown = object(
  {
    id: idOf('merchant'),
    name: Type.String(),
    category: Type.String(),
    earnRatio: RatioBody,
    programme: Code,
    joinedAt: Type.String({ ...InstantText, description: "By the programme's clock." }),
    createdAt: InstantText,
  },
  { title: 'Merchant', description: '`earnRatio` is the one in force now.' },
);

/** A merchant as answers show it; `now` is the machine's time. */
export function showMerchant(merchant: Merchant, now: Instant): Type.Static<typeof MerchantShown> {
  return {
    id: showId('merchant', merchant.id),
    name: merchant.name,
    category: merchant.category,
    earnRatio: ratioAt(merchant, now + merchant.clockOffsetMs),
    programme: merchant.programmeCode,
    joinedAt: showInstant(merchant.terms[0]?.from ?? merchant.createdAt),
    createdAt: showInstant(merchant.createdAt),
  };
}
