import { usage } from '../failure.ts';
import { compileDateFormat } from './date-format.ts';
import { ENCODINGS, type Encoding } from './decode.ts';
import { isTimeZone } from './time-zone.ts';

/** The fields of an order line, each read from one column. */
export const FIELDS = {
  invoice: 'required',
  sku: 'required',
  quantity: 'required',
  date: 'required',
  price: 'required',
  customer: 'required',
  name: 'optional',
  category: 'optional',
  brand: 'optional',
  zone: 'optional',
  greenCertificate: 'optional',
  channel: 'optional',
  tender: 'optional',
} as const;
export type FieldName = keyof typeof FIELDS;

interface MappedMerchant {
  readonly name: string;
  readonly category: string;
  readonly earnRatio: { readonly points: number; readonly perFen: number };
}

/** How a merchant's export is to be read; docs/import.md describes the file. */
export interface Mapping {
  readonly columns: Readonly<Partial<Record<FieldName, string>>>;
  readonly encoding: Encoding;
  readonly delimiter: string;
  /** Tried in this order. */
  readonly dateFormats: readonly string[];
  readonly timeZone: string;
  /** Fen per unit of the price column: 100 for yuan, 1 for fen. */
  readonly fenPerUnit: number;
  /** How invoice numbers of returns and of adjustments begin; null: the file has none. */
  readonly returnPrefix: string | null;
  readonly adjustmentPrefix: string | null;
  /** The system whose customer numbers the file holds; with them it names a member. */
  readonly memberSystem: string;
  readonly programme: string;
  readonly merchant: MappedMerchant;
}

const FEN_PER_UNIT: Readonly<Record<string, number>> = { yuan: 100, fen: 1 };
const CODE = /^[a-z][a-z0-9-]{0,39}$/;
const SYSTEM = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const TEXT_MAX = 200;
const CATEGORY_MAX = 100;
const DATE_FORMATS_MAX = 5;

/** Reads a mapping, or fails with what is wrong and where. */
export function readMapping(text: string): Mapping {
  let given: unknown;
  try {
    given = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw usage('mapping_not_json', { detail: error instanceof Error ? error.message : '' });
  }
  const root = objectAt(given, '');
  knownFields(root, '', [
    'columns',
    'encoding',
    'delimiter',
    'dateFormat',
    'timeZone',
    'currencyUnit',
    'returnPrefix',
    'adjustmentPrefix',
    'memberSystem',
    'programme',
    'merchant',
  ]);
  const mapping: Mapping = {
    columns: readColumns(root.columns),
    encoding: oneOf(root.encoding ?? 'utf-8', 'encoding', ENCODINGS),
    delimiter: oneOf(root.delimiter ?? ',', 'delimiter', [',', ';', '\t', '|']),
    dateFormats: dateFormatsAt(root.dateFormat),
    timeZone: textAt(root.timeZone ?? 'Asia/Shanghai', 'timeZone'),
    fenPerUnit:
      FEN_PER_UNIT[oneOf(root.currencyUnit ?? 'yuan', 'currencyUnit', Object.keys(FEN_PER_UNIT))] ??
      100,
    returnPrefix: prefixAt(root.returnPrefix, 'returnPrefix'),
    adjustmentPrefix: prefixAt(root.adjustmentPrefix, 'adjustmentPrefix'),
    memberSystem: formAt(root.memberSystem, 'memberSystem', SYSTEM),
    programme: formAt(root.programme ?? 'default', 'programme', CODE),
    merchant: readMerchant(root.merchant),
  };
  checkTogether(mapping);
  return mapping;
}

function checkTogether({ timeZone, dateFormats, returnPrefix, adjustmentPrefix }: Mapping): void {
  if (!isTimeZone(timeZone)) throw usage('mapping_time_zone', { value: timeZone });
  for (const value of dateFormats) {
    const date = compileDateFormat(value, timeZone);
    if (typeof date !== 'function')
      throw usage(`mapping_date_${date.fault}`, { value, at: date.at });
  }
  if (returnPrefix !== null && returnPrefix === adjustmentPrefix) {
    throw usage('mapping_value', {
      at: 'adjustmentPrefix',
      detail: `"${adjustmentPrefix}" = returnPrefix`,
    });
  }
}

