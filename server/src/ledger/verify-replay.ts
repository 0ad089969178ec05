import type { Instant } from '../kernel/clock.ts';
import { shardOf, showId, type Uuid } from '../kernel/id.ts';
import { accountKey, countLifetime } from './book.ts';
import { shardOwner } from './cuts/cut.ts';
import type { Entry, LotTerms, Transaction } from './transaction.ts';

/** What the entries say of a lot. */
export interface ReplayedLot {
  readonly member: Uuid;
  readonly pointType: number;
  readonly availableAt: Instant;
  expiresAt: Instant | null;
  readonly issued: number;
  readonly amount: number;
  remaining: number;
  held: number;
  expired: number;
  expiredRecovered: number;
  returned: number;
  pending: boolean;
}

export interface ReplayedHold {
  readonly member: Uuid;
  readonly expiresAt: Instant | null;
  remaining: number;
  /** What is left of it, by lot, in the order it will be captured. */
  readonly lots: Map<Uuid, number>;
}

export interface ReplayedAccount {
  free: number;
  held: number;
  debt: number;
  earned: number;
  redeemed: number;
  expired: number;
  lastEffectiveAt: Instant;
}

/**
 * The state of one shard as its entries alone make it, without looking at the tables that keep it.
 * Verify compares the two. It states what each entry does to its lot a second time, on purpose: a
 * mistake in the deciding code cannot hide behind itself.
 */
export class Replay {
  readonly lots = new Map<Uuid, ReplayedLot>();
  readonly accounts = new Map<string, ReplayedAccount>();
  /** Keyed `role/owner/pointType`. */
  readonly counterAccounts = new Map<string, bigint>();
  readonly holds = new Map<Uuid, ReplayedHold>();
  /** Points counted for per-member limits, keyed `member/name`. */
  readonly counters = new Map<string, number>();
  /** Points of this shard counted for each budget. */
  readonly budgets = new Map<string, number>();
  /** The transaction that used each claimed fact. */
  readonly claims = new Map<string, Uuid>();
  /** What is left of the debts about each lot, or of what a transaction overdrew. */
  readonly debts = new Map<Uuid, number>();
  /** Who owes what was overdrawn: no lot tells. */
  readonly debtors = new Map<Uuid, Uuid>();

  account(member: Uuid, pointType: number): ReplayedAccount {
    const key = accountKey(member, pointType);
    let account = this.accounts.get(key);
    if (account === undefined) {
      account = {
        free: 0,
        held: 0,
        debt: 0,
        earned: 0,
        redeemed: 0,
        expired: 0,
        lastEffectiveAt: 0,
      };
      this.accounts.set(key, account);
    }
    return account;
  }

  /** Plays one transaction; answers what is wrong with it, if anything. */
  play(
    transaction: Transaction,
    lotsMade: readonly LotTerms[],
    marks: readonly string[],
  ): string[] {
    const wrong: string[] = [];
    if (transaction.effectiveAt < (this.closedUntil.get(transaction.programme) ?? 0))
      wrong.push('it takes effect before a cut that it follows');
    if (transaction.kind === 'cut')
      return [...wrong, ...this.cut(transaction, lotsMade.length + marks.length)];
    const known = this.accounts.get(accountKey(transaction.member, transaction.pointType));
    if (transaction.refusal !== null) {
      if (transaction.entries.length > 0) wrong.push('a refused transaction has entries');
      if (marks.length > 0) wrong.push('a refused transaction is counted');
      const balance = known === undefined ? 0 : known.free + known.held - known.debt;
      if (transaction.balanceAfter !== balance)
        wrong.push(
          `the balance after it is ${transaction.balanceAfter}, the entries say ${balance}`,
        );
      return wrong;
    }
    const account = this.account(transaction.member, transaction.pointType);
    if (transaction.effectiveAt < account.lastEffectiveAt)
      wrong.push('it takes effect before the member’s previous transaction');
    account.lastEffectiveAt = transaction.effectiveAt;
    const terms = new Map(lotsMade.map((each) => [each.id, each]));
    for (const entry of transaction.entries) {
      if (entry.kind === 'issue') this.make(transaction, entry, terms.get(entry.lot));
      const problem = this.entry(this.touched(account, transaction, entry), transaction, entry);
      if (problem !== null) wrong.push(problem);
    }
    if (transaction.kind === 'return') {
      const own =
        transaction.subject === null ? undefined : this.returnedLot.get(transaction.subject);
      const lot = own === undefined ? undefined : this.lots.get(own);
      if (lot === undefined) wrong.push('it returns an earn that is not there');
      else lot.returned += transaction.points;
    }
    for (const mark of marks)
      if (!this.count(transaction, mark)) wrong.push(`its ${mark} was used before`);
    const [lotMade] = lotsMade;
    if (lotMade !== undefined) this.returnedLot.set(transaction.id, lotMade.id);
    const balance = account.free + account.held - account.debt;
    if (transaction.balanceAfter !== balance)
      wrong.push(`the balance after it is ${transaction.balanceAfter}, the entries say ${balance}`);
    return wrong;
  }

