/** An exact decimal: `units` / 10^`scale`. The units are a number where that is exact, else a bigint. */
export interface Decimal {
  readonly units: number | bigint;
  readonly scale: number;
}

/** Longer numbers are refused: no price or quantity needs them, and each digit would cost time. */
const DIGITS_MAX = 40;
/** Any number of so many digits is a safe integer. */
const SAFE_DIGITS = 15;
const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?$/;
const POINT = 0x2e;

/** Reads `12`, `-0.5`, `.5`, `1.` exactly, or undefined: no exponents, no thousands separators. */
export function readDecimal(text: string): Decimal | undefined {
  return readShort(text) ?? readAny(text);
}

/** Digits with at most one point, as nearly all prices are; undefined for anything else. */
function readShort(text: string): Decimal | undefined {
  if (text.length === 0 || text.length > SAFE_DIGITS) return undefined;
  let units = 0;
  let point = -1;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) units = units * 10 + (code - 0x30);
    else if (code === POINT && point === -1) point = at;
    else return undefined;
  }
  if (point !== -1 && text.length === 1) return undefined;
  return { units, scale: point === -1 ? 0 : text.length - 1 - point };
}

function readAny(text: string): Decimal | undefined {
  const found = DECIMAL.exec(text);
  if (found === null || text.length > DIGITS_MAX) return undefined;
  const [, sign, whole = '', fraction = ''] = found;
  if (whole === '' && fraction === '') return undefined;
  const units = BigInt(whole + fraction);
  return { units: sign === '-' ? -units : units, scale: fraction.length };
}

/** Reads a whole number, also when it is written `6.0`; undefined otherwise or outside the safe range. */
export function readInteger(text: string): number | undefined {
  const decimal = readDecimal(text);
  if (decimal === undefined) return undefined;
  if (decimal.scale === 0 && typeof decimal.units === 'number') return decimal.units;
  const unit = 10n ** BigInt(decimal.scale);
  const units = BigInt(decimal.units);
  if (units % unit !== 0n) return undefined;
  const value = Number(units / unit);
  return Number.isSafeInteger(value) ? value : undefined;
}

/**
 * quantity × price in fen, rounded half up (both are ≥ 0 here), exact whatever the number of decimals;
 * undefined above the safe range. `fenPerUnit` is 100 for prices in yuan.
 */
export function lineAmountFen(
  quantity: number,
  price: Decimal,
  fenPerUnit: number,
): number | undefined {
  const unit = 10 ** price.scale;
  // floor((2 × product + unit) / (2 × unit)). Of integers up to 2^53 every step is exact in doubles: a
  // quotient that is not whole differs from the next whole one by more than rounding can bridge.
  if (typeof price.units === 'number' && unit <= 1e15) {
    const doubled = quantity * price.units * fenPerUnit * 2 + unit;
    if (doubled <= Number.MAX_SAFE_INTEGER) return Math.floor(doubled / (unit * 2));
  }
  const bigUnit = 10n ** BigInt(price.scale);
  const product = BigInt(quantity) * BigInt(price.units) * BigInt(fenPerUnit);
  const amount = Number((product * 2n + bigUnit) / (bigUnit * 2n));
  return Number.isSafeInteger(amount) ? amount : undefined;
}
