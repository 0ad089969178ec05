import type { Refusal } from '../../kernel/refusal.ts';
import type { Transaction } from '../../platform/database.ts';
import { problem } from '../../platform/web/problem.ts';
import { lastOf } from '../deliveries/delivery.ts';
import { readDeliveries } from '../deliveries/delivery-store.ts';
import type { Redemption } from '../redemption.ts';
import { lockRedemptions } from '../store.ts';
import type { Case, Saying } from './case.ts';
import { type CaseStep, caseAfter } from './case-steps.ts';
import { lockCases, lockCasesOf } from './case-store.ts';
import type { AfterSalesDeps } from './deps.ts';
import { placesHeld } from './held-places.ts';
import { canRemedy, makeGood } from './make-good.ts';
import { readUnits } from './read-units.ts';
import { type CaseRefusal, type Remedy, speaksOfPoints } from './reasons.ts';
import { takeCaseSteps } from './take-step.ts';
import { comesBack } from './units.ts';

/** What the merchant says. */
export type Answer =
  /** `goodsBack`: not before it has come back; absent: if it lies in the member's hands. */
  | {
      readonly answer: 'accept';
      readonly remedy: Remedy;
      readonly goodsBack?: boolean;
      readonly onShelf?: boolean;
    }
  | { readonly answer: 'receive'; readonly onShelf: boolean }
  /** It came back, and what was agreed is done. */
  | { readonly answer: 'settle' }
  | { readonly answer: 'refuse'; readonly reason: CaseRefusal };

/** What the operator decides of a case that came there; for the member what is agreed is done at once. */
export type Decision =
  | { readonly for: 'member'; readonly remedy: Remedy; readonly onShelf?: boolean }
  | { readonly for: 'merchant'; readonly reason: CaseRefusal };

/** What the member says. */
export type MemberStep = 'send' | 'withdraw' | 'appeal';

type Answered = Case | Refusal;
interface Held {
  readonly of: Case;
  readonly redemption: Redemption;
}

/** Redemption first, as everybody does: who opens a case has to see those that there are. */
async function hold(tx: Transaction, { id, redemption }: Case): Promise<Held> {
  const whole = (await lockRedemptions(tx, [redemption])).get(redemption);
  const of = (await lockCases(tx, [id])).get(id);
  if (whole === undefined || of === undefined) throw new Error(`case ${id} is not there`);
  return { of, redemption: whole };
}

async function step(
  tx: Transaction,
  deps: AfterSalesDeps,
  { of, redemption }: Held,
  next: CaseStep,
  said: Saying,
  more: {
    readonly reason?: CaseRefusal;
    readonly change?: Partial<Pick<Case, 'remedy' | 'onShelf'>>;
  } = {},
): Promise<Answered> {
  if (caseAfter(of.state, next) === undefined) return problem('after_sales_step_not_possible');
  const [moved] = await takeCaseSteps(tx, deps, [{ of, redemption, step: next, said, ...more }]);
  return moved as Case;
}

/** Refused: `after_sales_step_not_possible`, `after_sales_words`, `voucher_used`. */
export async function answerCase(
  tx: Transaction,
  deps: AfterSalesDeps,
  seen: Case,
  answer: Answer,
  said: Saying,
): Promise<Answered> {
  const held = await hold(tx, seen);
  const { of, redemption } = held;
  switch (answer.answer) {
    case 'accept': {
      const { remedy, onShelf = null } = answer;
      if (!canRemedy(of, remedy) || caseAfter(of.state, 'accept') === undefined)
        return problem('after_sales_step_not_possible');
      if (!(answer.goodsBack ?? (await lieWithMember(tx, held))))
        return await makeGood(tx, deps, { of, redemption, remedy, said, onShelf });
      return await step(tx, deps, held, 'accept', said, { change: { remedy, onShelf } });
    }
    case 'receive':
      return await step(tx, deps, held, 'receive', said, { change: { onShelf: answer.onShelf } });
    case 'settle': {
      const { remedy } = of;
      if (of.state !== 'received' || remedy === null)
        return problem('after_sales_step_not_possible');
      return await makeGood(tx, deps, { of, redemption, remedy, said, onShelf: null });
    }
    case 'refuse':
      if (speaksOfPoints(said.note)) return problem('after_sales_words');
      return await step(tx, deps, held, 'refuse', said, { reason: answer.reason });
  }
}

/** Or will soon: a parcel on its way arrives, whatever was agreed meanwhile. */
async function lieWithMember(tx: Transaction, { of, redemption }: Held): Promise<boolean> {
  const parcels = (await readDeliveries(tx, [redemption.id])).get(redemption.id) ?? [];
  const isOnItsWay = of.places.some((place) => lastOf(parcels, place)?.state === 'sent');
  if (isOnItsWay && of.reason !== 'not_delivered') return true;
  const units = await readUnits(tx, redemption);
  return units.some((unit) => of.places.includes(unit.place) && comesBack(redemption, unit));
}

/** Refused: `after_sales_step_not_possible`, `after_sales_words`, `voucher_used`. */
export async function decideCase(
  tx: Transaction,
  deps: AfterSalesDeps,
  seen: Case,
  decision: Decision,
  said: Saying,
): Promise<Answered> {
  const held = await hold(tx, seen);
  const { of, redemption } = held;
  if (of.state !== 'escalated') return problem('after_sales_step_not_possible');
  if (decision.for === 'merchant') {
    if (speaksOfPoints(said.note)) return problem('after_sales_words');
    return await step(tx, deps, held, 'dismiss', said, { reason: decision.reason });
  }
  const { remedy, onShelf = null } = decision;
  return await makeGood(tx, deps, { of, redemption, remedy, said, onShelf });
}

/**
 * Refused: `after_sales_step_not_possible`; `after_sales_units_taken`: another case is about them meanwhile;
 * `redemption_not_handed_out`: it was cancelled after the refusal, and has gone back already.
 */
export async function tellCase(
  tx: Transaction,
  deps: AfterSalesDeps,
  seen: Case,
  told: MemberStep,
  said: Saying,
): Promise<Answered> {
  const held = await hold(tx, seen);
  if (told === 'appeal') {
    if (held.redemption.state !== 'fulfilled') return problem('redemption_not_handed_out');
    const others = placesHeld(await lockCasesOf(tx, held.redemption.id), 'at all');
    if (held.of.state === 'refused' && held.of.places.some((place) => others.has(place)))
      return problem('after_sales_units_taken');
  }
  return await step(tx, deps, held, told, said);
}
