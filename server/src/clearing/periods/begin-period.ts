import type { Instant } from '../../kernel/clock.ts';
import { newId } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import { type CutDeps, recordCut } from '../../ledger/cuts/make-cut.ts';
import { clearedSince } from '../../ledger/read-accruals.ts';
import type { Transaction } from '../../platform/database.ts';
import { problem } from '../../platform/web/problem.ts';
import type { Period } from './period.ts';
import { findPeriodUntil, readLastPeriod } from './read.ts';
import { insertPeriod, lockPeriods } from './store.ts';

/**
 * Records that what is not cleared yet of a programme is to be cleared as one period until `until`, with the cut of the ledger at
 * its end; {@link closePeriod} does it. The same period again is the one there is. The first begins where the programme's
 * prices do. Refused: `programme_not_cleared`, `period_in_future`, `period_closed` for an end within an earlier one, `period_not_after_last` for one before
 * clearing began or before the last cut of the ledger, whose shards are closed up to there.
 */
export async function beginPeriod(
  tx: Transaction,
  { clock, programmeClock }: Pick<CutDeps, 'clock' | 'programmeClock'>,
  programme: number,
  until: Instant,
): Promise<Period | Refusal> {
  const now = programmeClock(programme);
  if (until > now) return problem('period_in_future');
  await lockPeriods(tx, programme);
  const last = await readLastPeriod(tx, programme);
  if (last !== undefined && until <= last.until)
    return (await findPeriodUntil(tx, programme, until)) ?? problem('period_closed');
  const from = last?.until ?? (await clearedSince(tx, programme));
  if (from === null) return problem('programme_not_cleared');
  if (until <= from) return problem('period_not_after_last', 'clearing begins later than that');
  const cut = await recordCut(tx, { clock, programmeClock }, programme, until);
  if ('code' in cut) return problem('period_not_after_last', 'the ledger was cut later than that');
  const period: Period = {
    id: newId(clock.now()),
    programme,
    number: (last?.number ?? 0) + 1,
    from,
    until,
    cut: cut.id,
    begunAt: now,
    state: 'closing',
    closedAt: null,
    figuresHash: null,
  };
  await insertPeriod(tx, period);
  return period;
}
