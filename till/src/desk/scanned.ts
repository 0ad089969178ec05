import { memberCodeNumber } from '@hongmi/sdk/member-code';

/** What a scanner, a camera or fingers put into the till. */
export type Scanned =
  | { readonly kind: 'voucher'; readonly code: string }
  | { readonly kind: 'member'; readonly code: string }
  | { readonly kind: 'phone'; readonly phone: string }
  /** A number on a receipt of ours. */
  | { readonly kind: 'receipt'; readonly orderNo: string };

const VOUCHER = 'hongmi:voucher:';
/** 26 characters of Crockford's alphabet, in groups or not, with what is mistaken for its digits. */
const VOUCHER_CODE = /^[0-9A-Z]{26}$/;
/** A Chinese mobile, or any number with its country. */
const PHONE = /^(?:\+?86)?(1[3-9]\d{9})$|^(\+\d{6,15})$/;
const RECEIPT = /^[A-Z]\d{6}-[0-9A-Z]{8}$/;

/** Undefined: nothing that a till knows. */
export function readScanned(text: string): Scanned | undefined {
  const told = text.trim();
  if (told.startsWith(VOUCHER)) return { kind: 'voucher', code: told };
  const upper = told.toUpperCase();
  if (RECEIPT.test(upper)) return { kind: 'receipt', orderNo: upper };
  const bare = upper.replace(/[\s-]/g, '');
  const [, ours, foreign] = PHONE.exec(bare) ?? [];
  const phone = ours ?? foreign;
  if (phone !== undefined) return { kind: 'phone', phone };
  if (memberCodeNumber(bare) !== undefined) return { kind: 'member', code: bare };
  return VOUCHER_CODE.test(bare) ? { kind: 'voucher', code: bare } : undefined;
}
