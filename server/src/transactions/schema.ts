import Type from 'typebox';
import { POINTS_MAX } from '../kernel/points.ts';
import { Code, InstantText, idOf, nullable, object, Points, text } from '../platform/web/schema.ts';
import { BudgetName } from '../programs/budget.ts';

/** Items of one bulk request. */
export const BULK_MAX = 1000;
const LIMITS_MAX = 10;
const CLAIMS_MAX = 10;
const HOLD_SECONDS_MAX = 366 * 24 * 3600;

const memberId = idOf('member');
const merchantId = idOf('merchant');
const pointType = Type.Optional(Code);
/** Kept beside the ledger and erasable; the chain holds only a commitment. */
const told = {
  reason: Type.Optional(text(200)),
  reference: Type.Optional(text(128)),
  effectiveAt: Type.Optional(
    Type.String({ ...InstantText, description: 'Needs the scope points:backdate.' }),
  ),
};
const LimitMode = Type.Unsafe<'trim' | 'all'>({ type: 'string', enum: ['trim', 'all'] });
const CounterName = Type.String({
  pattern: '^[\\x21-\\x7e]{1,100}$',
  description: 'A name of the caller’s, say `signup` or `daily-2026-11-22`.',
});
const CounterLimit = object(
  {
    counter: CounterName,
    max: Points,
    mode: LimitMode,
  },
  {
    title: 'Limit',
    description: 'Per member: `trim` grants what is left, `all` everything or nothing.',
  },
);

const TimesLimit = object(
  {
    counter: CounterName,
    max: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
    unit: Type.Literal('times'),
  },
  {
    title: 'TimesLimit',
    description:
      'Per member: so many transactions under this name, whatever their points. A name counts either points or times.',
  },
);
const BudgetLimit = object(
  { budget: BudgetName, mode: LimitMode },
  { title: 'BudgetLimit', description: 'Over all members: what is left of a budget, by its name.' },
);
const Limit = Type.Union([CounterLimit, TimesLimit, BudgetLimit]);
const Claim = object(
  {
    scope: Code,
    fact: text(200),
    everywhere: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'Unique over all merchants, not only among those of the transaction’s merchant.',
      }),
    ),
  },
  {
    title: 'Claim',
    description:
      'A fact only one transaction may use: a receipt (`{scope: "receipt", fact: "2026-000123"}`), a certificate, a voucher’s code.',
  },
);

const issue = {
  kind: Type.Literal('issue'),
  memberId,
  merchantId,
  pointType,
  points: Points,
  ...told,
  availableAt: Type.Optional(InstantText),
  expiresAt: Type.Optional(
    Type.Unsafe<string | null>({
      ...nullable(InstantText),
      description: 'null: never. Without it, as is usual for the point type.',
    }),
  ),
  limits: Type.Optional(Type.Array(Limit, { minItems: 1, maxItems: LIMITS_MAX })),
  claims: Type.Optional(Type.Array(Claim, { minItems: 1, maxItems: CLAIMS_MAX })),
};
const burn = {
  kind: Type.Literal('burn'),
  memberId,
  merchantId,
  pointType,
  points: Points,
  overdraft: Type.Optional(
    Type.Unsafe<'debt'>({
      type: 'string',
      enum: ['debt'],
      description:
        'A deduction agreed at an offline till is final: what is missing becomes a debt. Needs the scope points:overdraft.',
    }),
  ),
  overdraftMax: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: POINTS_MAX,
      description: 'The most that may become a debt; required with overdraft.',
    }),
  ),
  ...told,
};
const hold = {
  kind: Type.Literal('hold'),
  memberId,
  merchantId,
  pointType,
  points: Points,
  ...told,
  expiresAt: Type.Optional(
    Type.String({
      ...InstantText,
      description: 'This or expiresInSeconds: when the hold releases itself.',
    }),
  ),
  expiresInSeconds: Type.Optional(Type.Integer({ minimum: 1, maximum: HOLD_SECONDS_MAX })),
};
const capture = {
  kind: Type.Literal('capture'),
  memberId,
  holdId: idOf('hold'),
  points: Type.Optional(Points),
  ...told,
};
const release = { kind: Type.Literal('release'), memberId, holdId: idOf('hold'), ...told };
const giveBack = {
  kind: Type.Literal('return'),
  memberId,
  transactionId: idOf('transaction'),
  points: Points,
  policy: Type.Optional(
    Type.Unsafe<'pending_only' | 'within_balance' | 'debt'>({
      type: 'string',
      enum: ['pending_only', 'within_balance', 'debt'],
      description: "The programme's own when absent.",
    }),
  ),
  freeLimits: Type.Optional(
    Type.Boolean({
      default: false,
      description:
        'The counters and budgets that the earn was counted on get back what this takes; what the policy forgoes stays counted.',
    }),
  ),
  ...told,
};
const refund = {
  kind: Type.Literal('refund'),
  memberId,
  transactionId: idOf('transaction'),
  points: Type.Optional(Points),
  ...told,
};
const SignedPoints = Type.Integer({ minimum: -POINTS_MAX, maximum: POINTS_MAX, not: { const: 0 } });
/** What an adjustment and a proposal of one say. */
export const adjustment = {
  memberId,
  merchantId,
  pointType,
  points: SignedPoints,
  reason: text(200),
  actor: Type.String({ ...text(100), description: 'The person who answers for it.' }),
  reference: told.reference,
  expiresAt: Type.Optional(InstantText),
};
const adjust = { kind: Type.Literal('adjust'), ...adjustment, effectiveAt: told.effectiveAt };
const expire = {
  kind: Type.Literal('expire'),
  memberId,
  programme: Type.Optional(Code),
  pointType,
  effectiveAt: told.effectiveAt,
};
const convert = {
  kind: Type.Literal('convert'),
  memberId,
  programme: Type.Optional(Code),
  pointType,
  toPointType: Code,
  points: Points,
  ...told,
};

