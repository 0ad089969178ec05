import type { TSchema } from 'typebox';
import Type from 'typebox';
import { DateText, words } from '../../catalogue/terms-schema.ts';
import { WasDryRun } from '../../platform/web/rehearse.ts';
import {
  Code,
  Fen,
  InstantText,
  idOf,
  nullable,
  object,
  PointsShown,
  pageOf,
  text,
} from '../../platform/web/schema.ts';
import { BookingTold } from '../particulars-schema.ts';
import { CASE_STATES } from './case-steps.ts';
import { CASE_KINDS, type ClaimKind, REASONS, REFUSALS, REMEDIES } from './reasons.ts';

const NOTE_MAX = 500;
const UNITS_MAX = 1_000;

const said = {
  actor: { ...text(100), description: 'The person who says so, as you call them.' },
  note: Type.Optional(text(NOTE_MAX)),
};
const RemedyName = Type.Enum([...REMEDIES], {
  description: '`refund`: points to the lots they came from. `exchange`, `mend`.',
});
const RefusalName = Type.Enum([...REFUSALS], {
  description: 'How it was paid for is no reason, and a note that names it is refused.',
});
const OnShelf = Type.Boolean({ description: 'Whether it can be handed out again.' });

const claimOf = <Kind extends ClaimKind, Reason extends TSchema>(
  kind: Kind,
  reason: Reason,
  description: string,
) =>
  object(
    {
      kind: Type.Literal(kind),
      reason,
      places: Type.Optional(
        Type.Array(Type.Integer({ minimum: 0, maximum: UNITS_MAX - 1 }), {
          minItems: 1,
          maxItems: UNITS_MAX,
          uniqueItems: true,
          description: 'The units, from 0, as its vouchers are numbered. Absent: all that can be.',
        }),
      ),
      ...said,
    },
    { description },
  );
export const NewCase = Type.Union(
  [
    claimOf(
      'return',
      Type.Enum([...REASONS.return]),
      'For no reason that the merchant had to answer for.',
    ),
    claimOf('exchange', Type.Enum([...REASONS.exchange]), 'For another one.'),
    claimOf('quality', Type.Enum([...REASONS.quality]), 'It is not as it has to be.'),
  ],
  { title: 'NewAfterSalesCase' },
);

export const AnswerBody = Type.Union(
  [
    object({
      answer: Type.Literal('accept'),
      remedy: RemedyName,
      goodsBack: Type.Optional(
        Type.Boolean({
          description:
            'Whether it is made good only when the goods are back. Absent: if they lie in the member’s hands.',
        }),
      ),
      onShelf: Type.Optional(OnShelf),
      ...said,
    }),
    object({ answer: Type.Literal('receive'), onShelf: OnShelf, ...said }),
    object({ answer: Type.Literal('settle'), ...said }),
    object({ answer: Type.Literal('refuse'), reason: RefusalName, ...said }),
  ],
  { title: 'AfterSalesAnswer' },
);
export const DecisionBody = Type.Union(
  [
    object({
      for: Type.Literal('member'),
      remedy: RemedyName,
      onShelf: Type.Optional(OnShelf),
      ...said,
    }),
    object({ for: Type.Literal('merchant'), reason: RefusalName, ...said }),
  ],
  { title: 'AfterSalesDecision' },
);
export const MemberStepBody = object(
  {
    step: Type.Enum(['send', 'withdraw', 'appeal'], {
      description:
        '`send`: the goods are on their way back. `withdraw`: it is over. `appeal`: the operator is to decide what was refused.',
    }),
    ...said,
  },
  { title: 'AfterSalesMemberStep' },
);

const StateName = Type.Enum([...CASE_STATES]);
const Paid = object({
  pointType: Code,
  points: PointsShown,
  transactionId: {
    ...idOf('transaction'),
    description: 'There once the case is `refunded`.',
  },
});

export const CaseShown = object(
  {
    id: idOf('afterSalesCase'),
    redemptionId: idOf('redemption'),
    memberId: idOf('member'),
    merchantId: idOf('merchant'),
    name: words(200),
    kind: Type.Enum([...CASE_KINDS], {
      description: '`supplier`: who was to hand it out cannot.',
    }),
    reason: Type.Enum([...new Set(Object.values(REASONS).flat())]),
    note: nullable(Type.String()),
    places: Type.Array(Type.Integer()),
    state: StateName,
    remedy: nullable(RemedyName),
    onShelf: nullable(Type.Boolean()),
    openedAt: InstantText,
    dueAt: {
      ...nullable(InstantText),
      description: 'When it moves by itself if the merchant has not acted; null: it does not.',
    },
    back: { ...Type.Array(Paid), description: 'What goes back to the lots it came from.' },
    cashFen: {
      ...Fen,
      description: 'What goes back of the cash that was paid, by the way it was paid.',
    },
    compensation: { ...Type.Array(Paid), description: 'What comes on top.' },
    history: Type.Array(
      object({
        step: Type.String(),
        state: StateName,
        at: InstantText,
        byKey: { ...nullable(idOf('apiKey')), description: 'Null: by time.' },
        actor: nullable(Type.String()),
        reason: nullable(RefusalName),
        note: nullable(Type.String()),
      }),
    ),
    dryRun: WasDryRun,
  },
  { title: 'AfterSalesCase' },
);
export const CasePage = pageOf(CaseShown, 'AfterSalesCasePage');
export const CaseStateFilter = Type.Optional(StateName);

const SupplierReasonName = Type.Enum([...REASONS.supplier]);
const bySupplier = { reason: SupplierReasonName, onShelf: Type.Optional(OnShelf), ...said };
export const CancelBySupplier = object(bySupplier, { title: 'SupplierCancels' });
export const CancelManyBySupplier = object(
  {
    merchantId: idOf('merchant'),
    day: Type.Optional({
      ...DateText,
      description: 'Of what was booked, only what is on this day; of nights those of it.',
    }),
    slot: Type.Optional({ ...BookingTold.slot, description: 'Only this slot of the `day`.' }),
    ...bySupplier,
  },
  { title: 'SupplierCancelsReward' },
);
export const CancellationShown = object(
  {
    id: idOf('supplierCancellation'),
    rewardId: idOf('reward'),
    merchantId: idOf('merchant'),
    day: nullable(Type.String()),
    slot: nullable(Type.String()),
    reason: SupplierReasonName,
    note: nullable(Type.String()),
    actor: Type.String(),
    at: InstantText,
    cancelled: Type.Integer({ description: 'Redemptions of which something was left.' }),
    refunded: Type.Integer({ description: 'Of them, those whose points are back.' }),
    state: Type.Enum(['running', 'done']),
    dryRun: WasDryRun,
  },
  { title: 'SupplierCancellation' },
);
