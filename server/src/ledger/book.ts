import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Accrual } from './accrual.ts';
import type { NewLot } from './command.ts';
import { Prices, type TakerPrice } from './prices.ts';
import type { Account, Entry, LotTerms, Role, Transaction } from './transaction.ts';

/** A lot as the ledger works on it. Its terms stay in the database. */
export interface Lot {
  readonly id: Uuid;
  /** Number of the entry that made it: age within the shard. */
  readonly seq: number;
  readonly issuer: Uuid;
  readonly availableAt: Instant;
  expiresAt: Instant | null;
  /** By how many months what its member does extends it; null: it does not slide. */
  readonly slideMonths: number | null;
  /** What a point costs who pays for it, in micro-fen; null: it was made where points have no price. */
  readonly unitCost: number | null;
  /** Who pays for it; null: the issuer alone. */
  readonly funders: NewLot['funders'];
  /** See {@link NewLot.root}; null: it is its own. */
  readonly root: Uuid | null;
  readonly issued: number;
  readonly amount: number;
  remaining: number;
  held: number;
  expired: number;
  expiredRecovered: number;
  returned: number;
  pending: boolean;
}

export interface Debt {
  readonly seq: number;
  readonly lot: Uuid;
  readonly amount: number;
  remaining: number;
}

/** To whom the points went that a debt stands for, and for a merchant who took them by which price; null: nothing is owed for them. */
export interface DebtAbout {
  readonly to: Account;
  readonly price: TakerPrice | null;
}

export interface Hold {
  readonly id: Uuid;
  readonly programme: number;
  readonly pointType: number;
  readonly member: Uuid;
  readonly merchant: Uuid | null;
  readonly expiresAt: Instant;
  takes: { readonly lot: Uuid; readonly points: number }[];
  remaining: number;
}

/** What this shard may spend of a budget; see migrations/0006_wide_limits.sql. */
export interface Allotment {
  readonly budget: Uuid;
  /** In this shard, ever, less what returns gave back. */
  spent: number;
  /** The most that was spent while the batch was decided: what was spent before points came back needed room too. */
  spentMost: number;
  /** Of what the shard was lent; of the whole budget when it was `surveyed`. */
  left: number;
  readonly surveyed: boolean;
}

/** One member's points of one type: the sums, and the lots and debts behind them. */
export interface MemberAccount {
  readonly member: Uuid;
  readonly pointType: number;
  readonly programme: number;
  free: number;
  held: number;
  debt: number;
  earned: number;
  redeemed: number;
  expired: number;
  lastEffectiveAt: Instant;
  /** Open lots in spending order: all of them, or those before `frontier` and it. */
  lots: Lot[];
  /** The last lot that was loaded when there may be more behind it; null when `lots` is complete. */
  frontier: { readonly expiresAt: Instant | null; readonly seq: number } | null;
  /** Oldest first. */
  debts: Debt[];
  /** The lots of this account that slide, of those that are loaded. */
  readonly sliding: Set<Lot>;
  /** By months: all open lots that slide by so many and lapse before this were loaded. Absent: none was looked for. */
  readonly slidingUntil: Map<number, Instant>;
  /** How many open lots slide; null when nobody needed to know. */
  openSliding: number | null;
}

/** Thrown when a decision depends on lots that were not loaded: the batch is loaded with more of them. */
export class LotsMissing extends Error {
  constructor(account: MemberAccount) {
    super(`more lots of member ${account.member} must be loaded`);
  }
}

/**
 * Thrown when a decision depends on what is left of a budget outside this shard: the batch is decided
 * again with all of its budgets surveyed.
 */
export class BudgetsUnsurveyed extends Error {
  constructor() {
    super('the budgets of this batch must be surveyed');
  }
}

/** The order in which points are spent: earliest expiry (never comes last), then oldest. */
export function spendingOrder(
  a: { readonly expiresAt: Instant | null; readonly seq: number },
  b: { readonly expiresAt: Instant | null; readonly seq: number },
): number {
  return (a.expiresAt ?? Number.POSITIVE_INFINITY) === (b.expiresAt ?? Number.POSITIVE_INFINITY)
    ? a.seq - b.seq
    : (a.expiresAt ?? Number.POSITIVE_INFINITY) - (b.expiresAt ?? Number.POSITIVE_INFINITY);
}

/** What a transaction wrote: its entries carry shard-wide numbers from `entryFirst` on. */
export interface Written {
  readonly transaction: Transaction;
  readonly fingerprint: Buffer;
  readonly entryFirst: number;
  /** In the order of the entries that made them. */
  readonly lotsMade: readonly LotTerms[];
  /** What it was counted on; see limits.ts. */
  readonly marks: readonly string[];
  /** Who owes whom for it; see accrue.ts. */
  readonly accruals: readonly Accrual[];
}

/**
 * The working set of one batch in one shard: the accounts, lots and holds its commands touch, as
 * loaded, changed in memory command by command, and then written at once. Every change of points
 * goes through {@link Book.post}.
 */
