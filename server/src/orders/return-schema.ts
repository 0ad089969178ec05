import Type from 'typebox';
import { POINTS_MAX } from '../kernel/points.ts';
import { orNull, ReceiptShown } from '../ledger/shown.ts';
import {
  InstantText,
  idOf,
  object,
  PointsShown,
  ProblemBody,
  pageOf,
  text,
} from '../platform/web/schema.ts';
import { RETURN_STATES } from './goods-return.ts';
import { BULK_MAX, dryRun, ItemKey, LINES_MAX, LineNo, Quantity, Sku, Source } from './schema.ts';

/** One of the two; told.ts sees to it. */
const much = {
  quantity: Type.Optional(Quantity),
  amountFen: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: POINTS_MAX,
      description: 'Instead of a quantity: so much of its price is paid back, the goods stay.',
    }),
  ),
};
const muchShown = {
  quantity: Type.Integer({ description: '0 where an amount was asked back.' }),
  amountFen: Type.Optional(Type.Integer()),
};
const returnTold = { returnNo: text(64), returnedAt: Type.Optional(InstantText) };
export const NewOrderReturn = object(
  {
    ...returnTold,
    lines: Type.Array(object({ lineNo: LineNo, ...much }), {
      minItems: 1,
      maxItems: LINES_MAX,
    }),
    dryRun,
  },
  { title: 'NewOrderReturn' },
);
const returnBySku = {
  ...returnTold,
  memberId: idOf('member'),
  merchantId: idOf('merchant'),
  orderNo: Type.Optional(
    Type.String({
      ...text(64),
      description:
        'The order it is of, which may be recorded later: then the return waits for it. Each line has a lineNo of the order, or a sku.',
    }),
  ),
  source: Type.Optional(Source),
  lines: Type.Array(object({ sku: Type.Optional(Sku), ...much, lineNo: Type.Optional(LineNo) }), {
    minItems: 1,
    maxItems: LINES_MAX,
  }),
};
export const NewReturn = object({ ...returnBySku, dryRun }, { title: 'NewReturn' });
export const NewReturns = object(
  {
    returns: Type.Array(object({ ...returnBySku, idempotencyKey: Type.Optional(ItemKey) }), {
      minItems: 1,
      maxItems: BULK_MAX,
    }),
    dryRun,
  },
  { title: 'NewReturns' },
);
export type ReturnBody = Omit<Type.Static<typeof NewReturn>, 'dryRun'>;

const returnedBefore = Type.Optional(
  Type.Integer({
    minimum: 1,
    description:
      'What was not there to take any more, because somebody had returned it by `POST /v1/transactions`.',
  }),
);

const returnEffect = {
  pointsClawedBack: Type.Integer({
    description:
      'By how much the orders are worth less of the point type `points`: recovered + debt + forgone by policy.',
  }),
  pointsRecovered: PointsShown,
  debt: PointsShown,
  lines: Type.Array(
    object({
      lineNo: Type.Optional(Type.Integer()),
      sku: Type.String(),
      matched: Type.Array(object({ orderId: idOf('order'), lineNo: Type.Integer(), ...muchShown })),
      rejected: Type.Optional(
        object({ ...muchShown, reason: Type.String({ examples: ['unmatched'] }) }),
      ),
    }),
  ),
  orders: Type.Array(
    object({
      orderId: idOf('order'),
      pointsBefore: PointsShown,
      pointsAfter: PointsShown,
      returnedBefore,
      transactionId: orNull<string>(idOf('transaction')),
      receipt: Type.Optional(ReceiptShown),
      awards: Type.Optional(
        Type.Array(
          object(
            {
              pointType: Type.String(),
              earnId: idOf('transaction'),
              pointsBefore: PointsShown,
              pointsAfter: PointsShown,
              returnedBefore,
              transactionId: orNull<string>(idOf('transaction')),
              receipt: Type.Optional(ReceiptShown),
            },
            { title: 'ReturnedAward' },
          ),
          { description: 'What became of each of its awards; absent when it had one.' },
        ),
      ),
    }),
  ),
};
export const ReturnShown = object(
  {
    id: idOf('return'),
    merchantId: idOf('merchant'),
    memberId: idOf('member'),
    orderId: Type.Optional(idOf('order')),
    orderNo: Type.Optional(Type.String()),
    returnNo: Type.String(),
    returnedAt: InstantText,
    source: Type.Optional(Type.String()),
    status: Type.Enum(RETURN_STATES, {
      description:
        'Unless it is `applied` it has changed nothing, and has neither lines nor orders.',
    }),
    waitsUntil: Type.Optional(
      Type.String({ ...InstantText, description: 'Of one that waits: then it is refused.' }),
    ),
    asked: Type.Optional(
      Type.Array(
        object({
          lineNo: Type.Optional(Type.Integer()),
          sku: Type.Optional(Type.String()),
          quantity: Type.Optional(Type.Integer()),
          amountFen: Type.Optional(Type.Integer()),
        }),
        { description: 'What it asks back; of one that is not applied.' },
      ),
    ),
    problem: Type.Optional(ProblemBody),
    ...returnEffect,
  },
  { title: 'Return' },
);
export const ReturnPage = pageOf(ReturnShown, 'ReturnPage');
export const ReturnPreview = object(
  {
    dryRun: Type.Literal(true),
    status: Type.Enum(['applied', 'waiting'] as const),
    ...returnEffect,
  },
  { title: 'ReturnPreview' },
);
export const ReturnResults = object(
  {
    dryRun: Type.Optional(Type.Literal(true)),
    results: Type.Array(
      object({
        status: Type.Enum(['applied', 'waiting', 'replayed', 'refused'] as const),
        return: Type.Optional(ReturnShown),
        preview: Type.Optional(ReturnPreview),
        problem: Type.Optional(ProblemBody),
      }),
    ),
  },
  { title: 'ReturnResults', description: 'In the order of the request.' },
);
