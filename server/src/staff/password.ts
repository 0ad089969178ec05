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
  const bare = plain.replace(/[^\p{L}\p{N}]/gu, '').replace(/\d+$/, '');
  if (COMMON_PASSWORDS.has(plain) || COMMON_PASSWORDS.has(bare))
    return problem('password_weak', 'the password is among those that everybody tries first');
  const own = about
    .flatMap((each) => each.toLowerCase().split(/[@.\s]/))
    .filter((each) => each.length > 3);
  // What is left beside one's own name must be as long as a password is.
  if (own.some((each) => plain.includes(each) && plain.length - each.length < PASSWORD_MIN / 2))
    return problem('password_weak', 'the password is little more than the name of the account');
  return null;
}

/** 1234567890, abcdefghij, and the same backwards. */
function isRun(text: string): boolean {
  const steps = new Set<number>();
  for (let at = 1; at < text.length; at += 1)
    steps.add(text.charCodeAt(at) - text.charCodeAt(at - 1));
  return steps.size === 1;
}
