import { showId, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import type { Transaction } from '../../platform/database.ts';
import { problem } from '../../platform/web/problem.ts';
import { unsettledFenOf } from '../funding/account.ts';
import { bookEntry } from '../funding/book-entry.ts';
import { findAccountOf, lockAccount } from '../funding/store.ts';
import { readPositions } from '../periods/read.ts';
import type { Confirmation, Instruction, PaymentRun } from './payment.ts';
import { insertConfirmation, lockInstruction, readOffsets } from './store.ts';

/**
 * Books what the bank said became of an instruction, once. What a merchant paid for used points frees as much of its line of
 * credit. Refused: `payment_instruction_not_found`, `payment_confirmed`, `payment_reference_exists`.
 */
export async function confirm(
  tx: Transaction,
  run: PaymentRun,
  place: number,
  told: Confirmation,
  by: { readonly key: Uuid },
): Promise<Instruction | Refusal> {
  const found = await lockInstruction(tx, run.id, place);
  if (found === undefined) return problem('payment_instruction_not_found');
  if (found.confirmed !== null) return problem('payment_confirmed');
  const { programme } = run;
  if (!(await insertConfirmation(tx, found, { ...told, programme, madeBy: by.key })))
    return problem('payment_reference_exists');
  if (told.outcome === 'paid' && found.kind === 'collect')
    await freeCredit(tx, run, found, told, by);
  return { ...found, confirmed: told };
}

/** Of what was paid, what was owed for used points that the merchant's account was drawn on for. */
async function freeCredit(
  tx: Transaction,
  { period, programme, id }: PaymentRun,
  { merchant, fen, place }: Instruction,
  { toldOn, at, actor }: Confirmation,
  by: { readonly key: Uuid },
): Promise<void> {
  if (merchant === PLATFORM) return;
  const known = await findAccountOf(tx, programme, merchant);
  const account = known === undefined ? undefined : await lockAccount(tx, known.id);
  if (account === undefined) return;
  const [position] = await readPositions(tx, period, merchant, null, 1);
  const offset = (await readOffsets(tx, period)).get(merchant);
  const before = (offset?.depositsFen ?? 0) + (offset?.nettedFen ?? 0);
  const freed = Math.min(fen, unsettledFenOf(account), (position?.owed ?? 0) - before);
  if (freed <= 0) return;
  const reference = `${showId('paymentRun', id)}-${place}`;
  const entry = { kind: 'settled' as const, fen: freed, reference, paidOn: toldOn, actor };
  const made = await bookEntry(tx, account.id, entry, { key: by.key, now: at });
  if ('code' in made) throw new Error(`what was paid cannot be booked: ${made.code}`);
}
