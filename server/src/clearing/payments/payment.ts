import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';

export const ACCOUNT_ROLES = ['merchant', 'operator', 'custody'] as const;
/** Whose account it is: a merchant's; the operator's own, for its fees; of who holds the money in custody. */
export type AccountRole = (typeof ACCOUNT_ROLES)[number];

/** A bank account, as it was when this version of it was written. */
export interface SettlementAccount {
  readonly programme: number;
  readonly role: AccountRole;
  /** The nil UUID unless it is a merchant's. */
  readonly merchant: Uuid;
  /** Of the version, from 1. */
  readonly number: number;
  readonly holder: string;
  readonly bank: string;
  /** 12 digits. */
  readonly cnaps: string;
  readonly accountSealed: Buffer;
  readonly accountMasked: string;
  readonly madeAt: Instant;
  readonly madeBy: Uuid;
  readonly actor: string;
  /** Who confirmed it, another person than wrote it, and when; null: nobody yet, and no money goes there. */
  readonly confirmed: { readonly at: Instant; readonly actor: string } | null;
}

/** What is sealed with it, so that no account number opens in another's place. */
export const sealContext = ({
  programme,
  role,
  merchant,
}: Pick<SettlementAccount, 'programme' | 'role' | 'merchant'>): string =>
  `settlement_account ${programme} ${role} ${merchant}`;

const SHOWN_DIGITS = 4;

/** `**********1234`: as many digits as there are, the last four of them shown. */
export function maskAccount(number: string): string {
  const hidden = Math.max(0, number.length - SHOWN_DIGITS);
  return `${'*'.repeat(hidden)}${number.slice(hidden)}`;
}

export interface PaymentRun {
  readonly id: Uuid;
  readonly period: Uuid;
  readonly programme: number;
  /** Of the period, from 1. */
  readonly number: number;
  readonly custodyNumber: number;
  readonly at: Instant;
  readonly actor: string;
}

export interface Instruction {
  readonly run: Uuid;
  /** In the run, from 1. */
  readonly place: number;
  readonly merchant: Uuid;
  /** `collect`: from the merchant's account to custody; `pay_out`: the other way. */
  readonly kind: 'collect' | 'pay_out';
  readonly fen: number;
  /** The version of the merchant's account. */
  readonly accountNumber: number;
  readonly confirmed: Confirmation | null;
}

export interface Confirmation {
  readonly outcome: 'paid' | 'rejected';
  readonly reference: string;
  readonly reason: string | null;
  /** `2027-01-31` */
  readonly toldOn: string;
  readonly at: Instant;
  readonly actor: string;
}

/** As much as one run instructs: banks name instructions by 35 characters. What is left goes into the next run. */
export const INSTRUCTIONS_MAX = 9_999;

/** What of a merchant's position is settled how, in fen. */
export interface Settlement {
  /** Instructed: above zero the merchant receives it, below zero it pays. */
  readonly instructedFen: number;
  /** Out of its deposits, which are in custody. */
  readonly depositsFen: number;
  /** Of what it owes for points, against what it receives. */
  readonly nettedFen: number;
  /** Of what it receives, what stays in custody. */
  readonly keptFen: number;
  /** Of what was settled otherwise before, what it may not draw again after all. */
  readonly undoneFen: number;
}

/** What of a merchant's account settling needs to know, in fen. */
export interface Funded {
  readonly inCustodyFen: number;
  readonly unsettledFen: number;
  readonly settledFen: number;
  readonly availableFen: number;
}

/**
 * Settles a position. A debit is taken from deposits first, but no more than they hold and than was used of the points that
 * were drawn from them and not settled before (`unsettledFen`): other points are paid for by the merchant itself.
 *
 * Below zero that says that points came back which were settled, and wait to be used again. They must be covered as they were: by
 * what the account has available, where settling them had made room there, else by keeping in custody what the merchant receives.
 */
export function settle(
  position: { readonly net: number; readonly owed: number },
  funded: Funded | null,
): Settlement {
  const debit = Math.max(0, -position.net);
  if (funded === null)
    return { instructedFen: position.net, depositsFen: 0, nettedFen: 0, keptFen: 0, undoneFen: 0 };
  const unsettled = Math.max(0, funded.unsettledFen);
  const depositsFen = Math.min(debit, funded.inCustodyFen, unsettled);
  const nettedFen = Math.min(Math.max(0, position.owed - debit), unsettled - depositsFen);
  const back = Math.max(0, -funded.unsettledFen);
  const undoneFen = Math.min(back, funded.settledFen, Math.max(0, funded.availableFen));
  const keptFen = Math.min(Math.max(0, position.net), back - undoneFen);
  const instructedFen = position.net + depositsFen - keptFen;
  return { instructedFen, depositsFen, nettedFen, keptFen, undoneFen };
}
