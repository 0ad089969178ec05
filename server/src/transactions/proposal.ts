import Type from 'typebox';
import { type Instant, showInstant } from '../kernel/clock.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import type { AdjustCommand } from '../ledger/command.ts';
import { Code, InstantText, idOf, object } from '../platform/web/schema.ts';
import { adjustment } from './schema.ts';
import type { Display } from './show.ts';

/** How long a proposal may wait: what is approved later than that is no longer what was looked at. */
export const PROPOSAL_DAYS = 30;
const DAY_MS = 86_400_000;

/** Proposals made before this have expired, if nobody decided about them. */
export const proposedBefore = (now: Instant): Instant => now - PROPOSAL_DAYS * DAY_MS;

export const PROPOSAL_STATES = ['proposed', 'approved', 'refused', 'expired'] as const;
export type ProposalState = (typeof PROPOSAL_STATES)[number];

/** An adjustment above the programme's limit: waits for a second person, who approves or refuses it. */
export interface Proposal {
  /** Carries the member's shard; the adjustment in the ledger has the same id. */
  readonly id: Uuid;
  readonly programme: number;
  readonly pointType: number;
  readonly member: Uuid;
  readonly merchant: Uuid;
  readonly points: number;
  readonly reason: string;
  readonly reference: string | null;
  /** The person who answers for it, in the words of the proposer. */
  readonly actor: string;
  readonly expiresAt: Instant | null;
  /** API keys. */
  readonly proposedBy: Uuid;
  readonly proposedAt: Instant;
  readonly approvedBy: Uuid | null;
  readonly approvedAt: Instant | null;
  /** Who refused it, or took it back. */
  readonly refusedBy: Uuid | null;
  readonly refusedAt: Instant | null;
  readonly refusalReason: string | null;
}

export function stateOf(
  { approvedBy, refusedBy, proposedAt }: Proposal,
  now: Instant,
): ProposalState {
  if (approvedBy !== null) return 'approved';
  if (refusedBy !== null) return 'refused';
  return proposedAt < proposedBefore(now) ? 'expired' : 'proposed';
}

export const NewProposal = object(adjustment, { title: 'NewProposal' });
export const ProposalShown = object(
  {
    id: idOf('proposal'),
    status: Type.Unsafe<ProposalState>({
      type: 'string',
      enum: [...PROPOSAL_STATES],
      description: `\`expired\`: nobody decided about it for ${PROPOSAL_DAYS} days.`,
    }),
    memberId: idOf('member'),
    merchantId: idOf('merchant'),
    programme: Code,
    pointType: Code,
    points: Type.Integer(),
    reason: Type.String(),
    reference: Type.Optional(Type.String()),
    actor: Type.String(),
    expiresAt: Type.Optional(InstantText),
    proposedBy: idOf('apiKey'),
    proposedAt: InstantText,
    approvedBy: Type.Optional(idOf('apiKey')),
    approvedAt: Type.Optional(InstantText),
    notApplied: Type.Optional(
      Type.String({ description: 'Why the ledger did not apply it, though it was approved.' }),
    ),
    refusedBy: Type.Optional(idOf('apiKey')),
    refusedAt: Type.Optional(InstantText),
    refusalReason: Type.Optional(Type.String()),
  },
  { title: 'Proposal' },
);

export function showProposal(
  proposal: Proposal,
  {
    display,
    now,
    notApplied,
  }: {
    readonly display: Display;
    readonly now: Instant;
    /** The code of the ledger's refusal, of one that was approved. */
    readonly notApplied?: string | undefined;
  },
): Type.Static<typeof ProposalShown> {
  const { reference, expiresAt, approvedBy, approvedAt, refusedBy, refusedAt, refusalReason } =
    proposal;
  return {
    id: showId('proposal', proposal.id),
    status: stateOf(proposal, now),
    memberId: showId('member', proposal.member),
    merchantId: showId('merchant', proposal.merchant),
    ...display.codes(proposal.programme, proposal.pointType),
    points: proposal.points,
    reason: proposal.reason,
    ...(reference === null ? {} : { reference }),
    actor: proposal.actor,
    ...(expiresAt === null ? {} : { expiresAt: showInstant(expiresAt) }),
    proposedBy: showId('apiKey', proposal.proposedBy),
    proposedAt: showInstant(proposal.proposedAt),
    ...(approvedBy === null ? {} : { approvedBy: showId('apiKey', approvedBy) }),
    ...(approvedAt === null ? {} : { approvedAt: showInstant(approvedAt) }),
    ...(notApplied === undefined ? {} : { notApplied }),
    ...(refusedBy === null ? {} : { refusedBy: showId('apiKey', refusedBy) }),
    ...(refusedAt === null ? {} : { refusedAt: showInstant(refusedAt) }),
    ...(refusalReason === null ? {} : { refusalReason }),
  };
}

/** The command of an approved proposal: always the same, so that it can be sent again. */
export function adjustCommand(proposal: Proposal, approvedBy: Uuid): AdjustCommand {
  const {
    id,
    programme,
    pointType,
    member,
    merchant,
    points,
    expiresAt,
    reason,
    reference,
    actor,
  } = proposal;
  const detail = {
    reason,
    ...(reference === null ? {} : { reference }),
    actor,
    proposedBy: showId('apiKey', proposal.proposedBy),
    approvedBy: showId('apiKey', approvedBy),
  };
  return {
    kind: 'adjust',
    key: `proposal:${id}`,
    id,
    programme,
    pointType,
    member,
    merchant,
    points,
    expiresAt,
    effectiveAt: null,
    detail,
  };
}
