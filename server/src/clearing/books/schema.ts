import Type from 'typebox';
import { Code, InstantText, idOf, nullable, object, text } from '../../platform/web/schema.ts';
import { BREAKAGE_MAX } from './history.ts';

const Vintage = Type.String({
  pattern: '^\\d{4}-(0[1-9]|1[0-2])$',
  description: 'The month from which points could be used. It goes along when they are given away.',
  examples: ['2026-03'],
});
const Ppm = Type.Integer({
  minimum: 0,
  maximum: BREAKAGE_MAX,
  description: 'Of a million points, how many are never used.',
});
/** 10,000 yuan a point. */
const MICRO_FEN_MAX = 1_000_000_000_000;
const MicroFen = Type.Integer({
  minimum: 0,
  maximum: MICRO_FEN_MAX,
  description: 'Micro-fen a point: a millionth of 0.01 yuan.',
});

export const BookPeriodShown = object(
  {
    id: idOf('bookPeriod'),
    programme: Code,
    number: Type.Integer(),
    clearingPeriodId: idOf('clearingPeriod'),
    timeZone: Type.String(),
    from: InstantText,
    until: InstantText,
    figuresHash: Type.String({ description: "SHA-256 of the roll-forward's CSV." }),
    closedAt: InstantText,
  },
  { title: 'BookPeriod', description: 'A period whose books are closed. It never changes.' },
);
export type BookPeriodShown = Type.Static<typeof BookPeriodShown>;

const Figure = Type.Integer();
const PointsFlow = object(
  {
    opening: Figure,
    issued: Figure,
    moved: Type.Integer({ description: 'Arrived by gift, merge or conversion, less what went.' }),
    takenBack: Figure,
    redeemed: Figure,
    settled: Type.Integer({ description: 'Gone into debts.' }),
    expired: Figure,
    closing: Figure,
  },
  { title: 'BookPoints' },
);
const FenFlow = object(
  {
    opening: Figure,
    issued: Figure,
    moved: Figure,
    takenBack: Figure,
    redeemed: Figure,
    settled: Figure,
    breakage: Type.Integer({
      description: 'Released for points that lapsed, or are expected never to be used.',
    }),
    catchUp: Type.Integer({ description: 'Released because an estimate changed.' }),
    closing: Figure,
  },
  {
    title: 'BookFen',
    description:
      'opening + issued + moved - takenBack - redeemed - settled - breakage - catchUp = closing.',
  },
);
export const RollForwardShown = object(
  {
    period: BookPeriodShown,
    totals: Type.Array(object({ pointType: Code, points: PointsFlow, fen: FenFlow })),
    cohorts: Type.Array(
      object({
        pointType: Code,
        vintage: Vintage,
        breakagePpm: nullable(Ppm),
        points: PointsFlow,
        fen: FenFlow,
      }),
    ),
  },
  { title: 'RollForward' },
);
export type RollForwardShown = Type.Static<typeof RollForwardShown>;

export const NewClosing = object({ programme: Type.Optional(Code) }, { title: 'NewBookClosing' });

export const NewEstimate = object(
  {
    programme: Type.Optional(Code),
    pointType: Code,
    from: Type.Optional({
      ...InstantText,
      description:
        'It counts for periods that end then or later; after the last closed one. Without it: for the next one.',
    }),
    override: Type.Optional(
      object(
        { breakagePpm: Ppm, reason: text(500) },
        {
          title: 'EstimateOverride',
          description: 'Instead of what history says, which is written down beside it.',
        },
      ),
    ),
    actor: text(100),
  },
  { title: 'NewBreakageEstimate' },
);
export type NewEstimate = Type.Static<typeof NewEstimate>;

export const EstimateShown = object(
  {
    id: idOf('breakageEstimate'),
    programme: Code,
    pointType: Code,
    number: Type.Integer({ description: 'The estimates of a point type follow each other.' }),
    from: InstantText,
    breakagePpm: Ppm,
    method: Type.Enum(['statistical', 'override']),
    history: object(
      {
        cohorts: Type.Integer({ description: 'How many came to their end in the books.' }),
        sufficient: Type.Boolean({
          description: 'When they are too few, nothing is released before it lapses.',
        }),
        breakagePpm: nullable(Ppm),
        standardErrorPpm: nullable(Type.Integer()),
      },
      { title: 'BreakageHistory' },
    ),
    reason: nullable(Type.String()),
    actor: Type.String(),
    createdAt: InstantText,
  },
  { title: 'BreakageEstimate' },
);
export type EstimateShown = Type.Static<typeof EstimateShown>;

export const NewValue = object(
  {
    programme: Type.Optional(Code),
    pointType: Code,
    vintage: Vintage,
    valueMicroFen: MicroFen,
    reason: text(500),
    actor: text(100),
  },
  { title: 'NewBookValue' },
);
export type NewValue = Type.Static<typeof NewValue>;

export const ValueShown = object(
  {
    programme: Code,
    pointType: Code,
    vintage: Vintage,
    valueMicroFen: MicroFen,
    reason: Type.String(),
    actor: Type.String(),
    createdAt: InstantText,
  },
  {
    title: 'BookValue',
    description:
      'What a point without a price between merchants is worth in the books, for points of this month and later ones.',
  },
);
export type ValueShown = Type.Static<typeof ValueShown>;

export const Allocation = object(
  {
    goodsFen: Type.Integer({ description: 'Revenue of the goods.' }),
    pointsFen: Type.Integer({ description: 'Deferred until the points are used.' }),
  },
  { title: 'PriceAllocation' },
);
