import type { Refusal } from '../kernel/refusal.ts';
import { problem } from '../platform/web/problem.ts';
import { COMMON_PASSWORDS } from './common-passwords.ts';
import { PASSWORD_MAX, PASSWORD_MIN } from './library.ts';

/**
 * Why this cannot be somebody's password; null: it can. As NIST SP 800-63B, 3.1.1.2 has it: length, no rules about kinds of
 * characters, and nothing of what everybody tries first.
 */
export function weaknessOf(password: string, about: readonly string[]): Refusal | null {
  const length = [...password].length;
  if (length < PASSWORD_MIN || password.length > PASSWORD_MAX)
    return problem('password_weak', `a password has ${PASSWORD_MIN} to ${PASSWORD_MAX} characters`);
  const plain = password.toLowerCase();
  if (new Set(plain).size < 4 || isRun(plain))
    return problem('password_weak', 'the password repeats itself or counts up');
  if (isCommon(plain))
    return problem('password_weak', 'the password is among those that everybody tries first');
  const own = about.flatMap((each) => each.toLowerCase().split(/[@.\s]/));
  const beside = own
    .filter((each) => each.length >= OWN_MIN)
    .reduce((left, each) => left.replaceAll(each, ''), plain);
  if (beside !== plain && beside.length < BESIDE_OWN_MIN)
    return problem('password_weak', 'the password is little more than the name of the account');
  return null;
}

const LOOKS_LIKE: Readonly<Record<string, string>> = { '@': 'a', 0: 'o', 1: 'i', 3: 'e', $: 's' };

/** Also with other characters for letters, and with digits and marks behind it. */
function isCommon(plain: string): boolean {
  const trimmed = plain.replace(/[^\p{L}]+$/u, '');
  const read = trimmed.replace(/[@013$]/g, (each) => LOOKS_LIKE[each] ?? each);
  const bare = plain.replace(/[^\p{L}\p{N}]/gu, '');
  return [plain, trimmed, read, bare].some((each) => COMMON_PASSWORDS.has(each));
}

/** Shorter parts of a name are in many words. */
const OWN_MIN = 4;
/** So much of a password must be something else than a name. */
const BESIDE_OWN_MIN = 6;

/** 1234567890, abcdefghij, and the same backwards: nearly every character follows the one before it alike. */
function isRun(text: string): boolean {
  const steps = new Map<number, number>();
  for (let at = 1; at < text.length; at += 1) {
    const step = text.charCodeAt(at) - text.charCodeAt(at - 1);
    steps.set(step, (steps.get(step) ?? 0) + 1);
  }
  return Math.max(...steps.values()) >= (text.length - 1) * 0.8;
}
