import type { Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { PayeeAccount } from '../../platform/payment/payment.ts';
import type { Sealer } from '../../platform/seal.ts';
import { problem } from '../../platform/web/problem.ts';

/** What a request says of the cash beside the points. */
export interface AskedCash {
  /** Who pays, as the provider knows them. Never kept: the same request says it again. */
  readonly payer: string | null;
  /** What the member was shown, of all units and with what comes on top; another sum is refused. Null: whatever it is. */
  readonly fen: number | null;
}

/** The account at the payment provider that cash for a merchant goes to, or why none does. */
export type PayeeOf = (merchant: Uuid) => Promise<PayeeAccount | Refusal>;

/** What is asked in cash in all, and whose it is; or why not. */
export async function cashOf(
  asked: { readonly merchant: Uuid; readonly cash: AskedCash | null },
  cashFen: number,
  payeeOf: PayeeOf,
): Promise<{ readonly cashFen: number; readonly payee: PayeeAccount | null } | Refusal> {
  if (!Number.isSafeInteger(cashFen)) return problem('amount_out_of_range');
  const shown = asked.cash?.fen ?? null;
  if (shown !== null && shown !== cashFen)
    return problem('price_changed', `it costs ${cashFen} fen beside the points now`, { cashFen });
  if (cashFen === 0) return { cashFen, payee: null };
  const payee = await payeeOf(asked.merchant);
  return typeof payee === 'string' ? { cashFen, payee } : payee;
}

/** Equal for equal requests; nobody guesses a payer from it. */
export function digestOfCash(cash: AskedCash | null, sealer: Sealer): string[] {
  if (cash === null) return [];
  return [sealer.index('payer', JSON.stringify([cash.payer, cash.fen])).toString('base64')];
}

/** What the body of a request says of cash; null: nothing. */
export function readAskedCash(body: {
  readonly payerOpenid?: string;
  readonly cashFen?: number;
}): AskedCash | null {
  const { payerOpenid, cashFen } = body;
  if (payerOpenid === undefined && cashFen === undefined) return null;
  return { payer: payerOpenid ?? null, fen: cashFen ?? null };
}
