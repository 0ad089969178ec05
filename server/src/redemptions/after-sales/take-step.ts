import type { AfterSalesNews } from '../../kernel/after-sales-news.ts';
import type { Instant } from '../../kernel/clock.ts';
import type { Transaction } from '../../platform/database.ts';
import type { Redemption } from '../redemption.ts';
import type { Case, CaseEntry, Saying } from './case.ts';
import { type CaseState, type CaseStep, caseAfter, DAYS_TO_ACT } from './case-steps.ts';
import { insertEntries, noteSettling, writeCases } from './case-store.ts';
import { type AfterSalesDeps, programmeOf } from './deps.ts';
import type { CaseRefusal } from './reasons.ts';
import { lastMoment } from './units.ts';

/** A step of a case that is locked, and what it changes beside the state. */
export interface CaseMove {
  readonly of: Case;
  readonly redemption: Redemption;
  readonly step: CaseStep;
  readonly said: Saying;
  readonly reason?: CaseRefusal;
  readonly change?: Partial<Pick<Case, 'remedy' | 'onShelf' | 'back'>>;
}

/** What the clock says, which is nobody. */
export const BY_THE_CLOCK: Saying = { by: null, actor: null, note: null };

/** When who has to act in this state has not acted, if it is reached at `at`. */
export function dueIn(state: CaseState, at: Instant, timeZone: string): Instant | null {
  const days = DAYS_TO_ACT[state];
  return days === undefined ? null : lastMoment(at, days, timeZone);
}

/** Takes steps of cases that are locked: how they are then, who did it, and what their members are told, all of it together. */
export async function takeCaseSteps(
  tx: Transaction,
  deps: AfterSalesDeps,
  moves: readonly CaseMove[],
): Promise<Case[]> {
  if (moves.length === 0) return [];
  const entries: CaseEntry[] = [];
  const news: AfterSalesNews[] = [];
  const moved = moves.map((move) => {
    const { of, step, said, reason = null, change = {} } = move;
    const state = caseAfter(of.state, step);
    if (state === undefined) throw new Error(`a case that is ${of.state} has no step ${step}`);
    const { programmes } = deps;
    const at = programmes.programmeClock(of.programme);
    const dueAt = dueIn(state, at, programmeOf(deps, of.programme).timeZone);
    const next: Case = { ...of, ...change, state, dueAt, steps: of.steps + 1 };
    entries.push({ ...said, case: of.id, number: next.steps, step, state, at, reason });
    news.push(...newsOf(next, move));
    return next;
  });
  await writeCases(tx, moved);
  await insertEntries(tx, entries);
  for (const { id, state } of moved)
    if (state === 'settling') await noteSettling(tx, id, deps.clock.now());
  await deps.tell(tx, news);
  return moved;
}

const TOLD: Partial<Record<CaseStep, AfterSalesNews['what']>> = {
  accept: 'accepted',
  refuse: 'refused',
  escalate: 'escalated',
  appeal: 'escalated',
  dismiss: 'dismissed',
  exchange: 'exchanged',
  mend: 'mended',
  end: 'refunded',
};

function newsOf(now: Case, { redemption, step, reason }: CaseMove): AfterSalesNews[] {
  const what = step === 'end' && now.kind === 'supplier' ? 'cancelled' : TOLD[step];
  if (what === undefined) return [];
  const { id, programme, member, merchant, steps, back } = now;
  return [
    {
      ...{ programme, member, merchant, reward: redemption.terms.name, case: id, number: steps },
      ...{
        what,
        reason: reason ?? null,
        back: back?.refunds ?? [],
        compensation: back?.compensation ?? [],
        cashFen: back?.cashFen ?? 0,
      },
    },
  ];
}
