import Type from 'typebox';
import {
  Code,
  InstantText,
  idOf,
  object,
  Points,
  PointsShown,
  ProblemBody,
} from '../platform/web/schema.ts';
import { PURPOSES, type Purpose, type TransferStatus } from './transfer.ts';

/** Items of one bulk request. */
const BULK_MAX = 1_000;

const PurposeName = Type.Unsafe<Purpose>({ type: 'string', enum: [...PURPOSES] });
const gift = {
  giverId: idOf('member'),
  receiverId: idOf('member'),
  programme: Type.Optional(Code),
  pointType: Type.Optional(Code),
  points: Points,
  purpose: PurposeName,
};
const dryRun = {
  dryRun: Type.Optional(Type.Boolean({ description: 'Answer what would happen; change nothing.' })),
};

export const NewTransfer = object(
  { ...gift, ...dryRun },
  { title: 'NewTransfer', description: 'A gift between members: free of charge, and capped.' },
);
export type GiftBody = Omit<Type.Static<typeof NewTransfer>, 'dryRun'>;

export const NewTransfers = object(
  {
    transfers: Type.Array(
      object({
        ...gift,
        idempotencyKey: Type.Optional(Type.String({ pattern: '^[\\x21-\\x7e]{1,128}$' })),
      }),
      { minItems: 1, maxItems: BULK_MAX },
    ),
    ...dryRun,
  },
  { title: 'NewTransfers' },
);

export const TransferShown = object(
  {
    id: idOf('transfer'),
    status: Type.Unsafe<TransferStatus>({
      type: 'string',
      enum: ['open', 'arrived', 'returned', 'refused'],
      description: '`open` while it is on its way; it goes on by itself and never ends by time.',
    }),
    problem: Type.Optional(
      Type.String({ description: 'The code why it was refused or came back.' }),
    ),
    giverId: idOf('member'),
    receiverId: idOf('member'),
    programme: Code,
    pointType: Code,
    points: PointsShown,
    purpose: PurposeName,
    transactionId: idOf('transaction'),
    recordedAt: InstantText,
  },
  { title: 'Transfer' },
);

export const TransferPreviewed = object(
  { dryRun: Type.Literal(true) },
  { title: 'PreviewedTransfer' },
);

export const TransferResults = object(
  {
    dryRun: Type.Optional(Type.Literal(true)),
    results: Type.Array(
      object({
        status: Type.Unsafe<'applied' | 'replayed' | 'refused'>({
          type: 'string',
          enum: ['applied', 'replayed', 'refused'],
        }),
        transfer: Type.Optional(TransferShown),
        problem: Type.Optional(ProblemBody),
      }),
    ),
  },
  { title: 'TransferResults', description: 'In the order of the request.' },
);
