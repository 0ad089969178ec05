import type { Uuid } from '../../kernel/id.ts';
import { type Refusal, refusal } from '../../kernel/refusal.ts';
import { accountKey, type Book, type Lot, type MemberAccount } from '../book.ts';
import type { Entry, Transaction } from '../transaction.ts';

/** The applied transaction of this account that a command acts on. */
export function findSubject(book: Book, id: Uuid, account: MemberAccount): Transaction | Refusal {
  const found = book.transactions.get(id);
  if (
    found === undefined ||
    found.refusal !== null ||
    found.member !== account.member ||
    found.pointType !== account.pointType
  ) {
    return refusal('transaction_not_found', 'this member has no such transaction');
  }
  return found;
}

/** The entry that made the lot of an earn; undefined when it is none. */
export function madeBy({ kind, entries }: Transaction): Entry | undefined {
  const isEarn = kind === 'issue' || kind === 'adjust';
  return isEarn ? entries.find((entry) => entry.kind === 'issue') : undefined;
}

/** The lots of this account that are named as having come from elsewhere. */
export function findArrived(
  book: Book,
  account: MemberAccount,
  arrived: readonly Uuid[],
): readonly Lot[] | Refusal {
  const key = accountKey(account.member, account.pointType);
  const own = arrived.flatMap((each) => (book.owners.get(each) === key ? book.lot(each) : []));
  return own.length < arrived.length
    ? refusal('lot_not_found', 'this account has no such lot')
    : own;
}
