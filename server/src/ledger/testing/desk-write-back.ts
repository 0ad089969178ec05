import { isDeepStrictEqual } from 'node:util';
import type { Book, Debt, MemberAccount, Written } from '../book.ts';

/** What the tables hold of a book, copied. */
interface Photograph {
  readonly nextSeq: number;
  readonly rows: ReadonlyMap<object, object>;
  readonly counters: ReadonlyMap<string, number>;
  readonly others: ReadonlyMap<string, bigint>;
}

function rowOf({ member, pointType, programme, ...account }: MemberAccount): object {
  const { free, held, debt, earned, redeemed, expired, lastEffectiveAt } = account;
  const figures = { free, held, debt, earned, redeemed, expired, lastEffectiveAt };
  return { member, pointType, programme, ...figures };
}

/** Every row by the object in the book that it is written from. */
function rowsOf(book: Book): Map<object, object> {
  const rows = new Map<object, object>();
  for (const account of book.accounts.values()) {
    rows.set(account, rowOf(account));
    for (const debt of account.debts) rows.set(debt, { ...debt });
  }
  for (const lot of book.lots.values()) rows.set(lot, { ...lot });
  for (const hold of book.holds.values()) rows.set(hold, { ...hold, takes: [...hold.takes] });
  for (const allotment of book.allotments.values()) rows.set(allotment, { ...allotment });
  return rows;
}

export function photograph(book: Book): Photograph {
  return {
    nextSeq: book.nextSeq,
    rows: rowsOf(book),
    counters: new Map(book.counters),
    others: new Map([...book.counterDeltas].map(([key, { points }]) => [key, points])),
  };
}

/**
 * What changed since `before` and is in none of the book's sets of what must be written; and what a refusal
 * changed, which must be nothing.
 */
export function unreported(book: Book, before: Photograph, written: Written): string[] {
  const { transaction, lotsMade, marks } = written;
  const reported = new Set<object>([
    ...book.changedAccounts,
    ...book.changedLots,
    ...book.changedHolds,
    ...book.changedDebts.keys(),
    ...book.changedAllotments,
    ...lotsMade.map(({ id }) => book.lot(id)),
  ]);
  const faults: string[] = [];
  const isRefused = transaction.refusal !== null;
  for (const [object, row] of rowsOf(book)) {
    const was = before.rows.get(object);
    if (isDeepStrictEqual(was, row) || (was === undefined && isEmptyAccount(row))) continue;
    const told = `${JSON.stringify(was)} became ${JSON.stringify(row)}`;
    if (isRefused) faults.push(`refused, but ${told}`);
    else if (!reported.has(object)) faults.push(`not to be written, but ${told}`);
  }
  for (const [key, value] of book.counters) {
    if (before.counters.get(key) === value) continue;
    if (isRefused || !book.changedCounters.has(key)) faults.push(`counter ${key} became ${value}`);
  }
  for (const [debt, account] of book.changedDebts as Map<Debt, MemberAccount>)
    if (!account.debts.includes(debt)) faults.push('a debt is written that the account has not');
  const moved = [...book.counterDeltas].some(
    ([key, { points }]) => before.others.get(key) !== points,
  );
  if (isRefused && (moved || reported.size > 0 || book.changedCounters.size > 0))
    faults.push('a refusal must be the only thing written');
  if (isRefused && lotsMade.length + marks.length + transaction.entries.length > 0)
    faults.push('a refusal must say nothing else');
  if (written.entryFirst !== before.nextSeq) faults.push('entries must be numbered on');
  if (book.nextSeq !== before.nextSeq + transaction.entries.length)
    faults.push('every entry must have a number');
  if (!isRefused && transaction.kind !== 'cut') faults.push(...checkTime(book, written));
  return faults;
}

function checkTime(book: Book, { transaction }: Written): string[] {
  const { member, pointType, effectiveAt } = transaction;
  const account = book.account(member, pointType, transaction.programme);
  if (account.lastEffectiveAt !== effectiveAt || !book.changedAccounts.has(account))
    return ['the account must remember when it was last touched'];
  return [];
}

/** An account that was only looked for is not written, and nobody sees it. */
function isEmptyAccount(row: object): boolean {
  const { free, held, debt, earned, redeemed, expired } = row as Partial<MemberAccount>;
  return [free, held, debt, earned, redeemed, expired].every((points) => points === 0);
}