export class Book {
  readonly accounts = new Map<string, MemberAccount>();
  readonly lots = new Map<Uuid, Lot>();
  readonly holds = new Map<Uuid, Hold>();
  /** Terms of lots, where a command needs them: of those made here, and of those that may be converted. */
  readonly terms = new Map<Uuid, NewLot>();
  readonly counters = new Map<string, number>();
  readonly allotments = new Map<Uuid, Allotment>();
  /** Transactions known by id: those that commands act on, and those of this batch. */
  readonly transactions = new Map<Uuid, Transaction>();
  /** The account of each lot that is there and that a command names, as its {@link accountKey}. */
  readonly owners = new Map<Uuid, string>();
  /** By programme: when the last cut was; nothing takes effect before it. */
  readonly closedUntil = new Map<number, Instant>();
  /** How much of a burn, a capture or a transfer was given back already. */
  readonly refunded = new Map<Uuid, number>();
  /** What the transactions that commands act on were marked with, and those of this batch. */
  readonly marked = new Map<Uuid, readonly string[]>();
  /** What each debt is about, by the lot or the transaction that it names. */
  readonly about = new Map<Uuid, DebtAbout>();
  /** Never changed by a decision. */
  prices = new Prices();
  /** How often prices had changed when these were read. */
  priceVersion = 0;

  readonly changedAccounts = new Set<MemberAccount>();
  readonly changedLots = new Set<Lot>();
  readonly changedHolds = new Set<Hold>();
  readonly changedDebts = new Map<Debt, MemberAccount>();
  readonly changedCounters = new Set<string>();
  readonly changedAllotments = new Set<Allotment>();
  readonly counterDeltas = new Map<
    string,
    { account: Account; pointType: number; programme: number; points: bigint }
  >();

  /** The number the next entry gets. */
  nextSeq: number;
  /** Entries of the transaction being decided. */
  entries: Entry[] = [];
  /** Lots that the transaction being decided makes. */
  lotsMade: LotTerms[] = [];
  /** What the transaction being decided is counted on. */
  marks: string[] = [];

  constructor(nextSeq: number) {
    this.nextSeq = nextSeq;
  }

  account(member: Uuid, pointType: number, programme: number): MemberAccount {
    const key = accountKey(member, pointType);
    let account = this.accounts.get(key);
    if (account === undefined) {
      account = {
        member,
        pointType,
        programme,
        free: 0,
        held: 0,
        debt: 0,
        earned: 0,
        redeemed: 0,
        expired: 0,
        lastEffectiveAt: 0,
        lots: [],
        frontier: null,
        debts: [],
        sliding: new Set(),
        slidingUntil: new Map(),
        openSliding: 0,
      };
      this.accounts.set(key, account);
    }
    return account;
  }

  lot(id: Uuid): Lot {
    const lot = this.lots.get(id);
    if (lot === undefined) throw new Error(`lot ${id} was not loaded`);
    return lot;
  }

  termsOf(lot: Lot): NewLot {
    const terms = this.terms.get(lot.id);
    if (terms === undefined) throw new Error(`the terms of lot ${lot.id} were not loaded`);
    return terms;
  }

  /** Puts an open lot where it belongs in spending order, unless it lies beyond what is loaded. */
  place(account: MemberAccount, lot: Lot): void {
    const { lots, frontier } = account;
    if (frontier !== null && spendingOrder(frontier, lot) < 0) return;
    let at = lots.length;
    while (at > 0 && spendingOrder(lots[at - 1] as Lot, lot) > 0) at -= 1;
    if (lots[at - 1] !== lot) lots.splice(at, 0, lot);
  }

  /** Puts the lots back into spending order after their times changed; those beyond what is loaded are let go. */
  reorder(account: MemberAccount): void {
    const { frontier } = account;
    account.lots.sort(spendingOrder);
    if (frontier !== null)
      account.lots = account.lots.filter((lot) => spendingOrder(lot, frontier) <= 0);
  }

  /**
   * Records one entry and moves its points between the accounts it names. What the entry does to its
   * lot is the caller's next line; the invariants of both are checked when the batch is written.
   */
  post(account: MemberAccount, entry: Omit<Entry, 'pointType'>): void {
    this.entries.push({ ...entry, pointType: account.pointType });
    this.nextSeq += 1;
    if (entry.points === 0) return;
    this.changedAccounts.add(account);
    this.move(account, entry.from, -entry.points);
    this.move(account, entry.to, entry.points);
    countLifetime(account, entry.from.role, entry.to.role, entry.points);
  }

  private move(account: MemberAccount, side: Account, points: number): void {
    switch (side.role) {
      case 'none':
        return;
      case 'member':
        account.free += points;
        return;
      case 'held':
        account.held += points;
        return;
      case 'debt':
        account.debt -= points;
        return;
      default: {
        const key = `${side.role}/${side.owner}/${account.pointType}`;
        const delta = this.counterDeltas.get(key);
        if (delta !== undefined) delta.points += BigInt(points);
        else {
          const { pointType, programme } = account;
          this.counterDeltas.set(key, {
            account: side,
            pointType,
            programme,
            points: BigInt(points),
          });
        }
      }
    }
  }
}

export function accountKey(member: Uuid, pointType: number): string {
  return `${member}/${pointType}`;
}

/** Lifetime figures: earned net of returns, redeemed net of refunds, expired net of what a return recovered. */
export function countLifetime(
  account: { earned: number; redeemed: number; expired: number },
  from: Role,
  to: Role,
  points: number,
): void {
  if (from === 'issuer') account.earned += points;
  if (to === 'issuer') account.earned -= points;
  if (to === 'acquirer') account.redeemed += points;
  if (from === 'acquirer') account.redeemed -= points;
  if (to === 'breakage') account.expired += points;
  if (from === 'breakage') account.expired -= points;
}