  /** Ends a period. A marker belongs to nobody and moves nothing. */
  private cut(transaction: Transaction, made: number): string[] {
    const { programme, effectiveAt, id, points, balanceAfter, refusal, entries } = transaction;
    this.closedUntil.set(programme, Math.max(effectiveAt, this.closedUntil.get(programme) ?? 0));
    const isMarker =
      transaction.member === shardOwner(shardOf(id)) &&
      transaction.pointType === 0 &&
      points === 0 &&
      balanceAfter === 0 &&
      refusal === null &&
      entries.length + made === 0;
    return isMarker ? [] : ['a marker of a cut holds more than its time'];
  }

  /** Counts the transaction's points on what it is marked with; false for a fact that was used before. */
  private count({ id, kind: what, member, points }: Transaction, mark: string): boolean {
    const [kind, name] = [mark.slice(0, mark.indexOf(' ')), mark.slice(mark.indexOf(' ') + 1)];
    // What a transfer counted is given back with it.
    const moved = what === 'transfer_return' ? -points : points;
    if (kind === 'counter') add(this.counters, `${member}/${name}`, moved);
    if (kind === 'budget') add(this.budgets, name, points);
    if (kind !== 'claim') return true;
    const isFirst = !this.claims.has(name);
    if (isFirst) this.claims.set(name, id);
    return isFirst;
  }

  /** By programme: when the last cut was. */
  readonly closedUntil = new Map<number, Instant>();

  /** The lot that each earn made. */
  readonly returnedLot = new Map<Uuid, Uuid>();

  /** The account an entry moves: of the transaction's point type, but for what a conversion makes. */
  private touched(own: ReplayedAccount, transaction: Transaction, entry: Entry): ReplayedAccount {
    if (entry.pointType === transaction.pointType) return own;
    const account = this.account(transaction.member, entry.pointType);
    account.lastEffectiveAt = Math.max(account.lastEffectiveAt, transaction.effectiveAt);
    return account;
  }

  private make(transaction: Transaction, entry: Entry, terms: LotTerms | undefined): void {
    if (terms === undefined || this.lots.has(terms.id)) return;
    this.lots.set(terms.id, {
      member: transaction.member,
      pointType: entry.pointType,
      availableAt: terms.availableAt,
      expiresAt: terms.expiresAt,
      issued: terms.issued,
      amount: terms.amount,
      remaining: 0,
      held: 0,
      expired: 0,
      expiredRecovered: 0,
      returned: 0,
      pending: terms.amount > 0 && terms.availableAt > transaction.effectiveAt,
    });
  }

  private entry(account: ReplayedAccount, transaction: Transaction, entry: Entry): string | null {
    this.move(account, entry.pointType, entry.from, -entry.points);
    this.move(account, entry.pointType, entry.to, entry.points);
    countLifetime(account, entry.from.role, entry.to.role, entry.points);
    if (account.free < 0 || account.held < 0 || account.debt < 0)
      return 'it takes an account below zero';
    // The lot of a repay out of a new earn is only made by the next entry.
    if (entry.kind === 'repay') return this.owe(entry.ref, -entry.points);
    if (entry.kind === 'overdraw') {
      this.debtors.set(transaction.id, transaction.member);
      return entry.lot === transaction.id
        ? this.owe(entry.lot, entry.points)
        : 'its debt names another transaction';
    }
    const lot = this.lots.get(entry.lot);
    if (lot === undefined) return `its lot ${showId('lot', entry.lot)} is not there`;
    if (lot.member !== transaction.member || lot.pointType !== entry.pointType)
      return `its lot ${showId('lot', entry.lot)} is another account’s`;
    return this.change(lot, transaction, entry) ?? boundsOf(lot, entry.lot);
  }

