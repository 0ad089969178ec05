import Type from 'typebox';
import type { ExpiryPolicy } from '../kernel/expiry-policy.ts';
import { ExpiryPolicySchema } from '../platform/web/expiry-policy-schema.ts';
import { Code, InstantText, nullable, object, Points, text } from '../platform/web/schema.ts';

/** What `points` of a type are worth, for guidance: shown, never a price. */
export interface Guidance {
  readonly points: number;
  readonly fen: number;
}

/** A unit of points within a programme; amounts are integers, shown with `scale` decimals. */
export interface PointType {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly scale: number;
  /** Of points that are issued from now on, where nobody says otherwise. */
  readonly expiryPolicy: ExpiryPolicy;
  /** By how many months points of it slide, or slid when they were issued: they keep that for good. */
  readonly slideMonths: readonly number[];
  /** Whether members may give them to each other. */
  readonly transferable: boolean;
  readonly guidance: Guidance | null;
}

/** What of a point type may be changed: its code and scale give what was issued its meaning. */
export type PointTypeTerms = Pick<
  PointType,
  'name' | 'expiryPolicy' | 'slideMonths' | 'transferable' | 'guidance'
>;

const Scale = Type.Integer({
  minimum: 0,
  maximum: 6,
  description: 'Decimals shown; amounts are always integers.',
});
const GuidanceShown = object(
  { points: Points, fen: Points },
  {
    title: 'Guidance',
    description: 'So many points are worth so many fen: shown for guidance, never a price.',
  },
);
const Transferable = Type.Boolean({ description: 'Whether members may give them to each other.' });

export const NewPointType = object(
  {
    code: Code,
    name: text(100),
    scale: Type.Optional(Scale),
    expiryPolicy: Type.Optional(ExpiryPolicySchema),
    transferable: Type.Optional(Transferable),
    guidance: Type.Optional(GuidanceShown),
  },
  { title: 'NewPointType' },
);

/** From when a change of what members are promised counts. */
export const ChangeFrom = Type.Optional(
  Type.String({
    ...InstantText,
    description:
      'From when on, by the programme’s clock; without it, at once. What becomes worse for members needs the notice of the programme (`ruleNoticeDays`).',
  }),
);

/** What to change; absent terms stay. */
export const PointTypeChange = object(
  {
    name: Type.Optional(text(100)),
    expiryPolicy: Type.Optional(ExpiryPolicySchema),
    transferable: Type.Optional(Transferable),
    guidance: Type.Optional(nullable(GuidanceShown)),
    from: ChangeFrom,
  },
  { title: 'PointTypeChange' },
);

export const PointTypeShown = object(
  {
    code: Code,
    name: Type.String(),
    scale: Scale,
    expiryPolicy: ExpiryPolicySchema,
    transferable: Transferable,
    guidance: nullable(GuidanceShown),
  },
  { title: 'PointType' },
);

/** The point type a request describes. */
export function pointTypeToMake(asked: Type.Static<typeof NewPointType>): Omit<PointType, 'id'> {
  const expiryPolicy = asked.expiryPolicy ?? { kind: 'none' };
  return {
    code: asked.code,
    name: asked.name,
    scale: asked.scale ?? 0,
    expiryPolicy,
    slideMonths: expiryPolicy.kind === 'sliding' ? [expiryPolicy.months] : [],
    transferable: asked.transferable ?? true,
    guidance: asked.guidance ?? null,
  };
}

export function showPointType({
  id: _,
  slideMonths: __,
  ...shown
}: PointType): Type.Static<typeof PointTypeShown> {
  return shown;
}
