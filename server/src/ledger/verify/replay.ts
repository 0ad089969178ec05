import { shardOf, showId } from '../../kernel/id.ts';
import { countLifetime } from '../book.ts';
import { shardOwner } from '../cuts/cut.ts';
import { ROLES } from '../transaction.ts';
import { Between } from './between.ts';
import { type Problem, problem } from './finding.ts';
import { IdTable } from './ids.ts';
import { ENTRY, type EntryView, equal, isNil, LEAF, LeafView, LOT, readUuid } from './leaf.ts';
import { SlidingLots } from './sliding.ts';
import {
  type ReplayedAccount,
  ReplayedAccounts,
  ReplayedCounterAccounts,
  type ReplayedLot,
  ReplayedLots,
} from './state.ts';

export interface ReplayedHold {
  /** 16 bytes, as one character each. */
  readonly member: string;
  readonly expiresAt: number | null;
  remaining: number;
  /** What is left of it, by the number of the lot, in the order it will be captured. */
  readonly lots: Map<number, number>;
}

/** A map's key of an id: its bytes as characters, which is made in a fifth of the time of its text. */
export function idKey(bytes: Uint8Array, at: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, 16).toString('latin1');
}

/** How marks that count points begin. */
const COUNTER = 'counter ';
const TIMES = 'times ';
const BUDGET = 'budget ';
const FUNDING = 'funding ';
const CLAIM = 'claim ';

/**
 * The state of one shard as its entries alone make it, without looking at the tables that keep it.
 * Verify compares the two. It states what each entry does to its lot a second time, on purpose: a
 * mistake in the deciding code cannot hide behind itself.
 */
export class Replay {
  readonly lots = new ReplayedLots();
  readonly accounts = new ReplayedAccounts();
  readonly counterAccounts = new ReplayedCounterAccounts();
  /** Points or times counted for limits of one member, by {@link idKey} of the member and the counter's name. */
  readonly counters = new Map<string, number>();
  /** Points of this shard counted for each budget, by its id as text. */
  readonly budgets = new Map<string, number>();
  /** The transaction that used each claimed fact, as its {@link idKey}. */
  readonly claims = new Map<string, string>();
  /** By {@link idKey} of the hold. */
  readonly holds = new Map<string, ReplayedHold>();
  /** What is left of the debts about each lot, or of what a transaction overdrew, by its {@link idKey}. */
  readonly debts = new Map<string, number>();
  /** The {@link idKey} of who owes each of them. */
  readonly debtors = new Map<string, string>();
  /** Lots that last as long as their members come. */
  readonly sliding = new SlidingLots();
  /** Points on their way between accounts. */
  readonly between = new Between();
  /** By point type. */
  readonly programmes = new Map<number, number>();
  /** By programme: when its last cut was. */
  readonly closedUntil = new Map<number, number>();
  readonly leaf = new LeafView();
  /** The earns, and the first lot that each made. */
  private readonly earns = new IdTable();
  private readonly lotOfEarn: Int32List = new Int32List();
  private wrong: Problem[] = [];

  /** Begins with an earn of an earlier block and the number of the lot that it made. */
  restoreEarn(id: Uint8Array, lot: number): void {
    this.lotOfEarn.set(this.earns.add(id, 0), lot);
  }

