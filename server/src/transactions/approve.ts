import type { Clock } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Leftovers } from '../kernel/leftovers.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Answer } from '../ledger/transaction.ts';
import { mergedAway } from '../members/merged.ts';
import type { Members } from '../members/registry.ts';
import { type Pool, withTransaction } from '../platform/database.ts';
import { markSettled, UNSETTLED, unsettledOf, type Waiting } from '../platform/unsettled.ts';
import { type Principal, reaches } from '../platform/web/auth.ts';
import { problem } from '../platform/web/problem.ts';
import { adjustCommand, type Proposal } from './proposal.ts';
import { approveProposal, readProposals } from './store.ts';

export interface ApproveDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly members: Pick<Members, 'survivors'>;
}

/** A proposal the caller may see. */
export async function findProposal(
  pool: Pool,
  id: Uuid,
  principal: Principal,
): Promise<Proposal | undefined> {
  const [proposal] = await readProposals(pool, [id]);
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
  if (approved?.approvedBy === undefined || approved.approvedBy === null)
    throw new Error('an approved proposal has an approver');
  const answer = await ledger.submit(adjustCommand(approved, approved.approvedBy));
  await markSettled(pool, [id]);
  return answer;
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