function readColumns(given: unknown): Mapping['columns'] {
  const columns = objectAt(given, 'columns');
  knownFields(columns, 'columns', Object.keys(FIELDS));
  const out: Partial<Record<FieldName, string>> = {};
  const taken = new Map<string, string>();
  for (const field of Object.keys(FIELDS) as FieldName[]) {
    if (columns[field] === undefined) {
      if (FIELDS[field] === 'required') throw usage('mapping_missing', { at: `columns.${field}` });
      continue;
    }
    const column = textAt(columns[field], `columns.${field}`);
    const other = taken.get(column);
    if (other !== undefined) throw usage('mapping_column_twice', { column, field, other });
    taken.set(column, field);
    out[field] = column;
  }
  return out;
}

function readMerchant(given: unknown): MappedMerchant {
  const merchant = objectAt(given, 'merchant');
  knownFields(merchant, 'merchant', ['name', 'category', 'earnRatio']);
  const ratio = objectAt(merchant.earnRatio ?? { points: 1, perFen: 100 }, 'merchant.earnRatio');
  knownFields(ratio, 'merchant.earnRatio', ['points', 'perFen']);
  return {
    name: textAt(merchant.name, 'merchant.name'),
    category: textAt(merchant.category, 'merchant.category', CATEGORY_MAX),
    earnRatio: {
      points: countAt(ratio.points, 'merchant.earnRatio.points'),
      perFen: countAt(ratio.perFen, 'merchant.earnRatio.perFen'),
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

function objectAt(value: unknown, at: string): Fields {
  if (value === undefined) throw usage('mapping_missing', { at });
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw bad(at, value, '{…}');
  return value as Fields;
}

function knownFields(given: Fields, at: string, known: readonly string[]): void {
  for (const field of Object.keys(given)) {
    if (!known.includes(field))
      throw usage('mapping_unknown', {
        at: at === '' ? field : `${at}.${field}`,
        known: known.join(', '),
      });
  }
}

function textAt(value: unknown, at: string, charsMax: number = TEXT_MAX): string {
  if (value === undefined) throw usage('mapping_missing', { at });
  const usable =
    typeof value === 'string' &&
    value.trim() !== '' &&
    value.length <= charsMax &&
    !/[\p{Cc}\p{Cs}]/u.test(value);
  if (!usable) throw bad(at, value, `"…", 1–${charsMax}`);
  return value;
}

function formAt(value: unknown, at: string, form: RegExp): string {
  const text = textAt(value, at);
  if (!form.test(text)) throw bad(at, value, form.source);
  return text;
}

function dateFormatsAt(value: unknown): string[] {
  const given = Array.isArray(value) ? value : [value];
  if (given.length === 0 || given.length > DATE_FORMATS_MAX)
    throw bad('dateFormat', value, `["…"], 1–${DATE_FORMATS_MAX}`);
  return given.map((each) => textAt(each, 'dateFormat'));
}

function prefixAt(value: unknown, at: string): string | null {
  return value === undefined || value === null ? null : textAt(value, at);
}

function countAt(value: unknown, at: string): number {
  if (value === undefined) throw usage('mapping_missing', { at });
  if (!Number.isSafeInteger(value) || (value as number) < 1) throw bad(at, value, '1, 2, 3, …');
  return value as number;
}

function oneOf<T extends string>(value: unknown, at: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined)
    throw bad(at, value, allowed.map((each) => JSON.stringify(each)).join(', '));
  return found;
}

function bad(at: string, value: unknown, expected: string): Error {
  return usage('mapping_value', {
    at,
    detail: `${JSON.stringify(value)?.slice(0, 80)} (${expected})`,
  });
}
