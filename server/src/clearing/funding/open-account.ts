import type { Instant } from '../../kernel/clock.ts';
import { newId, showId, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import { MONEY, makeBudget } from '../../ledger/budget.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import { problem } from '../../platform/web/problem.ts';
import { type FundingAccount, MILLI_PER_FEN } from './account.ts';
import { insertAccount, lockAccount } from './store.ts';

/** What funding needs to know of the terms between merchants. */
export interface FundingTerms {
  /** What a merchant may owe by its terms at an instant, fen; null: they name no limit. */
  creditLineAt(sql: Sql, programme: number, merchant: Uuid, at: Instant): Promise<number | null>;
  /** Makes the price list that the ledger decides by anew, in the transaction that changes what it is made of. */
  applyPrices(tx: Transaction, programme: number): Promise<void>;
}

export interface AskedAccount {
  readonly programme: number;
  readonly merchant: Uuid;
  readonly from: Instant;
  readonly alertFen: number;
  readonly actor: string;
}

/**
 * Opens the account that what a merchant issues is drawn from, empty but for a credit line. Refused:
 * `funding_account_exists`, `terms_in_past`.
 */
export async function openAccount(
  tx: Transaction,
  asked: AskedAccount,
  by: { readonly key: Uuid; readonly now: Instant },
  terms: FundingTerms,
): Promise<FundingAccount | Refusal> {
  const { programme, merchant, from } = asked;
  if (from < by.now) return problem('terms_in_past');
  const id = newId(by.now);
  const budget = newId(by.now);
  const creditFen = (await terms.creditLineAt(tx, programme, merchant, by.now)) ?? 0;
  const made = { ...asked, id, budget, creditFen, openedAt: by.now, openedBy: by.key };
  if (!(await insertAccount(tx, made))) return problem('funding_account_exists');
  const name = `funding ${showId('fundingAccount', id)}`;
  const money = { id: budget, programme, pointType: MONEY, name, merchant, createdAt: by.now };
  if (!(await makeBudget(tx, money, creditFen * MILLI_PER_FEN)))
    throw new Error('the name of a new account is nobody else’s');
  await terms.applyPrices(tx, programme);
  const account = await lockAccount(tx, id);
  if (account === undefined) throw new Error('what was made is there');
  return account;
}
