import Type from 'typebox';
import { GREEN_STANDINGS } from '../kernel/green-standing.ts';
import { orNull, ReceiptShown } from '../ledger/shown.ts';
import {
  Code,
  Fen,
  InstantText,
  idOf,
  object,
  PointsShown,
  ProblemBody,
  pageOf,
  text,
} from '../platform/web/schema.ts';
import { RuleOutcomeShown } from '../rules/shown.ts';

const INT4_MAX = 2_147_483_647;
export const LINES_MAX = 1000;
/** Items of one bulk request. */
export const BULK_MAX = 500;

export const LineNo = Type.Integer({ minimum: 1, maximum: INT4_MAX });
export const Quantity = Type.Integer({ minimum: 1, maximum: INT4_MAX });
export const Sku = text(64);
/** What rules compare with. */
const Label = text(64);
const TENDERS_MAX = 10;
export const Source = Type.String({
  ...text(64),
  description:
    'One file or till journal in which line numbers are places: a return takes only lines before its own.',
});
export const ItemKey = Type.String({ pattern: '^[\\x21-\\x7e]{1,128}$' });
export const dryRun = Type.Optional(
  Type.Boolean({ description: 'Answer what would happen; change nothing.' }),
);

const orderTold = {
  merchantId: idOf('merchant'),
  memberId: idOf('member'),
  orderNo: text(64),
  paidAt: InstantText,
  source: Type.Optional(Source),
  store: Type.Optional(
    Type.String({ ...Code, description: "Code of one of the merchant's stores." }),
  ),
  channel: Type.Optional(
    Type.String({ ...Label, description: 'Where it was sold: `till`, `app`, `web` …' }),
  ),
  tenders: Type.Optional(
    Type.Array(Label, {
      minItems: 1,
      maxItems: TENDERS_MAX,
      description: 'How it was paid: `cash`, `card`, `green-card` …',
    }),
  ),
  lines: Type.Array(
    object({
      lineNo: LineNo,
      sku: Sku,
      name: Type.Optional(text(200)),
      brand: Type.Optional(Label),
      category: Type.Optional(Label),
      zone: Type.Optional(Label),
      greenCertificate: Type.Optional(
        Type.String({
          ...text(200),
          description:
            'The number, or the id, of the green certificate of the goods. They are green if it covers them and is valid.',
        }),
      ),
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
  store: Type.Optional(Type.String()),
  channel: Type.Optional(Type.String()),
  tenders: Type.Optional(Type.Array(Type.String())),
  netFen: Type.Integer(),
  points: Type.Integer({
    description: 'What the order earned of the point type `points`, in all its awards.',
  }),
  noPointsReason: Type.Optional(
    Type.String({
      description: 'Why that is nothing; only then.',
      examples: ['nothing_paid', 'below_one_point', 'limit_reached', 'other_point_type'],
    }),
  ),
  transactionId: orNull<string>(idOf('transaction')),
};
const award = {
  // Which rule gave it; null: the merchant's own ratio.
  ruleVersionId: orNull<string>(idOf('ruleVersion')),
  pointType: Type.String(),
  asked: Type.Integer({ description: 'What the rule gives.' }),
  granted: Type.Integer({ description: 'What its caps and budget left of that.' }),
  reason: Type.Optional(
    Type.String({
      description: 'Why that is less; only then.',
      examples: ['limit_reached', 'budget_exhausted'],
    }),
  ),
  availableAt: Type.Optional(InstantText),
  onCompletion: Type.Optional(
    Type.Literal(true, { description: 'Before, as soon as the order is completed.' }),
  ),
  expiresAt: Type.Optional(InstantText),
  transactionId: orNull<string>(idOf('transaction')),
  receipt: Type.Optional(ReceiptShown),
};
export const AwardShown = object(award, {
  title: 'OrderAward',
  description: 'Points that one rule gave: one lot.',
});
const awards = Type.Optional(
  Type.Array(AwardShown, {
    description: "What gave the points; absent when the merchant's own ratio alone did.",
  }),
);
export const OrderShown = object(
  { ...orderShown, receipt: Type.Optional(ReceiptShown), awards },
  { title: 'Order', description: 'No receipt when nothing was earned.' },
);
export const OrderPage = pageOf(OrderShown, 'OrderPage');
export const OrderWithLines = object(
  {
    ...orderShown,
    receipt: Type.Optional(ReceiptShown),
    completedAt: Type.Optional(InstantText),
    dueFen: Type.Integer({ description: 'What returns have left of netFen.' }),
    pointsDue: Type.Integer({ description: 'What the order is worth in points on what remains.' }),
    awards: Type.Optional(
      Type.Array(
        object(
          { ...award, due: Type.Integer({ description: 'What returns have left of its points.' }) },
          { title: 'OrderAwardNow' },
        ),
      ),
    ),
    lines: Type.Array(
      object({
        lineNo: Type.Integer(),
        sku: Type.String(),
        name: Type.Optional(Type.String()),
        brand: Type.Optional(Type.String()),
        category: Type.Optional(Type.String()),
        zone: Type.Optional(Type.String()),
        greenCertificate: Type.Optional(Type.String()),
        green: Type.Optional(
          Type.Enum(GREEN_STANDINGS, {
            description:
              'What stood behind that when it was sold: only `valid` made the goods green.',
          }),
        ),
        certificateId: Type.Optional(idOf('certificate')),
        quantity: Type.Integer(),
        amountFen: Type.Integer(),
        returned: Type.Integer({ description: 'How many came back so far.' }),
        refundedFen: Type.Optional(
          Type.Integer({ description: 'What was paid back of it beside goods that came back.' }),
        ),
      }),
    ),
  },
  { title: 'OrderWithLines' },
);
export const OrderExplanation = object(
  {
    orderId: idOf('order'),
    at: Type.String({ ...InstantText, description: 'The instant whose rules counted.' }),
    points: PointsShown,
    noPointsReason: Type.Optional(Type.String()),
    rules: Type.Array(RuleOutcomeShown),
    awards,
  },
  {
    title: 'OrderExplanation',
    description:
      "What the merchant's own ratio and every rule in force made of the order, before limits.",
  },
);
export const OrderPreview = object(
  {
    dryRun: Type.Literal(true),
    netFen: Type.Integer(),
    points: PointsShown,
    noPointsReason: Type.Optional(Type.String()),
    balanceAfter: Type.Optional(PointsShown),
    awards,
  },
  { title: 'OrderPreview' },
);

export const ItemStatus = Type.Unsafe<'applied' | 'replayed' | 'refused'>({
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
