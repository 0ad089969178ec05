import { showId } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { readClaims } from '../ledger/claim-store.ts';
import type { Sql } from '../platform/database.ts';
import type { Principal } from '../platform/web/auth.ts';
import { isReached, type Subjects } from './subjects.ts';

/** A refusal as its caller may see it: who may see the transaction that owns a claimed fact is told which it is. */
export async function tellOwner(
  { pool, subjects }: { readonly pool: Sql; readonly subjects: Subjects },
  refusal: Refusal,
  principal: Principal,
): Promise<Refusal> {
  const hash = refusal.facts?.claim;
  if (refusal.code !== 'already_claimed' || typeof hash !== 'string') return refusal;
  const [claim] = await readClaims(pool, [hash]);
  const owner = claim?.transaction ?? null;
  if (owner === null) return refusal;
  return (await isReached(subjects, principal, owner))
    ? { ...refusal, facts: { ...refusal.facts, transactionId: showId('transaction', owner) } }
    : refusal;
}
