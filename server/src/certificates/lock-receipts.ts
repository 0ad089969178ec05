import type { Uuid } from '../kernel/id.ts';
import { texts } from '../platform/columns.ts';
import type { Transaction } from '../platform/database.ts';

/**
 * Waits until nobody else records what these receipts are paid for, as goods or as evidence, and keeps everybody
 * waiting until the transaction ends. Taken in one order, so nobody waits crosswise.
 */
export async function lockReceipts(
  tx: Transaction,
  receipts: readonly { readonly merchant: Uuid; readonly member: Uuid; readonly number: string }[],
): Promise<void> {
  await tx.query({
    name: 'receipts-lock',
    text: `select pg_advisory_xact_lock(k) from (
        select distinct hashtextextended(receipt, 0) as k from unnest($1::text[]) as r (receipt) order by k
      ) keys`,
    values: [
      texts(
        receipts.flatMap(({ merchant, member, number }) => [
          `receipt ${merchant} ${number}`,
          `receipt ${member} ${number}`,
        ]),
      ),
    ],
  });
}
