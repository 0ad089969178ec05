import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { readOpenAccounts } from '../ledger/read-sent.ts';
import { followMerges } from './follow-merges.ts';
import { finishMerge } from './merge-members.ts';
import { advanceMove, emptyAccounts, type MoveDeps } from './move-accounts.ts';
import {
  deleteAbsorbedReturn,
  readAbsorbedPage,
  readAbsorbedReturns,
  readOpenMerges,
  readOpenMoves,
} from './store.ts';

/** Absorbed members looked at in one round: all in turn, so that a round stays short however many there are. */
const LOOKED_AT_MAX = 10_000;

/**
 * Goes on with what a crash left open since before a time, at most `limit` of each; then looks whether something came to an
 * absorbed member's account since: a gift that was on its way, the end of a hold, what a process did that
 * had not heard of the merge. Answers how many were brought to an end.
 */
export function createResumeMerges(
  deps: MoveDeps,
): (before: Instant, limit: number) => Promise<number> {
  const ledger = followMerges(deps);
  let after: Uuid | null = null;
  return async (before, limit) => {
    const { pool } = deps;
    const returns = await readAbsorbedReturns(pool, before, limit);
    for (const { id, command } of returns) {
      await ledger.submit(command);
      await deleteAbsorbedReturn(pool, id);
    }
    const moves = await readOpenMoves(pool, before, limit);
    for (const move of moves) await advanceMove(deps, move);
    const merges = await readOpenMerges(pool, before, limit);
    let done = returns.length + moves.length;
    for (const merge of merges) if (!(await finishMerge(deps, merge)).open) done += 1;
    const absorbed = await readAbsorbedPage(pool, after, LOOKED_AT_MAX);
    after = absorbed.length < LOOKED_AT_MAX ? null : (absorbed.at(-1) ?? null);
    for (const member of await holding(deps, absorbed)) {
      if (await emptyAccounts(deps, member)) done += 1;
    }
    // One round is enough for a minute: what is still held would only be found again.
    return Math.min(done, limit - 1);
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
