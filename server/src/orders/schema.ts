import Type from 'typebox';
import { orNull, ReceiptShown } from '../ledger/shown.ts';
import {
  Fen,
  InstantText,
  idOf,
  object,
  PointsShown,
  ProblemBody,
  text,
} from '../platform/web/schema.ts';

const INT4_MAX = 2_147_483_647;
const LINES_MAX = 1000;
/** Items of one bulk request. */
export const BULK_MAX = 500;

const LineNo = Type.Integer({ minimum: 1, maximum: INT4_MAX });
const Quantity = Type.Integer({ minimum: 1, maximum: INT4_MAX });
const Sku = text(64);
const Source = Type.String({
  ...text(64),
  description:
    'One file or till journal in which line numbers are places: a return takes only lines before its own.',
});
const ItemKey = Type.String({ pattern: '^[\\x21-\\x7e]{1,128}$' });
const dryRun = Type.Optional(
  Type.Boolean({ description: 'Answer what would happen; change nothing.' }),
);

const orderTold = {
  merchantId: idOf('merchant'),
  memberId: idOf('member'),
  orderNo: text(64),
  paidAt: InstantText,
  source: Type.Optional(Source),
  lines: Type.Array(
    object({
      lineNo: LineNo,
      sku: Sku,
      name: Type.Optional(text(200)),
      category: Type.Optional(text(64)),
      quantity: Quantity,
      amountFen: Fen,
    }),
    { minItems: 1, maxItems: LINES_MAX },
  ),
};
export const NewOrder = object({ ...orderTold, dryRun }, { title: 'NewOrder' });
export const NewOrders = object(
  {
    orders: Type.Array(object({ ...orderTold, idempotencyKey: Type.Optional(ItemKey) }), {
      minItems: 1,
      maxItems: BULK_MAX,
    }),
    dryRun,
  },
  { title: 'NewOrders' },
);
export type OrderBody = Omit<Type.Static<typeof NewOrder>, 'dryRun'>;

const orderShown = {
  id: idOf('order'),
  merchantId: idOf('merchant'),
  memberId: idOf('member'),
  orderNo: Type.String(),
  paidAt: InstantText,
  source: Type.Optional(Type.String()),
  netFen: Type.Integer(),
  points: Type.Integer({ description: 'What the order earned.' }),
  noPointsReason: Type.Optional(Type.String({ description: 'Why it earned nothing; only then.' })),
  transactionId: orNull<string>(idOf('transaction')),
};
export const OrderShown = object(
  { ...orderShown, receipt: Type.Optional(ReceiptShown) },
  { title: 'Order', description: 'No receipt when nothing was earned.' },
);
export const OrderWithLines = object(
  {
    ...orderShown,
    receipt: Type.Optional(ReceiptShown),
    dueFen: Type.Integer({ description: 'What returns have left of netFen.' }),
    pointsDue: Type.Integer({ description: 'What the order is worth in points on what remains.' }),
    lines: Type.Array(
      object({
        lineNo: Type.Integer(),
        sku: Type.String(),
        name: Type.Optional(Type.String()),
        category: Type.Optional(Type.String()),
        quantity: Type.Integer(),
        amountFen: Type.Integer(),
        returned: Type.Integer({ description: 'How many came back so far.' }),
      }),
    ),
  },
  { title: 'OrderWithLines' },
);
export const OrderPreview = object(
  {
    dryRun: Type.Literal(true),
    netFen: Type.Integer(),
    points: PointsShown,
    noPointsReason: Type.Optional(Type.String()),
    balanceAfter: Type.Optional(PointsShown),
  },
  { title: 'OrderPreview' },
);

const ItemStatus = Type.Unsafe<'applied' | 'replayed' | 'refused'>({
  type: 'string',
  enum: ['applied', 'replayed', 'refused'],
});
export const OrderResults = object(
  {
    dryRun: Type.Optional(Type.Literal(true)),
    results: Type.Array(
      object({
        status: ItemStatus,
        order: Type.Optional(OrderShown),
        preview: Type.Optional(OrderPreview),
        problem: Type.Optional(ProblemBody),
      }),
    ),
  },
  { title: 'OrderResults', description: 'In the order of the request.' },
);

const returnTold = { returnNo: text(64), returnedAt: Type.Optional(InstantText) };
export const NewOrderReturn = object(
  {
    ...returnTold,
    lines: Type.Array(object({ lineNo: LineNo, quantity: Quantity }), {
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
  source: Type.Optional(Source),
  lines: Type.Array(object({ sku: Sku, quantity: Quantity, lineNo: Type.Optional(LineNo) }), {
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

const returnEffect = {
  pointsClawedBack: Type.Integer({
    description: 'By how much the orders are worth less: recovered + debt + forgone by policy.',
  }),
  pointsRecovered: PointsShown,
  debt: PointsShown,
  lines: Type.Array(
    object({
      lineNo: Type.Optional(Type.Integer()),
      sku: Type.String(),
      matched: Type.Array(
        object({ orderId: idOf('order'), lineNo: Type.Integer(), quantity: Type.Integer() }),
      ),
      rejected: Type.Optional(
        object({ quantity: Type.Integer(), reason: Type.String({ examples: ['unmatched'] }) }),
      ),
    }),
  ),
  orders: Type.Array(
    object({
      orderId: idOf('order'),
      pointsBefore: PointsShown,
      pointsAfter: PointsShown,
      transactionId: orNull<string>(idOf('transaction')),
      receipt: Type.Optional(ReceiptShown),
    }),
  ),
};
export const ReturnShown = object(
  {
    id: idOf('return'),
    merchantId: idOf('merchant'),
    memberId: idOf('member'),
    orderId: Type.Optional(idOf('order')),
    returnNo: Type.String(),
    returnedAt: InstantText,
    source: Type.Optional(Type.String()),
    ...returnEffect,
  },
  { title: 'Return' },
);
export const ReturnPreview = object(
  { dryRun: Type.Literal(true), ...returnEffect },
  { title: 'ReturnPreview' },
);
export const ReturnResults = object(
  {
    dryRun: Type.Optional(Type.Literal(true)),
    results: Type.Array(
      object({
        status: ItemStatus,
        return: Type.Optional(ReturnShown),
        preview: Type.Optional(ReturnPreview),
        problem: Type.Optional(ProblemBody),
      }),
    ),
  },
  { title: 'ReturnResults', description: 'In the order of the request.' },
);
