import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { PayeeAccount, PaymentStanding } from '../../platform/payment/payment.ts';
import { problem } from '../../platform/web/problem.ts';

/** The cash part of a redemption, as it is asked of the provider and as far as is known here. */
export interface Payment {
  readonly id: Uuid;
  readonly redemption: Uuid;
  readonly programme: number;
  readonly merchant: Uuid;
  /** Ours at the provider. */
  readonly paymentNo: string;
  readonly payee: PayeeAccount;
  readonly amountFen: number;
  /** By the machine's clock; after `expiresAt` nobody can pay it. */
  readonly askedAt: Instant;
  readonly expiresAt: Instant;
  /** `closed`: it was never paid, and cannot be any more. */
  readonly state: 'open' | 'paid' | 'closed';
  /** The provider's code, where it did not open it. */
  readonly refused: string | null;
  /** What was paid, when, and the provider's number. */
  readonly paidFen: number | null;
  readonly paidAt: Instant | null;
  readonly transactionNo: string | null;
}

/** Why cash goes back: the redemption came to nothing, the member or the supplier cancelled it, or something was returned. */
export const REFUND_REASONS = [
  'not_redeemed',
  'cancelled',
  'after_sales',
  'supplier_cancelled',
] as const;
export type RefundReason = (typeof REFUND_REASONS)[number];

/** Cash that goes back: recorded, and then sent until it is `done` or `failed`. */
export interface CashRefund {
  readonly id: Uuid;
  readonly payment: Uuid;
  readonly key: string;
  readonly amountFen: number;
  readonly reason: RefundReason;
  /** `failed`: the money did not leave; somebody must pay it by other means. */
  readonly state: 'sending' | 'done' | 'failed';
  /** The provider's code, when it did not take it the last time. */
  readonly refused: string | null;
  readonly askedAt: Instant;
  readonly endedAt: Instant | null;
}

/** An id as a number at the provider: 32 of `0-9a-f`. */
export const numberOf = (id: Uuid): string => id.replaceAll('-', '');

/** A clock may differ from the provider's by as much, or nothing that it signs is believed. */
const SKEW_MS = 6 * 60_000;

/** What is known of a payment once the provider has said how it stands; the same: nothing new. */
export function paymentAfter(payment: Payment, standing: PaymentStanding, now: Instant): Payment {
  if (payment.state === 'paid') return payment;
  switch (standing.status) {
    case 'open':
      return payment;
    case 'paid':
    case 'refunded': {
      const { amountFen: paidFen, paidAt, transactionNo } = standing;
      return { ...payment, state: 'paid', paidFen, paidAt, transactionNo };
    }
    case 'unknown':
      // Somebody may just be opening it, until the provider takes it for too late.
      if (now < payment.expiresAt + SKEW_MS) return payment;
      return closed(payment);
    case 'closed':
      return closed(payment);
  }
}

const closed = (payment: Payment): Payment =>
  payment.state === 'closed' ? payment : { ...payment, state: 'closed' };

/** Where a redemption that is `paying` goes by what is known of its payment; null: it waits. */
export function stepOfPayment(
  payment: Payment | undefined,
):
  | { readonly step: 'confirm' | 'time_out' }
  | { readonly step: 'give_up'; readonly refusal: Refusal }
  | null {
  if (payment === undefined) throw new Error('who pays has a payment');
  const { state, refused, amountFen, paidFen } = payment;
  if (state === 'paid') {
    if (paidFen === amountFen) return { step: 'confirm' };
    const message = `${paidFen} fen were paid for ${amountFen}; they go back`;
    return { step: 'give_up', refusal: problem('payment_refused', message, { paidFen }) };
  }
  if (refused !== null) {
    const message = 'the provider did not open the payment; nothing was taken';
    return { step: 'give_up', refusal: problem('payment_refused', message, { reason: refused }) };
  }
  return state === 'closed' ? { step: 'time_out' } : null;
}
