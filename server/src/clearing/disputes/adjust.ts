import type { Clock, Instant } from '../../kernel/clock.ts';
import { newId, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import { clearedSince } from '../../ledger/read-accruals.ts';
import type { Transaction } from '../../platform/database.ts';
import { problem } from '../../platform/web/problem.ts';
import { isSamePerson } from '../same-person.ts';
import { type Adjustment, ALONE_FEN_MAX, ALONE_MS, type NewAdjustment } from './adjustment.ts';
import {
  findAdjustment,
  insertAdjustment,
  insertDecision,
  lockAdjustments,
  readAlone,
} from './adjustment-store.ts';
import { findDispute } from './store.ts';

export interface AdjustDeps {
  readonly clock: Clock;
  readonly programmeClock: (programme: number) => Instant;
}

/**
 * Corrects what was closed, by a payment in the next period that is closed: the close takes what is recorded before it looks, and the
 * next one the rest, so it is in one of them and only there. Above {@link ALONE_FEN_MAX}, together with what the same person adjusted alone
 * between the same two in the last day, a second person has to agree. Refused: `clearing_parties_invalid`, `programme_not_cleared`.
 */
export async function adjust(
  tx: Transaction,
  { clock, programmeClock }: AdjustDeps,
  made: NewAdjustment,
): Promise<Adjustment | Refusal> {
  if (made.payer === made.payee) return problem('clearing_parties_invalid');
  if ((await clearedSince(tx, made.programme)) === null) return problem('programme_not_cleared');
  const id = newId(clock.now());
  // Of two at once the second sees the first.
  await lockAdjustments(tx, made.programme);
  const madeAt = programmeClock(made.programme);
  const needsSecond = made.fen + (await readAlone(tx, made, madeAt - ALONE_MS)) > ALONE_FEN_MAX;
  await insertAdjustment(tx, { ...made, id, needsSecond, madeAt });
  return mustFind(tx, id);
}

/** What the second person says of an adjustment. Refused: `same_person`, `clearing_adjustment_decided`. */
export async function decideAdjustment(
  tx: Transaction,
  { programmeClock }: AdjustDeps,
  adjustment: Adjustment,
  said: { readonly approved: boolean; readonly actor: string; readonly by: Uuid },
): Promise<Adjustment | Refusal> {
  if (isSamePerson({ by: adjustment.madeBy, actor: adjustment.actor }, said))
    return problem('same_person', 'who made an adjustment cannot agree to it');
  const { dispute: about } = adjustment;
  const dispute = about === null ? undefined : await findDispute(tx, about);
  if (dispute !== undefined && isSamePerson({ by: dispute.raisedBy, actor: dispute.actor }, said))
    return problem('same_person', 'who raised a dispute cannot agree to what it comes to');
  const decision = { ...said, at: programmeClock(adjustment.programme) };
  if (!adjustment.needsSecond || !(await insertDecision(tx, adjustment.id, decision)))
    return problem('clearing_adjustment_decided');
  return mustFind(tx, adjustment.id);
}

async function mustFind(tx: Transaction, id: Uuid): Promise<Adjustment> {
  const found = await findAdjustment(tx, id);
  if (found === undefined) throw new Error('what was made is there');
  return found;
}
