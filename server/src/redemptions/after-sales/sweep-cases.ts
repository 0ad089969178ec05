import { finishDue } from '../../kernel/due.ts';
import { eachAlone } from '../../kernel/leftovers.ts';
import { withTransaction } from '../../platform/database.ts';
import { lockRedemptions, readRedemptions } from '../store.ts';
import { lockCases, readDueCases } from './case-store.ts';
import type { AfterSalesDeps } from './deps.ts';
import { makeGood } from './make-good.ts';
import type { Settling } from './settle-cases.ts';
import { BY_THE_CLOCK, type CaseMove, takeCaseSteps } from './take-step.ts';

type DueCase = Awaited<ReturnType<typeof readDueCases>>[number];

/**
 * Moves every case whose deadline has passed, by the clocks of their programmes; answers how many. What came back and was to be
 * refunded is refunded; whatever else nobody acted on goes to the operator. What somebody is at just now, or fails,
 * keeps nothing else waiting.
 */
export function sweepCases(
  deps: AfterSalesDeps,
  settling: Settling,
  page?: number,
): Promise<number> {
  const { pool, programmes } = deps;
  return eachAlone(
    programmes.all(),
    ({ id: programme }) =>
      finishDue<DueCase>(
        {
          read: (but, limit) => {
            const now = programmes.programmeClock(programme);
            const ids = but.map(({ id }) => id);
            return readDueCases(pool, programme, now, ids, limit);
          },
          async finish(list) {
            const back = list.filter(({ state }) => state === 'received');
            const silent = list.filter(({ state }) => state !== 'received');
            const done = await escalate(deps, silent);
            for (const each of back) if (await settleDue(deps, settling, each)) done.add(each.id);
            return list.filter(({ id }) => done.has(id));
          },
        },
        page,
      ),
    'not every case whose time has come could be moved',
  );
}

/** Locks no redemption: it neither opens a case nor changes what was handed out. */
async function escalate(
  deps: AfterSalesDeps,
  list: readonly DueCase[],
): Promise<Set<DueCase['id']>> {
  if (list.length === 0) return new Set();
  return await withTransaction(deps.pool, async (tx) => {
    const held = await lockCases(
      tx,
      list.map(({ id }) => id),
      'locked',
    );
    const redemptions = await readRedemptions(
      tx,
      list.map(({ redemption }) => redemption),
    );
    const moves = [...held.values()].flatMap((of): CaseMove[] => {
      const redemption = redemptions.get(of.redemption);
      const isDue = of.dueAt !== null && of.dueAt <= deps.programmes.programmeClock(of.programme);
      if (redemption === undefined || !isDue || of.state === 'received') return [];
      return [{ of, redemption, step: 'escalate', said: BY_THE_CLOCK }];
    });
    const moved = await takeCaseSteps(tx, deps, moves);
    return new Set(moved.map(({ id }) => id));
  });
}

/** It came back, and the merchant had its days: the points go back; what was to be exchanged or mended goes to the operator. */
async function settleDue(
  deps: AfterSalesDeps,
  settling: Settling,
  { id, redemption: whose }: DueCase,
): Promise<boolean> {
  const moved = await withTransaction(deps.pool, async (tx) => {
    const redemption = (await lockRedemptions(tx, [whose])).get(whose);
    const of = (await lockCases(tx, [id])).get(id);
    if (redemption === undefined || of === undefined) throw new Error(`case ${id} is not there`);
    const isDue = of.dueAt !== null && of.dueAt <= deps.programmes.programmeClock(of.programme);
    if (of.state !== 'received' || !isDue) return undefined;
    const good = { of, redemption, remedy: 'refund' as const, said: BY_THE_CLOCK, onShelf: null };
    const told = of.remedy === 'refund' ? await makeGood(tx, deps, good) : undefined;
    if (told !== undefined && !('code' in told)) return told;
    const move = { of, redemption, step: 'escalate' as const, said: BY_THE_CLOCK };
    return (await takeCaseSteps(tx, deps, [move]))[0];
  });
  if (moved?.state === 'settling') await settling.settle([id]);
  return moved !== undefined;
}
