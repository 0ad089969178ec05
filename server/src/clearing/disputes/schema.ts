import Type from 'typebox';
import { showInstant } from '../../kernel/clock.ts';
import { readId, showId, type Uuid } from '../../kernel/id.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import {
  Code,
  Fen,
  InstantText,
  idOf,
  nullable,
  object,
  pageOf,
  text,
} from '../../platform/web/schema.ts';
import { type Names, showParty } from '../periods/figures-csv.ts';
import { showLine } from '../periods/period.ts';
import { Party } from '../periods/schema.ts';
import { ADJUSTMENT_STATES, type Adjustment, stateOf } from './adjustment.ts';
import { DISPUTE_STATES, type Dispute, type DisputeStep, STEP_KINDS } from './dispute.ts';

export const Sha256 = Type.String({
  pattern: '^[0-9a-f]{64}$',
  examples: ['e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
});
const PaidFen = { ...Fen, minimum: 1, maximum: 1_000_000_000_000 };
const LineName = Type.String({
  pattern: '^[0-9]{1,3}-[0-9]{1,15}-[0-9]{1,3}$',
  examples: ['3-1204-0'],
  description: 'Of `GET /v1/clearing/periods/{id}/lines`.',
});

export const NewAdjustmentBody = object(
  {
    programme: Type.Optional(Code),
    payer: Party,
    payee: Party,
    fen: PaidFen,
    reason: text(500),
    evidence: Type.Optional(text(2_000)),
    evidenceSha256: Type.Optional({ ...Sha256, description: 'Of a file that is kept elsewhere.' }),
    actor: text(100),
  },
  { title: 'NewClearingAdjustment' },
);
export const DecideAdjustment = object(
  { approve: Type.Boolean(), actor: text(100) },
  { title: 'DecideClearingAdjustment' },
);
export const AdjustmentShown = object(
  {
    id: idOf('clearingAdjustment'),
    programme: Code,
    payer: Party,
    payee: Party,
    fen: Fen,
    reason: Type.String(),
    evidence: nullable(Type.String()),
    evidenceSha256: nullable(Sha256),
    disputeId: nullable(idOf('dispute')),
    actor: Type.String(),
    madeBy: idOf('apiKey'),
    madeAt: InstantText,
    state: {
      ...Type.Enum(ADJUSTMENT_STATES),
      description:
        'Waiting for a second person, rejected by them, agreed (it counts in the next period that is closed), or adjusted in `periodId`.',
    },
    decidedBy: nullable(idOf('apiKey')),
    decidedAt: nullable(InstantText),
    periodId: nullable(idOf('clearingPeriod')),
  },
  { title: 'ClearingAdjustment' },
);
export const AdjustmentPage = pageOf(AdjustmentShown, 'ClearingAdjustmentPage');

export const NewDispute = object(
  {
    periodId: idOf('clearingPeriod'),
    merchantId: idOf('merchant'),
    pair: Type.Optional(object({ payer: Party, taker: Party, pointType: Code })),
    line: Type.Optional({ ...LineName, description: 'One line instead of a whole pair.' }),
    fen: { ...PaidFen, description: 'What the merchant holds to be its due.' },
    reason: text(1_000),
    actor: text(100),
  },
  { title: 'NewDispute', description: 'About a `pair` of the period, or a `line` of it.' },
);
export const NewEvidence = object(
  {
    text: text(2_000),
    fileName: Type.Optional(text(200)),
    sha256: Type.Optional({
      ...Sha256,
      description: 'Of a file that is kept elsewhere; with `fileName`.',
    }),
    actor: text(100),
  },
  { title: 'NewDisputeEvidence' },
);
export const WithdrawDispute = object(
  { text: text(1_000), actor: text(100) },
  { title: 'WithdrawDispute' },
);
export const DecideDispute = object(
  {
    outcome: Type.Enum(['upheld', 'rejected']),
    fen: Type.Optional({
      ...PaidFen,
      description: 'What is upheld of it: no more than was disputed.',
    }),
    paidBy: Type.Optional({
      ...Type.Enum(['other', 'platform']),
      description: 'Who pays what is upheld: the other side (as usual), or the platform.',
    }),
    text: text(1_000),
    actor: text(100),
  },
  { title: 'DecideDispute' },
);

const StepShown = object(
  {
    number: Type.Integer({ minimum: 1 }),
    kind: Type.Enum(STEP_KINDS),
    by: { ...Party, description: 'Whose word it is.' },
    text: Type.String(),
    fileName: nullable(Type.String()),
    sha256: nullable(Sha256),
    fen: nullable(Fen),
    actor: Type.String(),
    at: InstantText,
  },
  { title: 'DisputeStep' },
);
const dispute = {
  id: idOf('dispute'),
  programme: Code,
  periodId: idOf('clearingPeriod'),
  merchantId: idOf('merchant'),
  other: Party,
  pair: object({ payer: Party, taker: Party, pointType: Code }),
  line: nullable(Type.String()),
  fen: Fen,
  reason: Type.String(),
  state: Type.Enum(DISPUTE_STATES),
  raisedAt: InstantText,
  dueAt: { ...InstantText, description: 'When it is to be decided; later it is escalated.' },
  endedAt: nullable(InstantText),
  upheldFen: nullable(Fen),
};
export const DisputeShown = object(dispute, { title: 'Dispute' });
export const DisputeWhole = object(
  {
    ...dispute,
    adjustmentId: nullable(idOf('clearingAdjustment')),
    steps: Type.Array(StepShown),
  },
  { title: 'DisputeWithSteps' },
);
export const DisputePage = pageOf(DisputeShown, 'DisputePage');

/** The merchant, or the platform, that a {@link Party} names. */
export function readParty(shown: string): Uuid {
  const id = shown === 'platform' ? PLATFORM : readId('merchant', shown);
  if (id === undefined) throw new Error('an unchecked party came through');
  return id;
}

export function showAdjustment(
  each: Adjustment,
  names: Names,
): Type.Static<typeof AdjustmentShown> {
  return {
    id: showId('clearingAdjustment', each.id),
    programme: names.programmeCode(each.programme),
    payer: showParty(each.payer),
    payee: showParty(each.payee),
    fen: each.fen,
    reason: each.reason,
    evidence: each.evidence,
    evidenceSha256: each.evidenceHash?.toString('hex') ?? null,
    disputeId: each.dispute === null ? null : showId('dispute', each.dispute),
    actor: each.actor,
    madeBy: showId('apiKey', each.madeBy),
    madeAt: showInstant(each.madeAt),
    state: stateOf(each),
    decidedBy: each.decidedBy === null ? null : showId('apiKey', each.decidedBy),
    decidedAt: each.decidedAt === null ? null : showInstant(each.decidedAt),
    periodId: each.period === null ? null : showId('clearingPeriod', each.period),
  };
}

export function showDispute(each: Dispute, names: Names): Type.Static<typeof DisputeShown> {
  return {
    id: showId('dispute', each.id),
    programme: names.programmeCode(each.programme),
    periodId: showId('clearingPeriod', each.period),
    merchantId: showId('merchant', each.merchant),
    other: showParty(each.other),
    pair: {
      payer: showParty(each.payer),
      taker: showParty(each.taker),
      pointType: names.pointTypeCode(each.programme, each.pointType),
    },
    line: each.line === null ? null : showLine(each.line),
    fen: each.fen,
    reason: each.reason,
    state: each.state,
    raisedAt: showInstant(each.raisedAt),
    dueAt: showInstant(each.dueAt),
    endedAt: each.endedAt === null ? null : showInstant(each.endedAt),
    upheldFen: each.upheldFen,
  };
}

export const showStep = (step: DisputeStep): Type.Static<typeof StepShown> => ({
  number: step.number,
  kind: step.kind,
  by: showParty(step.merchant),
  text: step.text,
  fileName: step.fileName,
  sha256: step.fileHash?.toString('hex') ?? null,
  fen: step.fen,
  actor: step.actor,
  at: showInstant(step.at),
});