  /** Plays the transaction of a leaf; answers what is wrong with it, if anything. */
  play(bytes: Uint8Array): readonly Problem[] {
    this.wrong = [];
    const transaction = this.leaf.read(bytes);
    const { pointType, programme, effectiveAt } = transaction;
    if (effectiveAt < (this.closedUntil.get(programme) ?? 0))
      this.wrong.push(problem('effective_before_cut'));
    if (transaction.kind === 'cut') {
      this.cut(transaction);
      return this.wrong;
    }
    if (transaction.isRefused) {
      if (transaction.entryCount > 0) this.wrong.push(problem('refused_with_entries'));
      if (transaction.marks().length > 0) this.wrong.push(problem('refused_with_marks'));
      this.checkBalance(transaction, this.accounts.find(bytes, LEAF.member, pointType));
      return this.wrong;
    }
    this.programmes.set(pointType, programme);
    const account = this.accounts.open(bytes, LEAF.member, pointType);
    if (effectiveAt < account.lastEffectiveAt) this.wrong.push(problem('effective_before'));
    account.lastEffectiveAt = effectiveAt;
    const known = this.lots.ids.count;
    for (let index = 0; index < transaction.entryCount; index += 1) {
      const entry = transaction.entryAt(index);
      const touched = this.touched(account, transaction, entry);
      if (entry.kind === 'issue') this.make(touched, transaction, entry);
      this.apply(touched, transaction, entry);
    }
    if (transaction.kind === 'return') this.countReturned(transaction);
    for (const mark of transaction.marks()) {
      this.count(transaction, mark);
      this.sliding.mark(mark, this.lots, known, this.wrong);
    }
    this.sliding.finish(transaction, account.number, this.lots, this.wrong);
    if (this.lots.ids.count > known) this.lotOfEarn.set(this.earns.add(bytes, LEAF.id), known);
    this.checkBalance(transaction, account);
    this.between.play(transaction, this.lots, this.sliding, this.wrong);
    return this.wrong;
  }

  /** Ends a period. A marker belongs to nobody and moves nothing. */
  private cut(transaction: LeafView): void {
    const { bytes, programme, effectiveAt, pointType, points, balanceAfter } = transaction;
    this.closedUntil.set(programme, Math.max(effectiveAt, this.closedUntil.get(programme) ?? 0));
    const isMarker =
      readUuid(bytes, LEAF.member) === shardOwner(shardOf(readUuid(bytes, LEAF.id))) &&
      !transaction.isRefused &&
      transaction.entryCount + transaction.lotCount + transaction.marks().length === 0 &&
      pointType === 0 &&
      points === 0 &&
      balanceAfter === 0;
    if (!isMarker) this.wrong.push(problem('cut_holds_more'));
  }

  /** Counts the transaction's points, or that there was one, on what it is marked with. */
  private count(transaction: LeafView, mark: string): void {
    const { bytes } = transaction;
    const points = countedBy(transaction);
    if (mark.startsWith(COUNTER))
      add(this.counters, idKey(bytes, LEAF.member) + mark.slice(COUNTER.length), points);
    if (mark.startsWith(TIMES))
      add(
        this.counters,
        idKey(bytes, LEAF.member) + mark.slice(TIMES.length),
        this.times(transaction),
      );
    if (mark.startsWith(BUDGET)) add(this.budgets, mark.slice(BUDGET.length), points);
    if (mark.startsWith(FUNDING)) this.draw(mark.slice(FUNDING.length));
    if (!mark.startsWith(CLAIM)) return;
    const name = mark.slice(CLAIM.length);
    if (this.claims.has(name)) this.wrong.push(problem('used_before', { mark }));
    else this.claims.set(name, idKey(bytes, LEAF.id));
  }

  /** Counts on a budget of money what a lot was paid for with in advance: `<budget> <milli-fen>`. */
  private draw(what: string): void {
    const [budget = '', drawn = ''] = what.split(' ');
    if (/^\d{1,16}$/.test(drawn)) add(this.budgets, budget, Number(drawn));
  }

  /** A return gives one back that took all it asked for, and left nothing of the earn. */
  private times(transaction: LeafView): number {
    if (transaction.kind !== 'return') return 1;
    const earn = this.earns.find(transaction.bytes, LEAF.subject);
    const lot = earn < 0 ? undefined : this.lots.at(this.lotOfEarn.get(earn));
    const isUndone =
      lot !== undefined &&
      lot.returned === lot.issued &&
      transaction.pointsMoved === transaction.points;
    return isUndone ? -1 : 0;
  }

  private checkBalance(transaction: LeafView, account: ReplayedAccount | undefined): void {
    const replayed = account === undefined ? 0 : account.free + account.held - account.debt;
    const stored = transaction.balanceAfter;
    if (stored !== replayed) this.wrong.push(problem('balance_after', { stored, replayed }));
  }

  /** The account an entry moves: of the transaction's point type, but for what a conversion makes. */
  private touched(own: ReplayedAccount, transaction: LeafView, entry: EntryView): ReplayedAccount {
    if (entry.pointType === transaction.pointType) return own;
    this.programmes.set(entry.pointType, transaction.programme);
    const account = this.accounts.open(transaction.bytes, LEAF.member, entry.pointType);
    account.lastEffectiveAt = Math.max(account.lastEffectiveAt, transaction.effectiveAt);
    return account;
  }

