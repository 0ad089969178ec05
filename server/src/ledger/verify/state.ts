import type { Instant } from '../../kernel/clock.ts';
import { IdTable } from './ids.ts';

const PAGE_BITS = 12;
const PAGE = 1 << PAGE_BITS;

/** Rows of `width` numbers each, outside the heap, that grow by whole pages: nothing is ever copied. */
export class Rows {
  private readonly pages: Float64Array[] = [];
  private readonly width: number;

  constructor(width: number) {
    this.width = width;
  }

  get(row: number, column: number): number {
    const page = this.pages[row >> PAGE_BITS] as Float64Array;
    return page[(row & (PAGE - 1)) * this.width + column] as number;
  }

  set(row: number, column: number, value: number): void {
    const page = this.pages[row >> PAGE_BITS] as Float64Array;
    page[(row & (PAGE - 1)) * this.width + column] = value;
  }

  /** Makes room for a row; rows are added one after the other, and begin as zeros. */
  add(row: number): void {
    if (row >> PAGE_BITS === this.pages.length)
      this.pages.push(new Float64Array(PAGE * this.width));
  }
}

/** Columns of a lot. A lot takes some 150 bytes with its id and that of the earn that made it. */
const L = {
  account: 0,
  availableAt: 1,
  expiresAt: 2,
  issued: 3,
  amount: 4,
  remaining: 5,
  held: 6,
  expired: 7,
  expiredRecovered: 8,
  returned: 9,
  flags: 10,
  terms: 11,
} as const;
const LOT_WIDTH = 12;
const PENDING = 1;
const SEEN = 2;

/** What the entries say of one lot. */
export class ReplayedLot {
  readonly number: number;
  private readonly rows: Rows;

  constructor(rows: Rows, number: number) {
    this.rows = rows;
    this.number = number;
  }

  /** The number of the account it belongs to. */
  get account(): number {
    return this.rows.get(this.number, L.account);
  }
  get availableAt(): Instant {
    return this.rows.get(this.number, L.availableAt);
  }
  get expiresAt(): Instant | null {
    const at = this.rows.get(this.number, L.expiresAt);
    return at === Number.POSITIVE_INFINITY ? null : at;
  }
  set expiresAt(at: Instant | null) {
    this.rows.set(this.number, L.expiresAt, at ?? Number.POSITIVE_INFINITY);
  }
  get issued(): number {
    return this.rows.get(this.number, L.issued);
  }
  /** A digest of the terms that travel with its points. */
  get terms(): number {
    return this.rows.get(this.number, L.terms);
  }
  get amount(): number {
    return this.rows.get(this.number, L.amount);
  }
  get remaining(): number {
    return this.rows.get(this.number, L.remaining);
  }
  set remaining(points: number) {
    this.rows.set(this.number, L.remaining, points);
  }
  get held(): number {
    return this.rows.get(this.number, L.held);
  }
  set held(points: number) {
    this.rows.set(this.number, L.held, points);
  }
  get expired(): number {
    return this.rows.get(this.number, L.expired);
  }
  set expired(points: number) {
    this.rows.set(this.number, L.expired, points);
  }
  get expiredRecovered(): number {
    return this.rows.get(this.number, L.expiredRecovered);
  }
  set expiredRecovered(points: number) {
    this.rows.set(this.number, L.expiredRecovered, points);
  }
  get returned(): number {
    return this.rows.get(this.number, L.returned);
  }
  set returned(points: number) {
    this.rows.set(this.number, L.returned, points);
  }
  get pending(): boolean {
    return this.has(PENDING);
  }
  set pending(yes: boolean) {
    this.mark(PENDING, yes);
  }
  /** Whether a row of the state told about it. */
  get seen(): boolean {
    return this.has(SEEN);
  }
  set seen(yes: boolean) {
    this.mark(SEEN, yes);
  }

  private has(flag: number): boolean {
    return (this.rows.get(this.number, L.flags) & flag) !== 0;
  }

  private mark(flag: number, yes: boolean): void {
    const flags = this.rows.get(this.number, L.flags);
    this.rows.set(this.number, L.flags, yes ? flags | flag : flags & ~flag);
  }
}

/** Every lot that was made in a shard. */
export class ReplayedLots {
  readonly ids = new IdTable();
  private readonly rows = new Rows(LOT_WIDTH);

  find(bytes: Uint8Array, at: number): ReplayedLot | undefined {
    const number = this.ids.find(bytes, at);
    return number < 0 ? undefined : new ReplayedLot(this.rows, number);
  }

  at(number: number): ReplayedLot {
    return new ReplayedLot(this.rows, number);
  }

  /** Undefined when there is one of this id already. */
  make(
    bytes: Uint8Array,
    at: number,
    account: number,
    terms: {
      readonly availableAt: Instant;
      readonly expiresAt: Instant | null;
      readonly issued: number;
      readonly amount: number;
      readonly terms: number;
    },
  ): ReplayedLot | undefined {
    const number = this.ids.add(bytes, at);
    if (number < this.ids.count - 1) return undefined;
    this.rows.add(number);
    this.rows.set(number, L.account, account);
    this.rows.set(number, L.availableAt, terms.availableAt);
    this.rows.set(number, L.expiresAt, terms.expiresAt ?? Number.POSITIVE_INFINITY);
    this.rows.set(number, L.issued, terms.issued);
    this.rows.set(number, L.amount, terms.amount);
    this.rows.set(number, L.terms, terms.terms);
    return new ReplayedLot(this.rows, number);
  }
}

