import type { Uuid } from '../kernel/id.ts';
import { type Transaction, withTransaction } from '../platform/database.ts';
import { readMemberTier } from './member-store.ts';
import { momentOf, reviewMembers, type TierDeps } from './review-members.ts';
import { schemeAt } from './scheme.ts';
import { readSchemes } from './scheme-store.ts';
import { deleteUnion, insertUnion, readUnions } from './union-store.ts';

const PAGE = 100;

/** Notes, in the transaction of a merge, that a member has become part of another one: a crash does not lose it. */
export function noteUnion(tx: Transaction, absorbed: Uuid): Promise<void> {
  return insertUnion(tx, absorbed);
}

/**
 * Gives survivors of merges what they are together: their figures are united, the better tier is kept, and the history
 * says why. Answers how many merges that were.
 */
export async function uniteTiers(deps: TierDeps): Promise<number> {
  const { pool, programmes } = deps;
  const unions = await readUnions(pool, PAGE);
  for (const absorbed of unions) {
    for (const programme of programmes.all()) {
      if (!programme.tiered) continue;
      const now = programmes.programmeClock(programme.id);
      const version = schemeAt(await readSchemes(pool, programme.id), now);
      if (version === undefined) continue;
      // Who was looked at or did anything has a row.
      const key = { programme: programme.id, member: absorbed };
      if ((await readMemberTier(pool, key)) === undefined) continue;
      const moment = momentOf(deps, programme, version, now);
      await withTransaction(pool, (tx) => reviewMembers(tx, moment, [absorbed]));
    }
    await deleteUnion(pool, absorbed);
  }
  return unions.length;
}
