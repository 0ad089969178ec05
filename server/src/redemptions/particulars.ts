import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sealer } from '../platform/seal.ts';
import { canonicalJson } from '../platform/web/idempotency.ts';
import type { AskedBill, Bill } from './bills/bill-offset.ts';

/** To whom and where something is sent. */
export interface Recipient {
  readonly name: string;
  readonly phone: string;
  /** Six digits of GB/T 2260. */
  readonly region: string;
  /** Within the region. */
  readonly address: string;
}

/** What a request says beyond the reward, by how it is handed out. */
export type AskedParticulars =
  | {
      readonly kind: 'booking';
      /** A day, `2027-06-01`; of nights the day of arrival. */
      readonly day: string;
      /** `09:00-10:00`: one of the slots of that day. */
      readonly slot?: string;
      /** The day of departure. */
      readonly until?: string;
    }
  | (Recipient & { readonly kind: 'delivery' })
  | AskedBill;

/** The same as a redemption keeps it. */
export type Particulars =
  | {
      readonly kind: 'booking';
      readonly day: string;
      readonly slot: string | null;
      readonly until: string | null;
      readonly startsAt: Instant;
      /** Not included. */
      readonly endsAt: Instant;
    }
  | {
      readonly kind: 'delivery';
      readonly region: string;
      /** Sealed ({@link Recipient}), in base64; null: erased. */
      readonly recipient: string | null;
    }
  | Bill;

/** Equal for equal particulars; nobody guesses an address from it. */
export function digestOf(particulars: AskedParticulars | null, sealer: Sealer): string[] {
  if (particulars === null) return [];
  return [sealer.index('particulars', canonicalJson(particulars)).toString('base64')];
}

const contextOf = (redemption: Uuid): string => `recipient ${redemption}`;

export function sealRecipient(sealer: Sealer, redemption: Uuid, recipient: Recipient): string {
  return sealer.seal(contextOf(redemption), JSON.stringify(recipient)).toString('base64');
}

export function openRecipient(sealer: Sealer, redemption: Uuid, sealed: string): Recipient {
  const plain = sealer.open(contextOf(redemption), Buffer.from(sealed, 'base64'));
  if (plain === undefined)
    throw new Error(`the recipient of ${redemption} does not open under the master key`);
  return JSON.parse(plain) as Recipient;
}
