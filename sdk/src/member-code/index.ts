import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';

/** What `getMyCodeSecret` answers, as far as codes are made of it. */
export interface CodeSecret {
  /** Ten digits that are nobody's secret: whose code it is. */
  readonly number: string;
  /** 32 bytes, in hex. */
  readonly secret: string;
}

/** How long a code is shown before the next one, in milliseconds. */
export const MEMBER_CODE_STEP_MS = 30_000;
const DIGITS = 20;
const NUMBER_DIGITS = 10;
const PLACES = 100;
const MAC_DIGITS = 7;

/**
 * The code that a member shows at an instant (ms since 1970), 20 digits: whose it is (10), which of a hundred steps of 30 s (2),
 * what only the phone and the platform can work out (7), and a check digit (ISO/IEC 7812-1, annex B). Works without a network; as
 * RFC 6238, but that the step is told. The server says the same in members/codes/code.ts; docs/member-code-vectors.json has examples of both.
 */
export function memberCodeAt({ number, secret }: CodeSecret, at: number): string {
  const step = Math.floor(at / MEMBER_CODE_STEP_MS);
  const counter = new DataView(new ArrayBuffer(8));
  counter.setBigUint64(0, BigInt(step));
  const mac = new DataView(hmac(sha256, bytesOf(secret), new Uint8Array(counter.buffer)).buffer);
  // The first 48 bits: a JSON number holds them exactly.
  const first = mac.getUint32(0) * 2 ** 16 + mac.getUint16(4);
  const place = String(step % PLACES).padStart(2, '0');
  const proof = String(first % 10 ** MAC_DIGITS).padStart(MAC_DIGITS, '0');
  const digits = `${number}${place}${proof}`;
  return `${digits}${checkDigitOf(digits)}`;
}

/** Whose code it is, as far as that shows without asking the platform: the same phone has the same number. Undefined: it is no code. */
export function memberCodeNumber(text: string): string | undefined {
  const code = text.replace(/[\s-]/g, '');
  if (code.length !== DIGITS || !/^\d+$/.test(code)) return undefined;
  const digits = code.slice(0, -1);
  return checkDigitOf(digits) === Number(code.at(-1)) ? code.slice(0, NUMBER_DIGITS) : undefined;
}

/** One wrong digit, and nearly all neighbours that are mixed up, are noticed. */
function checkDigitOf(digits: string): number {
  let sum = 0;
  for (const [index, digit] of [...digits].reverse().entries()) {
    const weighed = Number(digit) * (index % 2 === 0 ? 2 : 1);
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return (10 - (sum % 10)) % 10;
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
