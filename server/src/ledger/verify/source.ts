import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Accrual } from './accruals.ts';
import type { Problem, Subject } from './finding.ts';
import type { ListedPrice } from './price-list.ts';
import type { Repeat } from './read-repeats.ts';

/** Which ledger it is, and how it is divided. */
export interface LedgerIdentity {
  readonly ledgerId: Uuid;
  readonly shards: number;
}

/** One shard as verify reads it: out of a database or out of an export, the same to whoever reads. */
export interface ShardSource {
  /** Blocks by number. A block's transactions must be read before the next block is asked for. */
  blocks(): AsyncIterable<StoredBlock>;
  /** What is stored and belongs to no block, after the last block was read. */
  strays(): Promise<readonly Subject[]>;
  head(): Promise<{ readonly block: number; readonly entries: number; readonly hash: Uint8Array }>;
  /** The price list of the whole ledger. */
  prices(): Promise<readonly ListedPrice[]>;
  /**
   * Columns that repeat what the chain says and say something else, where there are such columns. `programmes`:
   * of each point type, as the chain has it.
   */
  repeats?(programmes: ReadonlyMap<number, number>): Promise<readonly Repeat[]>;
  /** Tells the whole state: lots first, then accounts, then the rest. */
  state(to: StateReader): Promise<void>;
}

export interface StoredBlock {
  readonly number: number;
  readonly recordedAt: Instant;
  readonly previousHash: Buffer;
  readonly merkleRoot: Buffer;
  readonly hash: Buffer;
  /** The ids of its transactions, 16 bytes each, as the block lists them. */
  readonly listed: Buffer;
  readonly entryFirst: number;
  readonly entries: number;
  /** What stood between its rows and belongs to none of its transactions; complete when all were read. */
  readonly strays: readonly Subject[];
  /** One for each that is listed; undefined for one that is missing. Each is valid until the next. */
  transactions(): Iterable<StoredTransaction | undefined>;
}

export interface StoredTransaction {
  /** The bytes that its leaf should be the hash of; null when its rows cannot be read. */
  readonly leaf: Buffer | null;
  /** The hash that is stored as its leaf. */
  readonly leafHash: Uint8Array;
  /** What its commitment should be the hash of; null when it was left out. */
  readonly opening: Uint8Array | null;
  /** Its free text, fingerprint and salt are gone. */
  readonly isErased: boolean;
  readonly entryFirst: number;
  readonly entries: number;
  readonly problems: readonly Problem[];
  /** What its entries accrued, by entry and place. */
  readonly accruals: readonly StoredAccrual[];
}

/** A row of `ledger.accrual`. */
export interface StoredAccrual extends Accrual {
  readonly place: number;
}

/** Ids are 16 bytes that must be read or copied at once. A promise keeps the source waiting. */
export interface StateReader {
  lot(state: {
    readonly id: Uint8Array;
    readonly member: Uint8Array;
    readonly pointType: number;
    readonly expiresAt: Instant | null;
    readonly remaining: number;
    readonly held: number;
    readonly expired: number;
    readonly expiredRecovered: number;
    readonly returned: number;
    readonly pending: boolean;
    readonly slideMonths: number | null;
    /** Where a funded lot that was sent first came from. */
    readonly root: Uint8Array | null;
  }): void | Promise<void>;
  account(state: {
    readonly member: Uint8Array;
    readonly pointType: number;
    readonly free: number;
    readonly held: number;
    readonly debt: number;
    readonly earned: number;
    readonly redeemed: number;
    readonly expired: number;
    readonly lastEffectiveAt: Instant;
  }): void | Promise<void>;
  counterAccount(state: {
    readonly role: number;
    readonly owner: Uint8Array;
    readonly pointType: number;
    readonly balance: bigint;
  }): void | Promise<void>;
  hold(state: {
    readonly id: Uint8Array;
    readonly member: Uint8Array;
    readonly expiresAt: Instant;
    readonly remaining: number;
    readonly lots: readonly { readonly lot: Uint8Array; readonly points: number }[];
  }): void | Promise<void>;
  counter(state: {
    readonly member: Uint8Array;
    readonly name: string;
    readonly value: number;
  }): void | Promise<void>;
  /** What this shard spent of a budget. */
  allotment(state: { readonly budget: Uint8Array; readonly spent: number }): void | Promise<void>;
  /** A budget that has lent anything but what all shards were granted; told with one shard only. */
  unequalBudget(state: {
    readonly budget: Uint8Array;
    readonly lent: number;
    readonly granted: number;
  }): void | Promise<void>;
  /** A fact that was used up; the transaction is null while that is not settled. */
  claim(state: {
    readonly hash: Uint8Array;
    readonly transaction: Uint8Array | null;
  }): void | Promise<void>;
  debt(state: { readonly lot: Uint8Array; readonly remaining: number }): void | Promise<void>;
}
