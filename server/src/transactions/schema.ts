import Type from 'typebox';
import { POINTS_MAX } from '../kernel/points.ts';
import { KINDS, type Kind } from '../ledger/command.ts';
import { orNull, ReceiptShown } from '../ledger/shown.ts';
import {
  Code,
  InstantText,
  idOf,
  object,
  Points,
  PointsShown,
  ProblemBody,
  text,
} from '../platform/web/schema.ts';

/** Items of one bulk request. */
export const BULK_MAX = 1000;
const LIMITS_MAX = 10;
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
const Limit = object(
  {
    counter: Type.String({
      pattern: '^[\\x21-\\x7e]{1,100}$',
      description: 'A name of the caller’s, say `signup` or `daily 2026-11-22`.',
    }),
    max: Points,
    mode: Type.Unsafe<'trim' | 'all'>({ type: 'string', enum: ['trim', 'all'] }),
  },
  {
    title: 'Limit',
    description: 'Per member: `trim` grants what is left, `all` everything or nothing.',
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
  expiresAt: Type.Optional(InstantText),
  limits: Type.Optional(Type.Array(Limit, { minItems: 1, maxItems: LIMITS_MAX })),
};
const burn = {
  kind: Type.Literal('burn'),
  memberId,
  merchantId,
  pointType,
  points: Points,
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
      ]),
      { minItems: 1, maxItems: BULK_MAX },
    ),
    ...dryRun,
  },
  { title: 'NewTransactions' },
);

const KindName = Type.Unsafe<Kind>({ type: 'string', enum: Object.keys(KINDS) });
const Part = object({ lotId: idOf('lot'), points: PointsShown }, { title: 'LotPart' });
const shown = {
  kind: KindName,
  memberId,
  merchantId: Type.Optional(merchantId),
  programme: Code,
  pointType: Code,
  points: Type.Integer({ description: 'As granted; below zero only for a downward adjustment.' }),
  status: Type.Unsafe<'applied' | 'refused'>({ type: 'string', enum: ['applied', 'refused'] }),
  effectiveAt: InstantText,
  balanceAfter: Type.Integer({ description: 'Free and held points less debt, after it.' }),
  holdId: Type.Optional(idOf('hold')),
  lotId: Type.Optional(Type.String({ ...idOf('lot'), description: 'The lot it made.' })),
  transactionId: Type.Optional(
    Type.String({ ...idOf('transaction'), description: 'What it acts on.' }),
  ),
  takes: Type.Optional(
    Type.Array(Part, { description: 'What was taken or set aside, lot by lot.' }),
  ),
  restored: Type.Optional(Type.Array(Part, { description: 'What was given back, lot by lot.' })),
  debtRepaid: Type.Optional(PointsShown),
  debtMade: Type.Optional(PointsShown),
};
const transactionShown = { id: idOf('transaction'), ...shown };
export const TransactionShown = object(transactionShown, { title: 'Transaction' });
/** The hot answers: no unions inside, so that writing one costs microseconds. */
export const Applied = object(
  { transaction: TransactionShown, receipt: ReceiptShown },
  { title: 'AppliedTransaction' },
);
export const Previewed = object(
  { dryRun: Type.Literal(true), transaction: object(shown, { title: 'TransactionPreview' }) },
  { title: 'PreviewedTransaction' },
);

const Side = object(
  { role: Type.String(), owner: orNull<string>(Type.String()) },
  { title: 'EntrySide' },
);
export const EntryShown = object(
  {
    kind: Type.String(),
    from: Side,
    to: Side,
    points: PointsShown,
    lotId: idOf('lot'),
    ref: Type.Optional(
      Type.String({ description: 'The hold of a pin, or the lot a debt is about.' }),
    ),
    expiresAt: Type.Optional(InstantText),
  },
  { title: 'Entry' },
);
const recorded = {
  ...transactionShown,
  reason: Type.Optional(Type.String()),
  reference: Type.Optional(Type.String()),
  actor: Type.Optional(Type.String()),
  source: Type.Optional(
    object({ kind: Type.String(), id: Type.String() }, { title: 'TransactionSource' }),
  ),
  problem: Type.Optional(Type.String({ description: 'The code of the refusal.' })),
};
export const TransactionRecorded = object(
  { ...recorded, receipt: ReceiptShown },
  { title: 'RecordedTransaction' },
);
export const TransactionWithEntries = object(
  {
    transaction: object(
      { ...recorded, entries: Type.Array(EntryShown) },
      { title: 'TransactionWithEntries' },
    ),
    receipt: ReceiptShown,
  },
  { title: 'TransactionFound' },
);

export const TransactionResults = object(
  {
    dryRun: Type.Optional(Type.Literal(true)),
    results: Type.Array(
      object({
        status: Type.Unsafe<'applied' | 'replayed' | 'refused'>({
          type: 'string',
          enum: ['applied', 'replayed', 'refused'],
        }),
        transaction: Type.Optional(object({ id: Type.Optional(idOf('transaction')), ...shown })),
        receipt: Type.Optional(ReceiptShown),
        problem: Type.Optional(ProblemBody),
      }),
    ),
  },
  { title: 'TransactionResults', description: 'In the order of the request.' },
);
