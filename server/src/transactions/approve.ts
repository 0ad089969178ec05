import type { Clock, Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Leftovers } from '../kernel/leftovers.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Answer } from '../ledger/transaction.ts';
import { mergedAway } from '../members/merged.ts';
import type { Members } from '../members/registry.ts';
import { type Pool, type Sql, type Transaction, withTransaction } from '../platform/database.ts';
import { markSettled, UNSETTLED, unsettledOf, type Waiting } from '../platform/unsettled.ts';
import { type Principal, reaches } from '../platform/web/auth.ts';
import { problem } from '../platform/web/problem.ts';
import { adjustCommand, type Proposal, stateOf } from './proposal.ts';
import { approveProposal, readProposals, refuseProposal } from './store.ts';

export interface ApproveDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly members: Pick<Members, 'survivors'>;
}

/** A proposal the caller may see. */
export async function findProposal(
  sql: Sql,
  id: Uuid,
  principal: Principal,
): Promise<Proposal | undefined> {
  const [proposal] = await readProposals(sql, [id]);
  return proposal !== undefined && reaches(principal, proposal) ? proposal : undefined;
}

/**
 * Approves a proposal with another key than proposed it, and applies it. Repeating it is harmless: the
 * first approval stands, and the ledger answers as it did. With `dryRun` nothing is changed.
 */
export async function approve(
  deps: ApproveDeps,
  id: Uuid,
  principal: Principal,
  dryRun: boolean,
): Promise<Answer | Refusal> {
  const { pool, clock, ledger, members } = deps;
  const proposal = await findProposal(pool, id, principal);
  if (proposal === undefined) return problem('proposal_not_found');
  if (proposal.proposedBy === principal.keyId) {
    return refusal('same_person', 'who proposed an adjustment cannot approve it');
  }
  const closed = closedAgainst(proposal, clock.now());
  if (closed !== undefined) return closed;
  const gone = mergedAway(await members.survivors(proposal.member));
  if (gone !== undefined && proposal.approvedBy === null) return gone;
  if (dryRun) {
    const [answer] = await ledger.preview([
      adjustCommand(proposal, proposal.approvedBy ?? principal.keyId),
    ]);
    if (answer === undefined) throw new Error('every command has an answer');
    return answer;
  }
  const approved = await withTransaction(pool, (tx) =>
    approveProposal(tx, id, principal.keyId, clock.now()),
  );
  if (approved === undefined) throw new Error('what is approved does not go away');
  // Somebody refused it in this moment.
  if (approved.approvedBy === null) return problem('proposal_refused');
  const answer = await ledger.submit(adjustCommand(approved, approved.approvedBy));
  await markSettled(pool, [id]);
  return answer;
}

/** Why a proposal is not approved any more. */
function closedAgainst(proposal: Proposal, now: Instant): Refusal | undefined {
  const state = stateOf(proposal, now);
  if (state === 'refused') return problem('proposal_refused');
  return state === 'expired' ? problem('proposal_expired') : undefined;
}

/**
 * Refuses a proposal, or takes it back: also who proposed it may. Refusing it again changes nothing; one that was
 * approved stays so, and one that waited too long may still be said no to.
 */
export async function refuseAdjustment(
  tx: Transaction,
  proposal: Proposal,
  refusing: { readonly by: Uuid; readonly reason: string; readonly now: Instant },
): Promise<Proposal | Refusal> {
  const refused = await refuseProposal(tx, proposal.id, refusing);
  if (refused === undefined) throw new Error('what is refused does not go away');
  return refused.approvedBy === null ? refused : problem('proposal_approved');
}

/** What a crash left approved and not applied. */
export function approvedLeft({
  pool,
  ledger,
}: Pick<ApproveDeps, 'pool' | 'ledger'>): Leftovers<Waiting> {
  return unsettledOf(pool, UNSETTLED.proposal, async (ids) => {
    const approved = (await readProposals(pool, ids)).flatMap((each) =>
      each.approvedBy === null ? [] : [adjustCommand(each, each.approvedBy)],
    );
    await ledger.submitAll(approved);
    await markSettled(pool, ids);
    return ids.length;
  });
}
