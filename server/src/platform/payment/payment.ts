import type { Instant } from '../../kernel/clock.ts';

/** To whom the money goes: the merchant's own account at the provider. The platform never holds it. */
export type PayeeAccount = string;

export interface PaymentAsked {
  /** Ours, 6 to 32 of `0-9a-zA-Z_-`, unique for ever: the same number asks for the same payment. */
  readonly paymentNo: string;
  readonly payee: PayeeAccount;
  readonly amountFen: number;
  /** What the payer reads, at most 127 bytes. */
  readonly description: string;
  /** Who pays, as the provider knows them. */
  readonly payer: string;
  /** After this it cannot be paid any more. */
  readonly expiresAt: Instant;
}

/** How a payment stands; `closed`: it was never paid, and cannot be any more. */
export type PaymentStanding =
  | { readonly status: 'open' | 'closed' | 'unknown' }
  | {
      readonly status: 'paid' | 'refunded';
      readonly amountFen: number;
      readonly paidAt: Instant;
      /** The provider's number. */
      readonly transactionNo: string;
    };

export interface RefundAsked {
  readonly paymentNo: string;
  /** Ours, of the same form, unique for ever: the same number asks for the same refund. */
  readonly refundNo: string;
  readonly payee: PayeeAccount;
  readonly amountFen: number;
  /** What was paid. */
  readonly totalFen: number;
  readonly reason: string;
}

/** `failed`: the money did not leave (the payer's account is gone): somebody must pay it by other means. */
export type RefundStanding = { readonly status: 'processing' | 'done' | 'failed' | 'unknown' };

/** What the provider tells by itself. It comes late, twice or not at all: whoever hears it looks how the payment stands. */
export interface PaymentNotice {
  readonly about: 'payment' | 'refund';
  readonly paymentNo: string;
}

/** The provider refuses what was asked, and will refuse it again. */
export class PaymentRefused extends Error {
  override readonly name = 'PaymentRefused';
  /** The provider's code. */
  readonly code: string;
  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

/** Nobody knows whether it was done: ask again, under the same number. */
export class PaymentUnavailable extends Error {
  override readonly name = 'PaymentUnavailable';
}

/**
 * Cash beside points. Everything can be repeated under its number: the provider does it once. Throws
 * {@link PaymentRefused} or {@link PaymentUnavailable}.
 */
export interface Payments {
  /** Who pays where nobody says who: only a counterpart that takes everybody for somebody has one. */
  readonly anybody?: string;
  /** Opens a payment; answers what the payer's device needs to pay it. */
  open(asked: PaymentAsked): Promise<Readonly<Record<string, string>>>;
  look(paymentNo: string, payee: PayeeAccount): Promise<PaymentStanding>;
  /** Sees to it that it cannot be paid any more, and answers how it stands: perhaps it was paid a moment before. */
  close(paymentNo: string, payee: PayeeAccount): Promise<PaymentStanding>;
  refund(asked: RefundAsked): Promise<RefundStanding>;
  lookRefund(refundNo: string, payee: PayeeAccount): Promise<RefundStanding>;
  /** A notice from outside, if the provider did send it and nobody changed it; null: it is to be refused. */
  readNotice(
    headers: Readonly<Record<string, string | string[] | undefined>>,
    body: string,
  ): PaymentNotice | null;
}
