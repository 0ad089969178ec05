import type { Uuid } from '../kernel/id.ts';
import { createFinishing, type Leftovers } from '../kernel/leftovers.ts';
import { readOpenAccounts } from '../ledger/read-sent.ts';
import { followMerges } from './follow-merges.ts';
import type { Merge, Move } from './merge.ts';
import { finishMerge } from './merge-members.ts';
import { advanceMove, emptyAccounts, type MoveDeps } from './move-accounts.ts';
import {
  deleteAbsorbedReturn,
  readAbsorbedPage,
  readAbsorbedReturns,
  readOpenMerges,
  readOpenMoves,
  type WaitingReturn,
} from './store.ts';

/** Absorbed members looked at in one round: all in turn, so that a round stays short however many there are. */
const LOOKED_AT_MAX = 10_000;

/** What a crash left open: returns on their way to survivors, accounts on the move, and then the merges themselves. */
export function openMerges(
  deps: MoveDeps,
): readonly [Leftovers<WaitingReturn>, Leftovers<Move>, Leftovers<Merge>] {
  const { pool } = deps;
  const ledger = followMerges(deps);
  return [
    {
      read: (before, after, limit) => readAbsorbedReturns(pool, before, after, limit),
      async finish(returns) {
        for (const { id, command } of returns) {
          await ledger.submit(command);
          await deleteAbsorbedReturn(pool, id);
        }
        return returns.length;
      },
    },
    {
      read: (before, after, limit) => readOpenMoves(pool, before, after, limit),
      async finish(moves) {
        for (const move of moves) await advanceMove(deps, move);
        return moves.length;
      },
    },
    {
      read: (before, after, limit) => readOpenMerges(pool, before, after, limit),
      async finish(merges) {
        let done = 0;
        for (const merge of merges) if (!(await finishMerge(deps, merge)).open) done += 1;
        return done;
      },
    },
  ];
}

/**
 * Looks whether something came to an absorbed member's account since the merge: a gift that was on its way, the end of a
 * hold, what a process did that had not heard of it. Answers how many accounts were emptied.
 */
export function createEmptyAbsorbed(deps: MoveDeps): () => Promise<number> {
  let next: Uuid | null = null;
  return async () => {
    const absorbed = await readAbsorbedPage(deps.pool, next, LOOKED_AT_MAX);
    next = absorbed.length < LOOKED_AT_MAX ? null : (absorbed.at(-1) ?? null);
    const { finish, end } = createFinishing<Uuid>(async ([member]) =>
      member !== undefined && (await emptyAccounts(deps, member)) ? 1 : 0,
    );
    for (const member of await holding(deps, absorbed)) await finish([member]);
    return end();
  };
}

/** Those of the members whose accounts hold or owe something. */
async function holding({ pool, ledger }: MoveDeps, members: readonly Uuid[]): Promise<Set<Uuid>> {
  const byShard = new Map<number, Uuid[]>();
  for (const member of members) {
    const shard = ledger.shardOf(member);
    const own = byShard.get(shard);
    if (own === undefined) byShard.set(shard, [member]);
    else own.push(member);
  }
  const found = new Set<Uuid>();
  for (const [shard, own] of byShard) {
    for (const { member } of await readOpenAccounts(pool, shard, own)) found.add(member);
  }
  return found;
}
