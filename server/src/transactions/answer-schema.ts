import Type from 'typebox';
import { KINDS, type Kind } from '../ledger/command.ts';
import { orNull, ReceiptShown } from '../ledger/shown.ts';
import {
  Code,
  InstantText,
  idOf,
  object,
  PointsShown,
  ProblemBody,
} from '../platform/web/schema.ts';

const KindName = Type.Unsafe<Kind>({ type: 'string', enum: Object.keys(KINDS) });
const Part = object({ lotId: idOf('lot'), points: PointsShown }, { title: 'LotPart' });
const shown = {
  kind: KindName,
  memberId: idOf('member'),
  merchantId: Type.Optional(idOf('merchant')),
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
  lots: Type.Optional(
    Type.Array(Part, {
      description:
        'The lots it made, where it can make several; they may be of another point type.',
    }),
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
    lotId: Type.Optional(idOf('lot')),
    pointType: Type.Optional(
      Type.String({ description: 'Where it is not that of the transaction.' }),
    ),
    ref: Type.Optional(
      Type.String({
        description:
          'The hold of a pin, what a debt is about, the member a lot was sent to, or the lot one came from.',
      }),
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
      {
        ...recorded,
        entries: Type.Optional(
          Type.Array(EntryShown, {
            description: 'To a member they are not shown: they say who bears what it costs.',
          }),
        ),
      },
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