const dryRun = {
  dryRun: Type.Optional(Type.Boolean({ description: 'Answer what would happen; change nothing.' })),
};
const item = { idempotencyKey: Type.Optional(Type.String({ pattern: '^[\\x21-\\x7e]{1,128}$' })) };

export const NewTransaction = Type.Union(
  [
    object(
      { ...issue, ...dryRun },
      { title: 'Issue', description: 'Makes a lot; debts are repaid first.' },
    ),
    object(
      { ...burn, ...dryRun },
      { title: 'Burn', description: 'Spends: earliest expiry first, then oldest.' },
    ),
    object(
      { ...hold, ...dryRun },
      { title: 'Hold', description: 'Sets points aside until captured, released or timed out.' },
    ),
    object(
      { ...capture, ...dryRun },
      { title: 'Capture', description: 'Spends a hold, or `points` of it.' },
    ),
    object(
      { ...release, ...dryRun },
      { title: 'Release', description: 'Gives back what is left of a hold.' },
    ),
    object(
      { ...giveBack, ...dryRun },
      { title: 'ReturnEarn', description: 'Takes back points of an earn.' },
    ),
    object(
      { ...refund, ...dryRun },
      { title: 'Refund', description: 'Gives a burn or capture back into the lots it took from.' },
    ),
    object(
      { ...adjust, ...dryRun },
      { title: 'Adjust', description: 'Corrects a balance; needs points:adjust.' },
    ),
    object(
      { ...expire, ...dryRun },
      { title: 'Expire', description: 'Books what has lapsed; for the operator.' },
    ),
    object(
      { ...convert, ...dryRun },
      {
        title: 'Convert',
        description:
          "Turns points into another type at the programme's rate; what is left over stays. For the operator.",
      },
    ),
  ],
  { title: 'NewTransaction' },
);
export type TransactionBody = Type.Static<typeof NewTransaction>;

export const NewTransactions = object(
  {
    transactions: Type.Array(
      Type.Union([
        object({ ...issue, ...item }),
        object({ ...burn, ...item }),
        object({ ...hold, ...item }),
        object({ ...capture, ...item }),
        object({ ...release, ...item }),
        object({ ...giveBack, ...item }),
        object({ ...refund, ...item }),
        object({ ...adjust, ...item }),
        object({ ...expire, ...item }),
        object({ ...convert, ...item }),
      ]),
      { minItems: 1, maxItems: BULK_MAX },
    ),
    ...dryRun,
  },
  { title: 'NewTransactions' },
);
