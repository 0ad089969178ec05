import { newId, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import { problem } from '../../platform/web/problem.ts';
import type { LinePlace, Pair, PairPlace, Period } from '../periods/period.ts';
import { findLine, readPairs } from '../periods/read.ts';
import type { AdjustDeps } from './adjust.ts';
import { comesTo, type Dispute, decideBy, isTooLate, lineComesTo } from './dispute.ts';
import { insertDispute, insertStep, lockClaims } from './store.ts';

export interface Raised {
  readonly merchant: Uuid;
  /** Whose word it is: the merchant's, or that of the platform for it. */
  readonly word: Uuid;
  /** What it is about: a pair of the period, or one line of it. */
  readonly about: { readonly pair: PairPlace } | { readonly line: LinePlace };
  readonly fen: number;
  readonly reason: string;
  readonly actor: string;
  readonly by: Uuid;
}

/**
 * A merchant disputes what it pays or receives in a closed period. All that it ever gets back of a pair, by disputes about the pair and
 * about its lines together, is what the pair comes to for it: what is open counts as if it were upheld. Refused:
 * `period_not_closed`, `dispute_too_late`, `dispute_about_nothing`, `dispute_open_already`, `dispute_exceeds` (with `leftFen`).
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
  const { merchant, word, fen, reason, actor, by } = raised;
  const found = await findPair(tx, period, raised.about);
  const isSide = found?.pair.payer === merchant || found?.pair.taker === merchant;
  if (found === undefined || !isSide || found.pair.payer === found.pair.taker)
    return problem('dispute_about_nothing');
  const { pair, line } = found;
  const claims = await lockClaims(tx, period.id, merchant, pair);
  const claimed = (list: typeof claims): number => list.reduce((sum, each) => sum + each.fen, 0);
  const isSame = (each: LinePlace | null): boolean =>
    each?.shard === line?.shard && each?.seq === line?.seq && each?.place === line?.place;
  const same = claims.filter((each) => isSame(each.line));
  if (same.some(({ isOpen }) => isOpen)) return problem('dispute_open_already');
  const ofPair = comesTo(pair, merchant, pair.fen) - claimed(claims);
  const ofLine = line === null ? ofPair : lineComesTo(pair, merchant, line.exact) - claimed(same);
  const leftFen = Math.max(0, Math.min(ofPair, ofLine));
  if (fen > leftFen)
    return problem('dispute_exceeds', `${leftFen} fen of it are left`, { leftFen });
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
  await insertDispute(tx, dispute);
  const file = { fileName: null, fileHash: null };
  const step = {
    ...{ kind: 'raised' as const, merchant: word, text: reason, ...file, fen, actor },
    at: now,
  };
  await insertStep(tx, dispute.id, { ...step, madeBy: by });
  return dispute;
}

/** The pair, and the line of it that is meant, if one is. */
async function findPair(sql: Sql, period: Period, about: Raised['about']) {
  const line = 'line' in about ? ((await findLine(sql, period, about.line)) ?? null) : null;
  const place = 'line' in about ? line : about.pair;
  if (place === null) return undefined;
  const { payer, taker, pointType } = place;
  // The one that comes next after the place right before it.
  const before = { payer, taker, pointType: pointType - 1 };
  const [pair]: Pair[] = await readPairs(sql, period.id, null, before, 1);
  const isIt = pair?.payer === payer && pair.taker === taker && pair.pointType === pointType;
  return isIt ? { pair, line } : undefined;
}