  /** The lot that an issue names, by the terms the same transaction gives it. */
  private make(account: ReplayedAccount, transaction: LeafView, entry: EntryView): void {
    const { bytes } = transaction;
    for (let terms = transaction.firstLot(); terms !== undefined; terms = transaction.nextLot()) {
      if (!equal(bytes, terms.at + LOT.id, bytes, entry.at + ENTRY.lot, 16)) continue;
      const lot = this.lots.make(bytes, terms.at + LOT.id, account.number, terms);
      if (lot !== undefined)
        lot.pending = terms.amount > 0 && terms.availableAt > transaction.effectiveAt;
      return;
    }
  }

  private countReturned(transaction: LeafView): void {
    const earn = this.earns.find(transaction.bytes, LEAF.subject);
    if (earn < 0) this.wrong.push(problem('returns_nothing'));
    else this.lots.at(this.lotOfEarn.get(earn)).returned += transaction.points;
  }

  private apply(account: ReplayedAccount, transaction: LeafView, entry: EntryView): void {
    const { bytes, at, points, fromRole, toRole, pointType } = entry;
    if (entry.kind === undefined || fromRole === undefined || toRole === undefined) {
      this.wrong.push(problem('unreadable', { what: 'an entry of no known kind or role' }));
      return;
    }
    this.move(account, fromRole, bytes, at + ENTRY.fromOwner, pointType, -points);
    this.move(account, toRole, bytes, at + ENTRY.toOwner, pointType, points);
    if (points !== 0) countLifetime(account, fromRole, toRole, points);
    if (account.free < 0 || account.held < 0 || account.debt < 0) {
      this.wrong.push(problem('below_zero'));
      return;
    }
    // The lot of a repay out of a new earn is only made by the next entry.
    if (entry.kind === 'repay') {
      this.owe(transaction, at + ENTRY.ref, -points);
      return;
    }
    if (entry.kind === 'overdraw') {
      if (!equal(bytes, at + ENTRY.lot, transaction.bytes, LEAF.id, 16))
        this.wrong.push(problem('overdraft_named_otherwise'));
      this.owe(transaction, at + ENTRY.lot, points);
      return;
    }
    const lot = this.lots.find(bytes, at + ENTRY.lot);
    if (lot === undefined) this.fault('lot_not_there', entry);
    else if (lot.account !== account.number) this.fault('lot_of_another', entry);
    else {
      const found = this.wrong.length;
      this.change(lot, transaction, entry);
      if (this.wrong.length === found && !isInBounds(lot)) this.fault('out_of_bounds', entry);
    }
  }

  private change(lot: ReplayedLot, transaction: LeafView, entry: EntryView): void {
    const { points } = entry;
    const { effectiveAt } = transaction;
    const { expiresAt } = lot;
    const hasLapsed = expiresAt !== null && expiresAt <= effectiveAt;
    const isAvailable = lot.availableAt <= effectiveAt || !lot.pending;
    const spendable = isAvailable && !hasLapsed;
    switch (entry.kind) {
      case 'issue':
      case 'restore':
        lot.remaining += points;
        return;
      case 'take':
        lot.remaining -= points;
        // Two members becoming one move what is still pending too.
        if (!spendable && (hasLapsed || entry.toRole !== 'in_transit'))
          this.fault('spent_outside', entry);
        return;
      case 'recover':
        lot.remaining -= points;
        return;
      case 'expire':
        lot.remaining -= points;
        lot.expired += points;
        if (expiresAt === null || expiresAt > effectiveAt) this.fault('expired_early', entry);
        return;
      case 'pin':
        lot.held += points;
        this.pin(lot, transaction, entry);
        if (!spendable) this.fault('held_outside', entry);
        return;
      case 'unpin':
        lot.held -= points;
        this.unpin(lot, entry);
        return;
      case 'capture':
        lot.held -= points;
        lot.remaining -= points;
        this.unpin(lot, entry);
        return;
      case 'mature':
        // Before its time only what an earn waited for: such a transaction names it.
        if (lot.availableAt > effectiveAt && !namesEarn(transaction))
          this.fault('matured_early', entry);
        lot.pending = false;
        return;
      case 'extend': {
        const fault = this.sliding.extend(lot, transaction, entry);
        if (fault !== null) this.fault(fault, entry);
        lot.expiresAt = entry.expiresAt;
        return;
      }
      case 'recover_expired':
        lot.expiredRecovered += points;
        return;
      case 'owe':
        this.owe(transaction, entry.at + ENTRY.lot, points);
        return;
      default:
        throw new Error(`an entry of kind ${entry.kind} does nothing to a lot`);
    }
  }

