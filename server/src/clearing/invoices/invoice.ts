import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Taxed, TaxRates } from './tax.ts';

/** What a merchant hands out for points, by which its own sales are taxed. */
export const HANDS_OUT = ['goods', 'reduced_goods', 'service'] as const;
export type HandsOut = (typeof HANDS_OUT)[number];

export interface TaxSetting {
  readonly programme: number;
  /** From 1. */
  readonly number: number;
  /** `2027-01-01`, in the programme's time zone. */
  readonly from: string;
  readonly rates: TaxRates;
  readonly madeAt: Instant;
  readonly actor: string;
}

/** In whose name invoices are, as it was when this version was written. */
export interface InvoiceTitle {
  readonly programme: number;
  /** The nil UUID: the platform. */
  readonly merchant: Uuid;
  /** From 1. */
  readonly number: number;
  readonly title: string;
  readonly taxNumber: string;
  readonly address: string;
  readonly phone: string;
  readonly bank: string;
  readonly bankAccount: string;
  readonly handsOut: HandsOut;
  readonly madeAt: Instant;
  readonly actor: string;
}

/** What the tax system gave back. */
export interface InvoiceNumber {
  readonly kind: 'issued' | 'reversed';
  readonly number: string;
  /** `2027-01-31` */
  readonly issuedOn: string;
  readonly reason: string | null;
}

/** The fee of a period, as it is invoiced to who took points. Below zero it is a red letter. */
export interface Invoice extends Taxed {
  readonly id: Uuid;
  readonly programme: number;
  readonly period: Uuid;
  readonly merchant: Uuid;
  readonly sellerNumber: number;
  readonly buyerNumber: number;
  readonly rateBp: number;
  readonly madeAt: Instant;
  readonly actor: string;
  /** It does not count any more, because of a red letter or because it was cancelled: another may be made. */
  readonly reversed: boolean;
  /** Why it is never to be issued; null: it may be, or was. */
  readonly cancelled: string | null;
  readonly numbers: readonly InvoiceNumber[];
}

export interface InvoiceLine extends Taxed {
  readonly place: number;
  readonly pointType: number;
}

export const INVOICE_STATES = ['made', 'issued', 'reversed', 'cancelled'] as const;
export type InvoiceState = (typeof INVOICE_STATES)[number];

export function stateOf({
  reversed,
  cancelled,
  numbers,
}: Pick<Invoice, 'reversed' | 'cancelled' | 'numbers'>): InvoiceState {
  if (cancelled !== null) return 'cancelled';
  if (reversed) return 'reversed';
  return numbers.length > 0 ? 'issued' : 'made';
}

/** The rate by which what a merchant hands out is taxed. */
export function rateOf(handsOut: HandsOut, rates: TaxRates): number {
  switch (handsOut) {
    case 'goods':
      return rates.standard;
    case 'reduced_goods':
      return rates.reduced;
    case 'service':
      return rates.service;
  }
}
