import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { PayeeAccount } from '../../platform/payment/payment.ts';

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
