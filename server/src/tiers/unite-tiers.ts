import type { Uuid } from '../kernel/id.ts';
import { finishLeftovers, type Leftovers } from '../kernel/leftovers.ts';
import { type Transaction, withTransaction } from '../platform/database.ts';
import { readLaddersOf } from './member-store.ts';
import { momentOf, reviewMembers, type TierDeps } from './review-members.ts';
import { readVersionAt } from './scheme-store.ts';
import { deleteUnion, insertUnion, readUnions } from './union-store.ts';

/** Notes, in the transaction of a merge, that a member has become part of another one: a crash does not lose it. */
export function noteUnion(tx: Transaction, absorbed: Uuid): Promise<void> {
  return insertUnion(tx, absorbed);
}

/**
 * Gives survivors of merges what they are together: their figures are united, the better tier is kept, and the history
 * says why. Answers how many merges that were; one that cannot be united keeps no other waiting.
 */
export function uniteTiers(deps: TierDeps): Promise<number> {
  const unions: Leftovers<Uuid> = {
    read: (_, after, limit) => readUnions(deps.pool, after, limit),
    async finish(list) {
      for (const absorbed of list) await unite(deps, absorbed);
      return list.length;
    },
  };
  return finishLeftovers(unions, Number.MAX_SAFE_INTEGER);
}

async function unite(deps: TierDeps, absorbed: Uuid): Promise<void> {
  const { pool, programmes } = deps;
  // Who was looked at or did anything has a row.
  for (const ladder of await readLaddersOf(pool, absorbed)) {
    const programme = programmes.byId(ladder.programme);
    if (programme === undefined) throw new Error('a programme with tiers is known');
    const now = programmes.programmeClock(programme.id);
    const version = await readVersionAt(pool, ladder, now);
    if (version === undefined) continue;
    const moment = momentOf(deps, programme, [version], now);
    await withTransaction(pool, (tx) => reviewMembers(tx, moment, ladder, [absorbed]));
  }
  await deleteUnion(pool, absorbed);
}
