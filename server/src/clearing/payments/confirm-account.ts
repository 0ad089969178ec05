import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Transaction } from '../../platform/database.ts';
import { problem } from '../../platform/web/problem.ts';
import { isSamePerson } from '../same-person.ts';
import type { SettlementAccount } from './payment.ts';
import { insertAccountConfirmation } from './store.ts';

/**
 * Lets money go to a bank account: somebody else than wrote it down says that it is right. A changed account is how payments are stolen
 * most often, so whoever confirms brings the number along. Refused: `settlement_account_replaced` (another version than was looked at),
 * `settlement_account_confirmed`, `same_person`, `settlement_account_different`.
 */
export async function confirmAccount(
  tx: Transaction,
  account: SettlementAccount,
  said: {
    readonly number: number;
    /** Whether the number that was brought along is the account's. */
    readonly isIts: boolean;
    readonly at: Instant;
    readonly by: Uuid;
    readonly actor: string;
  },
): Promise<SettlementAccount | Refusal> {
  if (account.number !== said.number) return problem('settlement_account_replaced');
  if (account.confirmed !== null) return problem('settlement_account_confirmed');
  if (isSamePerson({ by: account.madeBy, actor: account.actor }, said))
    return problem('same_person', 'who wrote an account down cannot confirm it');
  if (!said.isIts) return problem('settlement_account_different');
  await insertAccountConfirmation(tx, account, said);
  return { ...account, confirmed: { at: said.at, actor: said.actor } };
}
