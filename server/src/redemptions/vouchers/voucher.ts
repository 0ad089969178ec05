import { type Instant, showInstant } from '../../kernel/clock.ts';
import { newId, randomSlice, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { VoucherForm, Words } from '../../kernel/reward.ts';
import { problem } from '../../platform/web/problem.ts';
import { type Booking, lengthOf } from '../bookings/booking.ts';
import type { Redemption } from '../redemption.ts';
import { lapsesAt, leftAtFirst, type Taken, takeOff } from './bill.ts';

export interface Voucher {
  readonly id: Uuid;
  readonly redemption: Uuid;
  readonly place: number;
  /** How often it was exchanged for another before. */
  readonly turn: number;
  readonly programme: number;
  readonly member: Uuid;
  /** At whose tills it counts, and at which of its stores; null: all. */
  readonly merchant: Uuid;
  readonly stores: readonly string[] | null;
  readonly name: Words;
  readonly form: VoucherForm;
  readonly madeAt: Instant;
  /** Null: at once. */
  readonly countsFrom: Instant | null;
  /** Not included; null: without end. */
  readonly expiresAt: Instant | null;
  /** Of one that is used in parts. */
  readonly leftFen: number | null;
  readonly state: 'open' | 'used' | 'void';
}

/** A new one, with the code that is nowhere written in the clear. */
export type NewVoucher = Voucher & { readonly code: string };

/** One as it is shown to its member; null: it was not used, or its use was undone. */
export type ReadVoucher = NewVoucher & { readonly usedAt: Instant | null };

export interface VoucherUse {
  readonly id: Uuid;
  readonly voucher: Uuid;
  readonly merchant: Uuid;
  readonly useNo: string;
  readonly store: string | null;
  readonly billFen: number;
  readonly offFen: number;
  readonly at: Instant;
  /** An API key. */
  readonly by: Uuid;
  readonly undone: {
    readonly at: Instant;
    readonly by: Uuid;
    readonly reason: string;
    readonly actor: string;
  } | null;
}

// Crockford's: no letter that is mistaken for a digit.
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_BITS = 128;

/** 128 bits that nobody can guess, as 26 characters. */
export function newCode(random: (bytes: number) => Buffer = randomSlice): string {
  const bytes = random(CODE_BITS / 8);
  let code = '';
  let bits = 0;
  let held = 0;
  // From the last bit on, five at a time; the first character has what is left.
  for (let at = bytes.length - 1; at >= 0; at -= 1) {
    bits |= (bytes[at] as number) << held;
    for (held += 8; held >= 5; held -= 5) {
      code = `${ALPHABET[bits & 31]}${code}`;
      bits >>= 5;
    }
  }
  return `${ALPHABET[bits]}${code}`;
}

/** How a code is shown: in groups that can be read aloud. */
export const showCode = (code: string): string => code.replace(/(.{5})(?=.)/g, '$1-');

const QR = 'hongmi:voucher:';
/** The text of the picture that a till scans. */
export const qrOf = (code: string): string => `${QR}${code}`;

/** The code that somebody typed or scanned, whatever they made of its groups and of what looks alike. */
export function readCode(told: string): string {
  const code = told.startsWith(QR) ? told.slice(QR.length) : told;
  return code.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1');
}

/** Who comes a little before the hour is not sent away. */
const EARLY_MS = 30 * 60_000;

/** When the voucher of a booking counts. */
export function countsAround({ startsAt, endsAt }: Booking): Pick<
  Voucher,
  'countsFrom' | 'expiresAt'
> & {
  readonly expiresAt: Instant;
} {
  return { countsFrom: startsAt - EARLY_MS, expiresAt: endsAt };
}

/**
 * What a redemption gives: one voucher for each unit, of nights for each room. A reward that is a code, or was booked, is exchanged
 * for what it is.
 */
export function vouchersOf(redemption: Redemption, timeZone: string): NewVoucher[] {
  const { id, terms, merchant, confirmedAt: madeAt } = redemption;
  const { fulfilment, name } = terms;
  if (madeAt === null) throw new Error('only what is confirmed is handed out');
  const { particulars } = redemption;
  const booking = particulars?.kind === 'booking' ? particulars : null;
  if (fulfilment.kind !== 'voucher' && fulfilment.kind !== 'code' && booking === null) return [];
  const form: VoucherForm =
    fulfilment.kind === 'voucher' ? fulfilment.voucher : { form: 'exchange', what: name };
  const { countsFrom, expiresAt } =
    booking === null ? { countsFrom: null, expiresAt: null } : countsAround(booking);
  const stores = terms.stores.find((each) => each.merchant === merchant)?.stores ?? null;
  return Array.from(
    { length: booking === null ? redemption.quantity : redemption.quantity / lengthOf(booking) },
    (_, place) => ({
      id: newId(madeAt),
      redemption: id,
      place,
      turn: 0,
      programme: redemption.programme,
      member: redemption.member,
      merchant,
      stores,
      name,
      form,
      code: newCode(),
      madeAt,
      countsFrom,
      expiresAt:
        fulfilment.kind === 'voucher' ? lapsesAt(fulfilment.lasts, madeAt, timeZone) : expiresAt,
      leftFen: leftAtFirst(form),
      state: 'open' as const,
    }),
  );
}

/** What using it at this till would take off the bill, or why it cannot be used. */
export function tryAt(
  voucher: Voucher,
  till: { readonly store: string | null; readonly billFen: number; readonly at: Instant },
): Taken | Refusal {
  const { state, countsFrom, expiresAt, stores } = voucher;
  if (state === 'void') return problem('voucher_void');
  if (state === 'used') return problem('voucher_used');
  if (countsFrom !== null && till.at < countsFrom)
    return problem('voucher_too_early', undefined, { from: showInstant(countsFrom) });
  if (expiresAt !== null && expiresAt <= till.at) return problem('voucher_expired');
  if (stores !== null && (till.store === null || !stores.includes(till.store)))
    return problem('voucher_elsewhere');
  return takeOff(voucher.form, till.billFen, voucher.leftFen);
}

/** How a voucher is after something of it was used. */
export function usedBy(voucher: Voucher, { leftFen }: Taken): Voucher {
  return { ...voucher, leftFen, state: leftFen === null || leftFen === 0 ? 'used' : 'open' };
}

/** And after that use was undone. */
export function unusedBy(voucher: Voucher, { offFen }: Pick<VoucherUse, 'offFen'>): Voucher {
  const { leftFen } = voucher;
  return { ...voucher, leftFen: leftFen === null ? null : leftFen + offFen, state: 'open' };
}
