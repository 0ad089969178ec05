import type { Uuid } from '../../kernel/id.ts';
import { eachAlone } from '../../kernel/leftovers.ts';
import { type CutDeps, markCut } from '../../ledger/cuts/make-cut.ts';
import { findCut } from '../../ledger/cuts/store.ts';
import { withTransaction } from '../../platform/database.ts';
import { makeFigures, sliceShards } from './figures.ts';
import { hashFigures, type Names } from './figures-csv.ts';
import type { Period } from './period.ts';
import { findPeriod, findPeriodOf } from './read.ts';
import {
  allowMuch,
  insertSlices,
  lockPeriod,
  readClosing,
  setClosed,
  takeAdjustments,
} from './store.ts';

/** What a close has just done. What a crash may come after; tests let it. */
export const CLOSE_STEPS = [
  'marked',
  'locked',
  'sliced',
  'adjusted',
  'figured',
  'hashed',
  'closed',
] as const;
export type CloseStep = (typeof CLOSE_STEPS)[number];

export interface CloseDeps extends CutDeps {
  readonly names: Names;
  readonly onStep?: (step: CloseStep, period: Period) => void | Promise<void>;
}

/**
 * Closes a period that was begun, and before it those of its programme that come before it. Markers are put into the chains of
 * all shards; then the figures are made and the period is closed in one transaction, which either is there or is not. So it may be
 * repeated, beside itself too, and from wherever a crash left it: markers have keys of their own, and who closes second
 * waits for the first and finds it done.
 */
export async function closePeriod(deps: CloseDeps, id: Uuid): Promise<Period> {
  const period = await mustFind(deps, id);
  if (period.state === 'closed') return period;
  const before = await findPeriodOf(deps.pool, period.programme, period.number - 1);
  if (before !== undefined) await closePeriod(deps, before.id);
  const cut = await findCut(deps.pool, period.cut);
  if (cut === undefined) throw new Error(`period ${id} has no cut`);
  const markers = await markCut(deps, cut);
  await deps.onStep?.('marked', period);
  await withTransaction(deps.pool, async (tx) => {
    await allowMuch(tx);
    await lockPeriod(tx, id);
    if ((await findPeriod(tx, id))?.state === 'closed') return;
    await deps.onStep?.('locked', period);
    const slices = await sliceShards(tx, period, before, markers);
    await insertSlices(tx, id, slices);
    await deps.onStep?.('sliced', period);
    await takeAdjustments(tx, period);
    await deps.onStep?.('adjusted', period);
    const sum = await makeFigures(tx, period, before, slices);
    await deps.onStep?.('figured', period);
    const hash = await hashFigures(tx, period, deps.names);
    await deps.onStep?.('hashed', period);
    await setClosed(tx, id, { at: deps.programmeClock(period.programme), hash, sum });
    await deps.onStep?.('closed', period);
  });
  return mustFind(deps, id);
}

/** Goes on with closes that a crash or a failure left; answers how many are closed now. */
export async function resumeCloses(deps: CloseDeps): Promise<number> {
  return eachAlone(
    await readClosing(deps.pool, null),
    async ({ id }) => ((await closePeriod(deps, id)).state === 'closed' ? 1 : 0),
    'a period could not be closed',
  );
}

async function mustFind({ pool }: CloseDeps, id: Uuid): Promise<Period> {
  const period = await findPeriod(pool, id);
  if (period === undefined) throw new Error(`there is no period ${id}`);
  return period;
}
