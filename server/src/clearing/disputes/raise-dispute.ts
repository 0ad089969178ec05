import { newId, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import { problem } from '../../platform/web/problem.ts';
import type { LinePlace, PairPlace, Period } from '../periods/period.ts';
import { findLine, readPairs } from '../periods/read.ts';
import type { AdjustDeps } from './adjust.ts';
import { type Dispute, decideBy, isTooLate } from './dispute.ts';
import { insertDispute, insertStep } from './store.ts';

export interface Raised {
  readonly merchant: Uuid;
  /** What it is about: a pair of the period, or one line of it. */
  readonly about: { readonly pair: PairPlace } | { readonly line: LinePlace };
  readonly fen: number;
  readonly reason: string;
  readonly actor: string;
  readonly by: Uuid;
}

/**
 * A merchant disputes what it pays or receives in a closed period. Refused: `period_not_closed`, `dispute_too_late`,
 * `dispute_about_nothing`, `dispute_exists`.
 */
export async function raiseDispute(
  tx: Transaction,
  { clock, programmeClock }: AdjustDeps,
  period: Period,
  raised: Raised,
): Promise<Dispute | Refusal> {
  if (period.closedAt === null) return problem('period_not_closed');
  const now = programmeClock(period.programme);
  if (isTooLate(period.closedAt, now)) return problem('dispute_too_late');
  const pair = await findPair(tx, period, raised.about);
  const { merchant, fen, reason, actor, by } = raised;
  const isSide = pair?.payer === merchant || pair?.taker === merchant;
  if (pair === undefined || !isSide || pair.payer === pair.taker)
    return problem('dispute_about_nothing');
  const dispute: Dispute = {
    id: newId(clock.now()),
    programme: period.programme,
    period: period.id,
    ...{ merchant, fen, reason, actor },
    other: pair.payer === merchant ? pair.taker : pair.payer,
    ...{ payer: pair.payer, taker: pair.taker, pointType: pair.pointType },
    line: 'line' in raised.about ? raised.about.line : null,
    raisedAt: now,
    dueAt: decideBy(now),
    raisedBy: by,
    state: 'open',
    endedAt: null,
    upheldFen: null,
  };
  if (!(await insertDispute(tx, dispute))) return problem('dispute_exists');
  const file = { fileName: null, fileHash: null };
  const step = {
    ...{ kind: 'raised' as const, merchant, text: reason, ...file, fen, actor },
    at: now,
  };
  await insertStep(tx, dispute.id, { ...step, madeBy: by });
  return dispute;
}

async function findPair(
  sql: Sql,
  period: Period,
  about: Raised['about'],
): Promise<PairPlace | undefined> {
  if ('line' in about) return findLine(sql, period, about.line);
  const { payer, taker, pointType } = about.pair;
  // The one that comes next after the place right before it.
  const before = { payer, taker, pointType: pointType - 1 };
  const [found] = await readPairs(sql, period.id, null, before, 1);
  const isIt = found?.payer === payer && found.taker === taker && found.pointType === pointType;
  return isIt ? found : undefined;
}
