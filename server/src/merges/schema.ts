import Type from 'typebox';
import { Code, InstantText, idOf, object, PointsShown } from '../platform/web/schema.ts';

const account = { programme: Code, pointType: Code };

const MoveShown = object(
  {
    id: idOf('move'),
    status: Type.Unsafe<'open' | 'arrived' | 'returned'>({
      type: 'string',
      enum: ['open', 'arrived', 'returned'],
      description: '`open` while it is on its way; it goes on by itself and never ends by time.',
    }),
    ...account,
    transactionId: idOf('transaction'),
    survivorId: Type.String({
      ...idOf('member'),
      description: 'Where it went: who the absorbed member was by then.',
    }),
    points: Type.Optional(PointsShown),
    debt: Type.Optional(PointsShown),
  },
  { title: 'AccountMove' },
);

export const MergeShown = object(
  {
    id: idOf('merge'),
    status: Type.Unsafe<'open' | 'done'>({
      type: 'string',
      enum: ['open', 'done'],
      description: '`open` until the accounts of the absorbed member are empty.',
    }),
    absorbedId: idOf('member'),
    survivorId: idOf('member'),
    reason: Type.String(),
    actor: Type.String(),
    moves: Type.Array(MoveShown),
    recordedAt: InstantText,
  },
  { title: 'Merge' },
);

export const MergesShown = object({ items: Type.Array(MergeShown) }, { title: 'Merges' });

export const MergePreview = object(
  {
    dryRun: Type.Literal(true),
    moves: Type.Array(
      object(
        {
          ...account,
          points: PointsShown,
          debt: PointsShown,
          expired: Type.Integer({ description: 'What lapsed and is booked as expired first.' }),
        },
        { title: 'PlannedMove' },
      ),
    ),
  },
  { title: 'PreviewedMerge' },
);
