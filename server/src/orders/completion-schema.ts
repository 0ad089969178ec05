import Type from 'typebox';
import { orNull, ReceiptShown } from '../ledger/shown.ts';
import { InstantText, idOf, object, ProblemBody, text } from '../platform/web/schema.ts';
import { BULK_MAX, dryRun, ItemKey, ItemStatus } from './schema.ts';

const completedAt = Type.Optional(Type.String({ ...InstantText, description: 'Absent: now.' }));
export const NewCompletion = object({ completedAt, dryRun }, { title: 'NewCompletion' });
export const NewCompletions = object(
  {
    completions: Type.Array(
      object({
        orderId: Type.Optional(idOf('order')),
        merchantId: Type.Optional(idOf('merchant')),
        orderNo: Type.Optional(text(64)),
        completedAt,
        idempotencyKey: Type.Optional(ItemKey),
      }),
      {
        minItems: 1,
        maxItems: BULK_MAX,
        description: 'Each names its order by `orderId`, or by `merchantId` and `orderNo`.',
      },
    ),
    dryRun,
  },
  { title: 'NewCompletions' },
);

const release = {
  ruleVersionId: idOf('ruleVersion'),
  pointType: Type.String(),
  released: Type.Integer({ description: 'Points that can be spent from now on.' }),
  reason: Type.Optional(
    Type.String({
      description: 'Why there are none; only then.',
      examples: ['nothing_due'],
    }),
  ),
  transactionId: orNull<string>(idOf('transaction')),
  receipt: Type.Optional(ReceiptShown),
};
const awards = Type.Array(object(release, { title: 'ReleasedAward' }), {
  description: 'What waited for the completion.',
});
const completion = { orderId: idOf('order'), completedAt: InstantText, awards };
export const CompletionShown = object(completion, { title: 'OrderCompletion' });
export const CompletionPreview = object(
  { dryRun: Type.Literal(true), ...completion },
  { title: 'OrderCompletionPreview' },
);
export const CompletionResults = object(
  {
    dryRun: Type.Optional(Type.Literal(true)),
    results: Type.Array(
      object({
        status: ItemStatus,
        completion: Type.Optional(CompletionShown),
        problem: Type.Optional(ProblemBody),
      }),
    ),
  },
  { title: 'OrderCompletionResults', description: 'In the order of the request.' },
);