  private change(lot: ReplayedLot, transaction: Transaction, entry: Entry): string | null {
    const { points } = entry;
    const hasLapsed = lot.expiresAt !== null && lot.expiresAt <= transaction.effectiveAt;
    const spendable = lot.availableAt <= transaction.effectiveAt && !hasLapsed;
    switch (entry.kind) {
      case 'issue':
      case 'restore':
        lot.remaining += points;
        return null;
      case 'take':
        lot.remaining -= points;
        // Two members becoming one move what is still pending too.
        return spendable || (entry.to.role === 'in_transit' && !hasLapsed)
          ? null
          : `it spends lot ${showId('lot', entry.lot)} outside its validity`;
      case 'recover':
        lot.remaining -= points;
        return null;
      case 'expire':
        lot.remaining -= points;
        lot.expired += points;
        return lot.expiresAt !== null && lot.expiresAt <= transaction.effectiveAt
          ? null
          : `it expires lot ${showId('lot', entry.lot)} too early`;
      case 'pin':
        lot.held += points;
        this.pin(transaction.member, entry);
        return spendable ? null : `it holds lot ${showId('lot', entry.lot)} outside its validity`;
      case 'unpin':
        lot.held -= points;
        return this.unpin(entry);
      case 'capture':
        lot.held -= points;
        lot.remaining -= points;
        return this.unpin(entry);
      case 'mature':
        lot.pending = false;
        return null;
      case 'extend':
        lot.expiresAt = entry.expiresAt;
        return null;
      case 'recover_expired':
        lot.expiredRecovered += points;
        return null;
      case 'owe':
        return this.owe(entry.lot, points);
      case 'repay':
      case 'overdraw':
        throw new Error('handled by the caller');
    }
  }

  private pin(member: Uuid, entry: Entry): void {
    if (entry.ref === null) return;
    const { expiresAt } = entry;
    const hold = this.holds.get(entry.ref) ?? { member, expiresAt, remaining: 0, lots: new Map() };
    hold.remaining += entry.points;
    hold.lots.set(entry.lot, (hold.lots.get(entry.lot) ?? 0) + entry.points);
    this.holds.set(entry.ref, hold);
  }

  private unpin(entry: Entry): string | null {
    const hold = entry.ref === null ? undefined : this.holds.get(entry.ref);
    const left = (hold?.lots.get(entry.lot) ?? 0) - entry.points;
    if (hold === undefined || left < 0)
      return `it takes more of lot ${showId('lot', entry.lot)} than its hold has`;
    hold.remaining -= entry.points;
    if (left === 0) hold.lots.delete(entry.lot);
    else hold.lots.set(entry.lot, left);
    return null;
  }

  private owe(lot: Uuid | null, points: number): string | null {
    if (lot === null) return 'an entry of a debt names no lot';
    const left = (this.debts.get(lot) ?? 0) + points;
    this.debts.set(lot, left);
    return left < 0 ? `it repays more than is owed about lot ${showId('lot', lot)}` : null;
  }

  private move(
    account: ReplayedAccount,
    pointType: number,
    side: Entry['from'],
    points: number,
  ): void {
    if (side.role === 'none') return;
    if (side.role === 'member') account.free += points;
    else if (side.role === 'held') account.held += points;
    else if (side.role === 'debt') account.debt -= points;
    else {
      const key = `${side.role}/${side.owner}/${pointType}`;
      this.counterAccounts.set(key, (this.counterAccounts.get(key) ?? 0n) + BigInt(points));
    }
  }
}

function add(to: Map<string, number>, key: string, points: number): void {
  to.set(key, Math.max(0, (to.get(key) ?? 0) + points));
}

function boundsOf(lot: ReplayedLot, id: Uuid): string | null {
  const inside =
    lot.held >= 0 &&
    lot.held <= lot.remaining &&
    lot.remaining <= lot.amount &&
    lot.expired <= lot.amount &&
    lot.expiredRecovered <= lot.expired;
  return inside ? null : `it takes lot ${showId('lot', id)} out of its bounds`;
}