  private pin(lot: ReplayedLot, transaction: LeafView, entry: EntryView): void {
    const { bytes, at, points, expiresAt } = entry;
    if (isNil(bytes, at + ENTRY.ref)) return;
    const key = idKey(bytes, at + ENTRY.ref);
    const member = idKey(transaction.bytes, LEAF.member);
    const hold = this.holds.get(key) ?? { member, expiresAt, remaining: 0, lots: new Map() };
    hold.remaining += points;
    hold.lots.set(lot.number, (hold.lots.get(lot.number) ?? 0) + points);
    this.holds.set(key, hold);
  }

  private unpin(lot: ReplayedLot, entry: EntryView): void {
    const hold = this.holds.get(idKey(entry.bytes, entry.at + ENTRY.ref));
    const left = (hold?.lots.get(lot.number) ?? 0) - entry.points;
    if (hold === undefined || left < 0) {
      this.fault('unpinned_more', entry);
      return;
    }
    hold.remaining -= entry.points;
    if (left === 0) hold.lots.delete(lot.number);
    else hold.lots.set(lot.number, left);
  }

  private owe({ bytes }: LeafView, at: number, points: number): void {
    if (isNil(bytes, at)) {
      this.wrong.push(problem('debt_without_lot'));
      return;
    }
    const key = idKey(bytes, at);
    const left = (this.debts.get(key) ?? 0) + points;
    this.debts.set(key, left);
    if (points > 0) this.debtors.set(key, idKey(bytes, LEAF.member));
    if (left < 0)
      this.wrong.push(problem('repaid_more', { lot: showId('lot', readUuid(bytes, at)) }));
  }

  private move(
    account: ReplayedAccount,
    role: keyof typeof ROLES,
    bytes: Uint8Array,
    owner: number,
    pointType: number,
    points: number,
  ): void {
    if (role === 'none') return;
    if (role === 'member') account.free += points;
    else if (role === 'held') account.held += points;
    else if (role === 'debt') account.debt -= points;
    else this.counterAccounts.add(ROLES[role], bytes, owner, pointType, points);
  }

  /** Something wrong with what an entry does to its lot. */
  private fault(code: Problem['code'], { bytes, at }: EntryView): void {
    this.wrong.push(problem(code, { lot: showId('lot', readUuid(bytes, at + ENTRY.lot)) }));
  }
}

function namesEarn({ kind, bytes }: LeafView): boolean {
  return kind === 'mature' && !isNil(bytes, LEAF.subject);
}

/** By how much everything that a transaction is marked with grows; below zero: is given back. */
function countedBy(transaction: LeafView): number {
  switch (transaction.kind) {
    // What a transfer counted is given back with it.
    case 'transfer_return':
    // What a merchant may take of points is given back with them.
    case 'release':
    case 'refund':
      return -transaction.points;
    // What a policy forgoes stays counted.
    case 'return':
    case 'claw_back':
      return -transaction.pointsMoved;
    default:
      return transaction.points;
  }
}

function add(to: Map<string, number>, key: string, points: number): void {
  to.set(key, Math.max(0, (to.get(key) ?? 0) + points));
}

function isInBounds(lot: ReplayedLot): boolean {
  const { held, remaining, amount, expired, expiredRecovered } = lot;
  return (
    held >= 0 &&
    held <= remaining &&
    remaining <= amount &&
    expired <= amount &&
    expiredRecovered <= expired
  );
}

/** 32-bit integers that are set in order. */
class Int32List {
  private values = new Int32Array(1024);

  get(index: number): number {
    return this.values[index] as number;
  }

  set(index: number, value: number): void {
    if (index >= this.values.length) {
      const larger = new Int32Array(this.values.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[index] = value;
  }
}
