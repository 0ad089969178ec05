import { createHmac } from 'node:crypto';
import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sealer } from '../../platform/seal.ts';

/** How long a member's phone shows a code before the next one. */
export const STEP_MS = 30_000;
/** How far the clocks of a phone and a till may be apart, in steps: five minutes either way. */
const APART_MAX = 10;
/** How far one is looked for that is too old, or of a clock that is wrong, so that it can be said: a day either way. */
const KNOWN_MAX = 2_880;
/** Steps are told by their last two digits. */
const PLACES = 100;
const MAC_DIGITS = 7;
const FORM = /^(\d{10})(\d{2})(\d{7})(\d)$/;

/** What a code says: the number of the session it is of, which of a hundred steps, and the proof that it is of that phone. */
export interface ReadCode {
  readonly number: number;
  readonly place: number;
  readonly proof: string;
}

/** The secret that codes of a session are made with: made anew from the master key each time, and kept nowhere but on the phone. */
export function codeSecretOf(sealer: Sealer, session: Uuid): Buffer {
  return sealer.index('member.code.secret', session);
}

/** Undefined: it was mistyped, or is no code. sdk/src/member-code says what the digits are. */
export function readCode(code: string): ReadCode | undefined {
  const [, number, place, proof, check] = FORM.exec(code) ?? [];
  if (number === undefined || proof === undefined) return undefined;
  if (checkDigitOf(code.slice(0, -1)) !== Number(check)) return undefined;
  return { number: Number(number), place: Number(place), proof };
}

/** The code of a session at a step, which is an instant in steps. */
export function writeCode(number: number, secret: Buffer, step: number): string {
  const place = String(step % PLACES).padStart(2, '0');
  const digits = `${showNumber(number)}${place}${proofAt(secret, step)}`;
  return `${digits}${checkDigitOf(digits)}`;
}

export const showNumber = (number: number): string => String(number).padStart(10, '0');

/** When a code was shown, by the phone; `isInTime`: so near to `at` that it counts. Undefined: the proof is wrong, or days off. */
export function stepOf(
  { place, proof }: ReadCode,
  secret: Buffer,
  at: Instant,
): { readonly step: number; readonly isInTime: boolean } | undefined {
  const now = Math.floor(at / STEP_MS);
  const ahead = (((place - now) % PLACES) + PLACES) % PLACES;
  // The steps of this place, the nearest first.
  const nearest = now + (ahead > PLACES / 2 ? ahead - PLACES : ahead);
  for (let away = 0; away <= KNOWN_MAX; away += PLACES)
    for (const step of away === 0 ? [nearest] : [nearest - away, nearest + away])
      if (step >= 0 && proofAt(secret, step) === proof)
        return { step, isInTime: Math.abs(step - now) <= APART_MAX };
  return undefined;
}

function proofAt(secret: Buffer, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const first = createHmac('sha256', secret).update(counter).digest().readUIntBE(0, 6);
  return String(first % 10 ** MAC_DIGITS).padStart(MAC_DIGITS, '0');
}

function checkDigitOf(digits: string): number {
  let sum = 0;
  for (const [index, digit] of [...digits].reverse().entries()) {
    const weighed = Number(digit) * (index % 2 === 0 ? 2 : 1);
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return (10 - (sum % 10)) % 10;
}
