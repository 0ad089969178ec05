import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import {
  type Command,
  type Detail,
  type Kind,
  type NewLot,
  type SourceKind,
  subjectOf,
} from './command.ts';

/** The accounts of a shard: three of the member's own, and those on the other side. */
export const ROLES = {
  none: 0,
  member: 1,
  held: 2,
  debt: 3,
  issuer: 4,
  acquirer: 5,
  breakage: 6,
  adjustment: 7,
  in_transit: 8,
  conversion: 9,
} as const;
export type Role = keyof typeof ROLES;

/**
 * What an entry does to its lot:
 * issue makes it · take, capture, expire, recover consume it · pin, unpin set points aside and back ·
 * restore returns points to it · mature, extend change its time · recover_expired turns breakage back
 * to the issuer · owe makes a debt about it · repay settles a debt (`ref` names what the debt is about) ·
 * overdraw makes a debt about no lot (`lot` names its own transaction).
 */
export const ENTRY_KINDS = {
  issue: 1,
  take: 2,
  pin: 3,
  unpin: 4,
  capture: 5,
  expire: 6,
  mature: 7,
  recover: 8,
  recover_expired: 9,
  owe: 10,
  repay: 11,
  restore: 12,
  extend: 13,
  overdraw: 14,
} as const;
export type EntryKind = keyof typeof ENTRY_KINDS;

export interface Account {
  readonly role: Role;
  /** The member or merchant; the nil UUID for an account of the platform itself; null with role none. */
  readonly owner: Uuid | null;
}

/** Points moved from one account to another: it cannot fail to sum to zero. */
export interface Entry {
  readonly kind: EntryKind;
  readonly pointType: number;
  readonly from: Account;
  readonly to: Account;
  readonly points: number;
  readonly lot: Uuid;
  /** The hold of a pin; what a debt is about; where a sent lot goes and where an arrived one came from. */
  readonly ref: Uuid | null;
  /** The new expiry that an `extend` gives; when the hold of a `pin` releases itself; that of a lot sent away. */
  readonly expiresAt: Instant | null;
}

/** What was fixed for good when a lot was made; all of it enters the chain. */
export interface LotTerms extends NewLot {
  readonly id: Uuid;
  /** Points granted; `issued − amount` went to debts at once. */
  readonly issued: number;
  readonly amount: number;
}

/** Proof of where an answer stands in the chain. */
export interface Receipt {
  readonly shard: number;
  readonly block: number;
  readonly position: number;
  /** The block's hash, in hex. */
  readonly hash: string;
  readonly recordedAt: Instant;
}

/** A recorded command: applied, or refused with its reason. */
export interface Transaction {
  readonly id: Uuid;
  readonly key: string;
  readonly kind: Kind;
  readonly programme: number;
  readonly pointType: number;
  readonly member: Uuid;
  readonly points: number;
  readonly effectiveAt: Instant;
  readonly merchant: Uuid | null;
  readonly subject: Uuid | null;
  readonly source: { readonly kind: SourceKind; readonly id: Uuid } | null;
  readonly refusal: Refusal | null;
  readonly balanceAfter: number;
  readonly detail: Detail | null;
  readonly entries: readonly Entry[];
}

/** What deciding a command adds to it. */
export type Decision = Pick<
  Transaction,
  'id' | 'points' | 'effectiveAt' | 'refusal' | 'balanceAfter' | 'entries'
>;

/** A command with its decision, as it is recorded. */
export function transactionOf(command: Command, decision: Decision): Transaction {
  return {
    id: decision.id,
    key: command.key,
    kind: command.kind,
    programme: command.programme,
    pointType: command.pointType,
    member: command.member,
    points: decision.points,
    effectiveAt: decision.effectiveAt,
    merchant: 'merchant' in command ? command.merchant : null,
    subject: subjectOf(command),
    source: command.source ?? null,
    refusal: decision.refusal,
    balanceAfter: decision.balanceAfter,
    detail: command.detail ?? null,
    entries: decision.entries,
  };
}

/**
 * The ledger's answer to a command. `replayed` tells that the key was known and this is the first
 * answer again; a refusal
 * `idempotency_key_reused` that the key was known with another request (nothing is recorded).
 */
export type Answer =
  | {
      readonly status: 'applied';
      readonly replayed: boolean;
      readonly transaction: Transaction;
      readonly receipt: Receipt | null;
    }
  | {
      readonly status: 'refused';
      readonly replayed: boolean;
      readonly refusal: Refusal;
      readonly transaction: Transaction | null;
      readonly receipt: Receipt | null;
    };

/** The owner of the platform's own accounts. */
export const PLATFORM = '00000000-0000-0000-0000-000000000000' as Uuid;
