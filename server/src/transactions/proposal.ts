import Type from 'typebox';
import { type Instant, showInstant } from '../kernel/clock.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import type { AdjustCommand } from '../ledger/command.ts';
import { Code, InstantText, idOf, object } from '../platform/web/schema.ts';
import { adjustment } from './schema.ts';
import type { Display } from './show.ts';

/** An adjustment above the programme's limit, waiting for a second person or approved by one. */
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
}

export const NewProposal = object(adjustment, { title: 'NewProposal' });
export const ProposalShown = object(
  {
    id: idOf('proposal'),
    status: Type.Unsafe<'proposed' | 'approved'>({
      type: 'string',
      enum: ['proposed', 'approved'],
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
  },
  { title: 'Proposal' },
);

export function showProposal(
  proposal: Proposal,
  display: Display,
): Type.Static<typeof ProposalShown> {
  const { reference, expiresAt, approvedBy, approvedAt } = proposal;
  return {
    id: showId('proposal', proposal.id),
    status: approvedBy === null ? 'proposed' : 'approved',
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
