import type { Clock, Instant } from '../../kernel/clock.ts';
import { newId, type Uuid } from '../../kernel/id.ts';
import { type Refusal, refusal } from '../../kernel/refusal.ts';
import type { Pool, Transaction } from '../../platform/database.ts';
import type { Ledger, ProgrammeClock } from '../ledger.ts';
import { type Cut, type Marker, shardOwner } from './cut.ts';
import { closeCut, insertCut, lockCuts, readLastCut, readMarkers, readOpenCuts } from './store.ts';

export interface CutDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly ledger: Pick<Ledger, 'submitAll'>;
  readonly programmeClock: ProgrammeClock;
  readonly shards: number;
}

/**
 * Records that a programme is to be cut at `at`; {@link markCut} does it. The same cut again is the one
 * there is. Refused: `cut_in_future`, `cut_not_after_last`.
 */
export async function recordCut(
  tx: Transaction,
  { clock, programmeClock }: Pick<CutDeps, 'clock' | 'programmeClock'>,
  programme: number,
  at: Instant,
): Promise<Cut | Refusal> {
  if (at > programmeClock(programme))
    return refusal('cut_in_future', 'a period can be closed only when it is over');
  await lockCuts(tx, programme);
  const last = await readLastCut(tx, programme);
  if (last?.at === at) return last;
  if (last !== undefined && last.at > at)
    return refusal('cut_not_after_last', 'a later cut of this programme closed that time already');
  const cut = { id: newId(clock.now()), programme, at, madeAt: clock.now() };
  await insertCut(tx, cut);
  return cut;
}

/** Puts the markers that are missing into the chains; answers all of them. It may be repeated at any time. */
export async function markCut(deps: CutDeps, cut: Cut): Promise<Marker[]> {
  const { pool, ledger, shards } = deps;
  await ledger.submitAll(
    Array.from({ length: shards }, (_, shard) => ({
      kind: 'cut',
      key: keyOf(cut.id),
      programme: cut.programme,
      pointType: 0,
      member: shardOwner(shard),
      effectiveAt: cut.at,
    })),
  );
  const markers = await readMarkers(pool, keyOf(cut.id), shards);
  if (markers.length !== shards) throw new Error('a marker was answered and is not there');
  await closeCut(pool, cut.id);
  return markers;
}

/** Goes on with cuts that a crash left half marked; answers how many. */
export async function resumeCuts(deps: CutDeps): Promise<number> {
  const open = await readOpenCuts(deps.pool);
  for (const cut of open) await markCut(deps, cut);
  return open.length;
}

/** The markers there are, of a cut that may not have all of them yet. */
export async function markersOf(
  deps: Pick<CutDeps, 'pool' | 'shards'>,
  cut: Cut,
): Promise<Marker[]> {
  return readMarkers(deps.pool, keyOf(cut.id), deps.shards);
}

function keyOf(id: Uuid): string {
  return `cut:${id}`;
}
