import { lineAmountFen, readDecimal, readInteger } from './decimal.ts';
import { disarm } from './formula.ts';
import type { Layout } from './header.ts';

/** Why a line was rejected by itself; the order in which {@link judge} asks is part of the rules. */
export type LineReason =
  | 'bad_columns'
  | 'no_customer'
  | 'adjustment'
  | 'non_positive_quantity'
  | 'no_invoice'
  | 'no_sku'
  | 'bad_quantity'
  | 'non_negative_return'
  | 'bad_price'
  | 'negative_price'
  | 'bad_date'
  | 'too_long'
  | 'bad_text'
  | 'too_large';

/** A line that can be booked. */
export interface Line {
  readonly kind: 'sale' | 'return';
  /** The line's number in its file, from 1, or in the file that a rejected line came from. */
  readonly lineNo: number;
  /** The file a rejected line came from; null: this file. */
  readonly source: string | null;
  readonly invoice: string;
  readonly customer: string;
  readonly sku: string;
  readonly name: string | null;
  readonly category: string | null;
  readonly brand: string | null;
  readonly zone: string | null;
  readonly greenCertificate: string | null;
  /** Of the whole order: its first line says them. */
  readonly channel: string | null;
  readonly tender: string | null;
  /** Always positive: sold or brought back. */
  readonly quantity: number;
  readonly amountFen: number;
  readonly at: number;
}

export type Judged = Line | { readonly reason: LineReason };

const NUMBER_MAX = 2_147_483_647;
// The server takes 64; the rest is for the suffix of a part or a correction.
const INVOICE_CHARS = 48;
const SKU_CHARS = 64;
const CUSTOMER_CHARS = 128;
const NAME_CHARS = 200;
const CATEGORY_CHARS = 64;
const CERTIFICATE_CHARS = 200;

/** Reads one record; `index` is its place among the file's data records, from 1. */
export function judge(cells: readonly string[], index: number, layout: Layout): Judged {
  if (cells.length !== layout.columns.length && !onlyEmptyCellsMore(cells, layout.columns.length))
    return { reason: 'bad_columns' };
  const { at, mapping } = layout;
  const cell = layout.rejects === null ? plainCell : disarmedCell;
  const customer = cell(cells, at.customer);
  if (customer === '') return { reason: 'no_customer' };
  const invoice = cell(cells, at.invoice);
  if (startsWith(invoice, mapping.adjustmentPrefix)) return { reason: 'adjustment' };
  const kind = startsWith(invoice, mapping.returnPrefix) ? 'return' : 'sale';
  const asked = cell(cells, at.quantity);
  const quantity = readInteger(asked);
  if (kind === 'sale' && isNotPositive(quantity, asked)) return { reason: 'non_positive_quantity' };
  const sku = cell(cells, at.sku);
  if (invoice === '') return { reason: 'no_invoice' };
  if (sku === '') return { reason: 'no_sku' };
  if (quantity === undefined) return { reason: 'bad_quantity' };
  if (kind === 'return' && quantity >= 0) return { reason: 'non_negative_return' };
  const price = readDecimal(cell(cells, at.price));
  if (price === undefined) return { reason: 'bad_price' };
  if (price.units < 0) return { reason: 'negative_price' };
  const date = layout.readDate(cell(cells, at.date));
  if (date === undefined || date < 0) return { reason: 'bad_date' };
  if (invoice.length > INVOICE_CHARS || sku.length > SKU_CHARS || customer.length > CUSTOMER_CHARS)
    return { reason: 'too_long' };
  if (!isPlain(invoice) || !isPlain(sku) || !isPlain(customer)) return { reason: 'bad_text' };
  const amountFen = lineAmountFen(Math.abs(quantity), price, mapping.fenPerUnit);
  if (amountFen === undefined || Math.abs(quantity) > NUMBER_MAX) return { reason: 'too_large' };
  const origin = originOf(cells, layout);
  return {
    kind,
    lineNo: origin?.line ?? index,
    source: origin?.source ?? null,
    invoice,
    customer,
    sku,
    name: label(cell(cells, at.name), NAME_CHARS),
    category: label(cell(cells, at.category), CATEGORY_CHARS),
    brand: label(cell(cells, at.brand), CATEGORY_CHARS),
    zone: label(cell(cells, at.zone), CATEGORY_CHARS),
    greenCertificate: label(cell(cells, at.greenCertificate), CERTIFICATE_CHARS),
    channel: label(cell(cells, at.channel), CATEGORY_CHARS),
    tender: label(cell(cells, at.tender), CATEGORY_CHARS),
    quantity: Math.abs(quantity),
    amountFen,
    at: date,
  };
}

function plainCell(cells: readonly string[], column: number): string {
  return column === -1 ? '' : (cells[column] ?? '').trim();
}

function disarmedCell(cells: readonly string[], column: number): string {
  return disarm(plainCell(cells, column));
}

function onlyEmptyCellsMore(cells: readonly string[], width: number): boolean {
  return cells.length > width && cells.slice(width).every((cell) => cell === '');
}

function startsWith(invoice: string, prefix: string | null): boolean {
  return prefix !== null && invoice.startsWith(prefix);
}

// "-1.5" is no whole number, but it is not positive either, and that reason comes first.
function isNotPositive(quantity: number | undefined, text: string): boolean {
  if (quantity !== undefined) return quantity <= 0;
  const decimal = readDecimal(text);
  return decimal !== undefined && decimal.units <= 0;
}

const CONTROL = /[\p{Cc}\p{Cs}]/u;

function isPlain(text: string): boolean {
  return !CONTROL.test(text);
}

/** A name is told for people only: it is made to fit rather than refused. */
function label(text: string, charsMax: number): string | null {
  const plain = isPlain(text) ? text : text.replace(/[\p{Cc}\p{Cs}]+/gu, ' ').trim();
  if (plain === '') return null;
  if (plain.length <= charsMax) return plain;
  // Never half of a surrogate pair.
  return plain
    .slice(0, charsMax - 1)
    .replace(/\p{Cs}$/u, '')
    .trimEnd();
}

/** Where a line of a rejects file stood first; null elsewhere, and where that was edited away. */
function originOf(
  cells: readonly string[],
  { rejects }: Layout,
): { line: number; source: string } | null {
  if (rejects === null) return null;
  const line = plainCell(cells, rejects.line);
  const source = plainCell(cells, rejects.source);
  const number = Number(line);
  const usable =
    /^[0-9a-f]{64}$/.test(source) && /^\d{1,10}$/.test(line) && number >= 1 && number <= NUMBER_MAX;
  return usable ? { line: number, source } : null;
}
