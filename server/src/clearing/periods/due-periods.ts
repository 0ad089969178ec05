import { type CalendarUnit, firstDayAfter, localDate, startOfDate } from '../../kernel/calendar.ts';
import type { Instant } from '../../kernel/clock.ts';
import { eachAlone } from '../../kernel/leftovers.ts';
import { readLastCut } from '../../ledger/cuts/store.ts';
import { clearedSince } from '../../ledger/read-accruals.ts';
import { type Pool, withTransaction } from '../../platform/database.ts';
import { beginPeriod } from './begin-period.ts';
import { type CloseDeps, closePeriod } from './close-period.ts';
import { readLastPeriod } from './read.ts';

export interface DueDeps extends CloseDeps {
  readonly programmes: {
    all(): readonly { readonly id: number; readonly timeZone: string }[];
  };
  /** How long a programme's periods are, at an instant of its clock; null: they are closed by hand alone. */
  readonly cycleOf: (pool: Pool, programme: number, at: Instant) => Promise<CalendarUnit | null>;
}

/** Ten years of months, in a sandbox whose clock jumped; the rest in the next round. */
const PERIODS_MAX = 120;

/** Closes every period that is over by the cycle of its programme; answers how many. */
export function closeDuePeriods(deps: DueDeps): Promise<number> {
  return eachAlone(
    deps.programmes.all(),
    (programme) => closeDue(deps, programme),
    'periods of a programme could not be closed',
  );
}

async function closeDue(
  deps: DueDeps,
  { id, timeZone }: { readonly id: number; readonly timeZone: string },
): Promise<number> {
  const { pool } = deps;
  for (let closed = 0; closed < PERIODS_MAX; closed += 1) {
    const from = (await readLastPeriod(pool, id))?.until ?? (await clearedSince(pool, id));
    if (from === null) return closed;
    const cycle = await deps.cycleOf(pool, id, from);
    if (cycle === null) return closed;
    const end = startOfDate(firstDayAfter(cycle, localDate(from, timeZone)), timeZone);
    // A cut by hand ended what was before it for good: the period lasts until there.
    const until = Math.max(end, (await readLastCut(pool, id))?.at ?? end);
    if (until > deps.programmeClock(id)) return closed;
    const begun = await withTransaction(pool, (tx) => beginPeriod(tx, deps, id, until));
    // Someone else was faster.
    if ('code' in begun) return closed;
    await closePeriod(deps, begun.id);
  }
  return PERIODS_MAX;
}