const A = {
  free: 0,
  held: 1,
  debt: 2,
  earned: 3,
  redeemed: 4,
  expired: 5,
  lastEffectiveAt: 6,
  inLots: 7,
  seen: 8,
  opened: 9,
} as const;
const ACCOUNT_WIDTH = 10;

/** What the entries say of one member's account of one point type. */
export class ReplayedAccount {
  readonly number: number;
  private readonly rows: Rows;

  constructor(rows: Rows, number: number) {
    this.rows = rows;
    this.number = number;
  }

  get free(): number {
    return this.rows.get(this.number, A.free);
  }
  set free(points: number) {
    this.rows.set(this.number, A.free, points);
  }
  get held(): number {
    return this.rows.get(this.number, A.held);
  }
  set held(points: number) {
    this.rows.set(this.number, A.held, points);
  }
  get debt(): number {
    return this.rows.get(this.number, A.debt);
  }
  set debt(points: number) {
    this.rows.set(this.number, A.debt, points);
  }
  get earned(): number {
    return this.rows.get(this.number, A.earned);
  }
  set earned(points: number) {
    this.rows.set(this.number, A.earned, points);
  }
  get redeemed(): number {
    return this.rows.get(this.number, A.redeemed);
  }
  set redeemed(points: number) {
    this.rows.set(this.number, A.redeemed, points);
  }
  get expired(): number {
    return this.rows.get(this.number, A.expired);
  }
  set expired(points: number) {
    this.rows.set(this.number, A.expired, points);
  }
  get lastEffectiveAt(): Instant {
    return this.rows.get(this.number, A.lastEffectiveAt);
  }
  set lastEffectiveAt(at: Instant) {
    this.rows.set(this.number, A.lastEffectiveAt, at);
  }
  /** What the state says its lots have left. */
  get inLots(): number {
    return this.rows.get(this.number, A.inLots);
  }
  set inLots(points: number) {
    this.rows.set(this.number, A.inLots, points);
  }
  get seen(): boolean {
    return this.rows.get(this.number, A.seen) !== 0;
  }
  set seen(yes: boolean) {
    this.rows.set(this.number, A.seen, yes ? 1 : 0);
  }
}

/** The members' accounts of a shard, by member and point type. */
export class ReplayedAccounts {
  readonly ids = new IdTable();
  private readonly rows = new Rows(ACCOUNT_WIDTH);

  /** Undefined when none was opened. */
  find(bytes: Uint8Array, at: number, pointType: number): ReplayedAccount | undefined {
    const number = this.ids.find(bytes, at, pointType);
    return number < 0 || !this.isOpen(number) ? undefined : new ReplayedAccount(this.rows, number);
  }

  at(number: number): ReplayedAccount {
    return new ReplayedAccount(this.rows, number);
  }

  /** The account, opened by the first transaction that touches it. */
  open(bytes: Uint8Array, at: number, pointType: number): ReplayedAccount {
    const number = this.name(bytes, at, pointType);
    this.rows.set(number, A.opened, 1);
    return new ReplayedAccount(this.rows, number);
  }

  /** The number of an account that need not be open: a replay of a few blocks knows lots of accounts it does not know. */
  name(bytes: Uint8Array, at: number, pointType: number): number {
    const number = this.ids.add(bytes, at, pointType);
    this.rows.add(number);
    return number;
  }

  isOpen(number: number): boolean {
    return this.rows.get(number, A.opened) !== 0;
  }
}

/** Beyond this a sum of doubles is carried over into a big integer. */
const CARRY = 2 ** 51;

/** Issuers, acquirers, breakage and the like: by role, owner and point type. Their sums may pass 2^63. */
export class ReplayedCounterAccounts {
  readonly ids: IdTable[] = [];
  private readonly small: number[][] = [];
  private readonly large: (bigint | undefined)[][] = [];

  add(role: number, bytes: Uint8Array, at: number, pointType: number, points: number): void {
    let ids = this.ids[role];
    if (ids === undefined) {
      ids = new IdTable();
      this.ids[role] = ids;
      this.small[role] = [];
      this.large[role] = [];
    }
    const number = ids.add(bytes, at, pointType);
    const small = this.small[role] as number[];
    const sum = small[number] ?? 0;
    if (Math.abs(points) < CARRY && Math.abs(sum) < CARRY) {
      small[number] = sum + points;
      return;
    }
    const large = this.large[role] as (bigint | undefined)[];
    large[number] = (large[number] ?? 0n) + BigInt(sum) + BigInt(points);
    small[number] = 0;
  }

  /** Begins with what earlier blocks made of it. */
  restore(role: number, bytes: Uint8Array, pointType: number, balance: bigint): void {
    this.add(role, bytes, 0, pointType, 0);
    const number = this.ids[role]?.find(bytes, 0, pointType) ?? -1;
    (this.large[role] as (bigint | undefined)[])[number] = balance;
  }

  /** Undefined when no entry touched it. */
  balance(role: number, bytes: Uint8Array, at: number, pointType: number): bigint | undefined {
    const number = this.ids[role]?.find(bytes, at, pointType) ?? -1;
    return number < 0 ? undefined : this.balanceAt(role, number);
  }

  balanceAt(role: number, number: number): bigint {
    return (this.large[role]?.[number] ?? 0n) + BigInt(this.small[role]?.[number] ?? 0);
  }
}
