import { answerOf, readTransactions } from '../ledger/read.ts';
import type { Sql } from '../platform/database.ts';
import type { Awarded } from './activity.ts';
import { type AwardAnswer, answersOf } from './settling.ts';

/** What the ledger has recorded of the awards of each, in order; null where it has nothing. */
export async function readAnswers(
  sql: Sql,
  list: readonly Awarded[],
): Promise<(AwardAnswer | null)[][]> {
  const ids = list.flatMap(({ awards }) => awards.map(({ transaction }) => transaction));
  const recorded = ids.length === 0 ? [] : [...(await readTransactions(sql, ids))];
  const known = new Map(recorded.map(([id, each]) => [id, answerOf(each)]));
  return list.map((each) => answersOf(each, known));
}
