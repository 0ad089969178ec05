import type { Instant } from '../../kernel/clock.ts';
import { newId } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Transaction } from '../../platform/database.ts';
import { problem } from '../../platform/web/problem.ts';
import { refundCash } from '../cash/refund-cash.ts';
import { sendAgain, unsend } from '../deliveries/send-again.ts';
import type { Redemption } from '../redemption.ts';
import { type NewVoucher, newCode, type Voucher } from '../vouchers/voucher.ts';
import { insertVouchers, writeVoucher } from '../vouchers/voucher-store.ts';
import { backOf } from './back.ts';
import type { Case, Saying } from './case.ts';
import { caseAfter } from './case-steps.ts';
import { type AfterSalesDeps, programmeOf } from './deps.ts';
import { readUnits } from './read-units.ts';
import type { Remedy } from './reasons.ts';
import { takeCaseSteps } from './take-step.ts';
import { comesBack, leftOf, type Unit } from './units.ts';

/** What of the case is to be made good, and how; the redemption and the case are locked. */
export interface MakingGood {
  readonly of: Case;
  readonly redemption: Redemption;
  readonly remedy: Remedy;
  readonly said: Saying;
  /** Whether what was handed out can be handed out again; null: as it was said before, or is likely. */
  readonly onShelf: boolean | null;
}

/** Remedies that answer what was asked for: who only changed their mind has nothing to be mended. */
const REMEDIES_FOR: Readonly<Record<Case['kind'], readonly Remedy[]>> = {
  return: ['refund'],
  exchange: ['refund', 'exchange'],
  quality: ['refund', 'exchange', 'mend'],
  supplier: ['refund'],
};
export const canRemedy = ({ kind }: Case, remedy: Remedy): boolean =>
  REMEDIES_FOR[kind].includes(remedy);

/**
 * Makes a case good. Vouchers that it is about count no more from now on, used or not. Points are on their way from here, whatever
 * happens: {@link Settling} brings them home.
 *
 * Refused: `after_sales_step_not_possible`; `voucher_used`: it was used since it was to be returned.
 */
export async function makeGood(
  tx: Transaction,
  deps: AfterSalesDeps,
  { of, redemption, remedy, said, onShelf }: MakingGood,
): Promise<Case | Refusal> {
  if (caseAfter(of.state, remedy) === undefined || !canRemedy(of, remedy))
    return problem('after_sales_step_not_possible');
  const all = await readUnits(tx, redemption);
  const units = all.filter(({ place }) => of.places.includes(place));
  const move = { of, redemption, said, step: remedy };
  if (remedy === 'mend')
    return only(await takeCaseSteps(tx, deps, [{ ...move, change: { remedy } }]));
  if (units.some((unit) => isUsedUp(of, redemption, unit))) return problem('voucher_used');
  const vouchers = units.flatMap(({ voucher }) => voucher ?? []);
  for (const voucher of vouchers) await writeVoucher(tx, { ...voucher, state: 'void' });
  const at = deps.programmes.programmeClock(of.programme);
  const places = units.map(({ place }) => place);
  if (remedy === 'exchange') {
    const others = vouchers.map((voucher) => another(voucher, at));
    if (others.length > 0) await insertVouchers(tx, others, deps.sealer);
    await sendAgain(tx, { redemption, places, at }, of.id);
    return only(await takeCaseSteps(tx, deps, [{ ...move, change: { remedy } }]));
  }
  const programme = programmeOf(deps, of.programme);
  const by = { programme, at, newId: () => deps.ledger.newId(of.member) };
  await unsend(tx, { redemption, places, at });
  const back = backOf(of, redemption, { units, pieces: all.length }, by);
  const change = {
    remedy,
    back: { ...back, cashFen: await refundCashOf(tx, deps, of, back.cashFen) },
    // A voucher that nobody used stands for a thing that never left the shelf.
    onShelf:
      onShelf ?? of.onShelf ?? units.every(({ usedAt, voucher }) => !usedAt && voucher !== null),
  };
  return only(await takeCaseSteps(tx, deps, [{ ...move, change }]));
}

const only = ([first]: readonly Case[]): Case => first as Case;

/** Cash goes its own way from here; answers how much: no more than is left of what was paid. */
async function refundCashOf(
  tx: Transaction,
  { clock }: AfterSalesDeps,
  { id, redemption, kind }: Case,
  cashFen: number,
): Promise<number> {
  if (cashFen === 0) return 0;
  const reason = kind === 'supplier' ? 'supplier_cancelled' : 'after_sales';
  const send = (fen: number) =>
    refundCash(tx, { id: redemption }, fen, reason, `after-sales:${id}`, clock.now());
  const told = await send(cashFen);
  if (!('code' in told)) return told.amountFen;
  const left = told.facts?.leftFen;
  if (typeof left !== 'number' || left <= 0) return 0;
  await send(left);
  return left;
}

function isUsedUp(of: Case, redemption: Redemption, unit: Unit): boolean {
  if (leftOf(of.kind, unit).num === 0) return true;
  return of.kind === 'return' && unit.usedAt !== null && !comesBack(redemption, unit);
}

/** For one that is exchanged, with the same end; if that has come meanwhile, it lasts as long as the first did. */
function another(voucher: Voucher, at: Instant): NewVoucher {
  const { madeAt, expiresAt, turn } = voucher;
  const isOver = expiresAt !== null && expiresAt <= at;
  return {
    ...voucher,
    ...{ id: newId(at), turn: turn + 1, madeAt: at, state: 'open', code: newCode() },
    expiresAt: isOver ? at + (expiresAt - madeAt) : expiresAt,
  };
}
