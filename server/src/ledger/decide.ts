import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { accrue, rememberDebts } from './accrue.ts';
import type { Book, MemberAccount, Written } from './book.ts';
import { marksOfClaims } from './claim.ts';
import type { Command, CutCommand } from './command.ts';
import { clawBack } from './kinds/claw-back.ts';
import { convert } from './kinds/convert.ts';
import { adjustUp, issue } from './kinds/issue.ts';
import { refund, returnEarn } from './kinds/reverse.ts';
import { burn, capture, hold, release, spend } from './kinds/spend.ts';
import { expire, mature } from './kinds/time.ts';
import { transferIn, transferOut, transferReturn } from './kinds/transfer.ts';
import { recountSliding, slide } from './slide.ts';
import { transactionOf } from './transaction.ts';

/** What deciding needs from outside: the programme's time and fresh ids. Nothing else enters. */
export interface Surroundings {
  /** The programme's clock at this moment. */
  readonly now: Instant;
  readonly newId: () => Uuid;
  /** Why the command must not be applied, found out before. */
  readonly refusal?: Refusal | null;
}

/**
 * Decides one command on the working set and changes it accordingly. Pure but for the book: the same
 * book, command and surroundings give the same outcome.
 *
 * @throws {LotsMissing} when the outcome depends on lots that were not loaded; the book is then void.
 */
export function decide(
  book: Book,
  command: Command,
  fingerprint: Buffer,
  surroundings: Surroundings,
): Written {
  if (command.kind === 'cut') return cut(book, command, fingerprint, surroundings);
  const account = book.account(command.member, command.pointType, command.programme);
  const other =
    command.kind === 'convert' ? book.account(command.member, command.to, command.programme) : null;
  const effectiveAt = Math.max(
    command.effectiveAt ?? surroundings.now,
    account.lastEffectiveAt,
    other?.lastEffectiveAt ?? 0,
    book.closedUntil.get(command.programme) ?? 0,
  );
  const id = command.id ?? surroundings.newId();
  const entryFirst = book.nextSeq;
  book.entries = [];
  book.lotsMade = [];
  book.marks = [];

  const outcome =
    surroundings.refusal ?? decideKind(book, account, command, effectiveAt, id, surroundings.newId);
  const refused = typeof outcome !== 'number';
  if (refused && book.entries.length > 0) throw new Error('a refusal must not move points');
  if (!refused) {
    if ('sliding' in command && command.sliding !== undefined)
      slide(book, account, command, command.sliding, effectiveAt);
    recountSliding(book, other === null ? [account] : [account, other]);
    account.lastEffectiveAt = effectiveAt;
    book.changedAccounts.add(account);
    if (other !== null) {
      other.lastEffectiveAt = effectiveAt;
      book.changedAccounts.add(other);
    }
  }
  const transaction = transactionOf(command, {
    id,
    points: refused ? (('points' in command ? command.points : undefined) ?? 0) : outcome,
    effectiveAt,
    refusal: refused ? outcome : null,
    balanceAfter: account.free + account.held - account.debt,
    entries: book.entries,
  });
  book.transactions.set(id, transaction);
  const { lotsMade, marks } = book;
  if (command.kind === 'issue') marks.push(...marksOfClaims(command));
  if (refused)
    return { transaction, fingerprint, entryFirst, lotsMade: [], marks: [], accruals: [] };
  book.marked.set(id, marks);
  rememberDebts(book, transaction);
  const accruals = accrue(book, transaction, entryFirst);
  return { transaction, fingerprint, entryFirst, lotsMade, marks, accruals };
}

/**
 * Ends a period: whatever is decided after it takes effect at its time or later. It touches no account. A marker that
 * a crash held up may come after that of a later cut, and is moved up to it like everything else.
 */
function cut(
  book: Book,
  command: CutCommand,
  fingerprint: Buffer,
  surroundings: Surroundings,
): Written {
  const { programme } = command;
  const effectiveAt = Math.max(command.effectiveAt, book.closedUntil.get(programme) ?? 0);
  book.closedUntil.set(programme, effectiveAt);
  const transaction = transactionOf(command, {
    id: command.id ?? surroundings.newId(),
    points: 0,
    effectiveAt,
    refusal: null,
    balanceAfter: 0,
    entries: [],
  });
  const nothing = { lotsMade: [], marks: [], accruals: [] };
  return { transaction, fingerprint, entryFirst: book.nextSeq, ...nothing };
}

function decideKind(
  book: Book,
  account: MemberAccount,
  command: Exclude<Command, CutCommand>,
  at: Instant,
  id: Uuid,
  newId: () => Uuid,
): number | Refusal {
  switch (command.kind) {
    case 'issue':
      return issue(book, account, command, at, newId);
    case 'burn':
      return burn(book, account, command, at, id);
    case 'hold':
      return hold(book, account, command, at, id);
    case 'capture':
      return capture(book, account, command, at);
    case 'release':
      return release(book, account, command, at);
    case 'expire':
      return expire(book, account, at);
    case 'mature':
      return mature(book, account, command, at);
    case 'return':
      return returnEarn(book, account, command, at);
    case 'refund':
      return refund(book, account, command, at, newId);
    case 'adjust': {
      const other = { role: 'adjustment', owner: command.merchant } as const;
      if (command.points < 0) {
        const spent = spend(book, account, -command.points, other, at);
        return typeof spent === 'number' ? command.points : spent;
      }
      return adjustUp(book, account, command, at, newId);
    }
    case 'transfer_out':
      return transferOut(book, account, command, at, id);
    case 'transfer_in':
      return transferIn(book, account, command, at, id, newId);
    case 'transfer_return':
      return transferReturn(book, account, command, at, id);
    case 'claw_back':
      return clawBack(book, account, command, at, id);
    case 'convert':
      return convert(book, account, command, at, newId);
  }
}
