import type { components } from '@hongmi/sdk';

export type ApiKey = components['schemas']['ApiKey'];
export type KeyState = 'active' | 'changing' | 'revoked' | 'expired';

const isPast = (at: string | null, now: number): boolean => at !== null && Date.parse(at) <= now;

/** How a key stands at an instant, in milliseconds. */
export function stateOf(key: ApiKey, now: number): KeyState {
  if (key.revokedAt !== null) return 'revoked';
  if (isPast(key.expiresAt, now)) return 'expired';
  const overlaps = key.previousUntil !== null && !isPast(key.previousUntil, now);
  return overlaps ? 'changing' : 'active';
}
