import type { Instant } from '../../kernel/clock.ts';
import { newId, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Transaction } from '../../platform/database.ts';
import { problem } from '../../platform/web/problem.ts';
import {
  type EntryKind,
  FUNDING_FEN_MAX,
  type FundingAccount,
  type FundingEntry,
  withdrawableFenOf,
} from './account.ts';
import { insertEntry, lockAccount, settleTotal } from './store.ts';

export interface AskedEntry {
  readonly kind: EntryKind;
  readonly fen: number;
  readonly reference: string;
  readonly paidOn: string;
  readonly actor: string;
}

/**
 * Books money that was moved, and moves the total that issuing draws on with it. Refused: `funding_account_not_found`,
 * `funding_reference_exists`, `funding_too_little` (a withdrawal of what is drawn, or not there), `funding_too_much` (a deposit).
 */
export async function bookEntry(
  tx: Transaction,
  id: Uuid,
  asked: AskedEntry,
  by: { readonly key: Uuid; readonly now: Instant },
): Promise<{ readonly account: FundingAccount; readonly entry: FundingEntry } | Refusal> {
  const account = await lockAccount(tx, id);
  if (account === undefined) return problem('funding_account_not_found');
  const { kind, fen } = asked;
  const withdrawableFen = withdrawableFenOf(account);
  if (kind === 'withdrawal' && fen > withdrawableFen)
    return problem('funding_too_little', undefined, { withdrawableFen });
  // What is settled was done already, and is only noted; a total stays exact up to ninety times as much.
  if (kind === 'deposit' && account.depositedFen + account.settledFen + fen > FUNDING_FEN_MAX)
    return problem('funding_too_much');
  const entry = { ...asked, id: newId(by.now), account: id, at: by.now };
  if (!(await insertEntry(tx, account, { ...entry, madeBy: by.key })))
    return problem('funding_reference_exists');
  return { account: await settleTotal(tx, id), entry };
}
