import type { Instant } from '../kernel/clock.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { tenantOf } from '../keys/api-key.ts';
import type { FindOpening } from '../keys/authenticate.ts';
import { findKey } from '../keys/store.ts';
import type { Pool } from '../platform/database.ts';
import type { SignedIn } from '../platform/web/auth.ts';
import { SESSION_IDLE_MS, SESSION_MAX_MS } from './library.ts';
import { scopesOf } from './role.ts';
import { type Alive, findSession, noteSeen, type Session } from './session-store.ts';
import { lacksSecondFactor, reachOfStaff, type Staff } from './staff.ts';
import { findStaff } from './store.ts';

/** How exactly it is known when a session was used last. */
const SEEN_EVERY_MS = 60_000;
/** For so long after somebody proved who they are, they are not asked again. */
export const PROVEN_MS = 15 * 60_000;

export function aliveAt(now: Instant): Alive {
  return { begunAfter: now - SESSION_MAX_MS, usedAfter: now - SESSION_IDLE_MS };
}

/** When a session ends if nothing is done in it any more. */
export function endOf({ signedInAt, seenAt }: Session): Instant {
  return Math.min(signedInAt + SESSION_MAX_MS, seenAt + SESSION_IDLE_MS);
}

/** Whether somebody proved who they are a short while ago. */
export function isProven({ provenAt }: Session, now: Instant): boolean {
  return now - provenAt < PROVEN_MS;
}

/** Whether an account opens anything here: not when it is suspended, and a demo's only where there is the demo. */
export function isOpen({ state, demo }: Pick<Staff, 'state' | 'demo'>, isDemo: boolean): boolean {
  return state === 'active' && (isDemo || !demo);
}

/** Finds who a session belongs to, and says that it was used. */
export function findsSessions(pool: Pool, isDemo: boolean): FindOpening {
  return async (hash, now) => {
    const session = await findSession(pool, hash.toString('hex'), aliveAt(now));
    if (session === undefined) return undefined;
    const staff = await findStaff(pool, session.login);
    if (staff === undefined || !isOpen(staff, isDemo)) return undefined;
    const key = await findKey(pool, staff.key);
    if (key === undefined || key.revokedAt !== null) return undefined;
    if (now - session.seenAt >= SEEN_EVERY_MS) await noteSeen(pool, session.id, now);
    const lacks = lacksSecondFactor(staff);
    const signedIn: SignedIn = { id: staff.id, session: session.id, lacksSecondFactor: lacks };
    const { merchant, programme } = key;
    // What their role is today, in this version: nothing that was written down when they were invited.
    const scopes = new Set(lacks ? [] : scopesOf(staff.role, reachOfStaff(staff)));
    const tenant = tenantOf(key);
    const principal = {
      keyId: key.id,
      scopes,
      merchant,
      programme,
      tenant,
      staff: signedIn,
      member: null,
    };
    return { principal, until: session.signedInAt + SESSION_MAX_MS };
  };
}

/**
 * Who came in, or did not: the account that it was about, as far as there is one, and why not. Whoever had the password
 * and is asked for more is neither yet.
 */
export type SignInEvent =
  | { readonly kind: 'signed_in' | 'second_factor'; readonly staff: Staff }
  | { readonly kind: 'refused'; readonly staff: Staff | null; readonly refusal: Refusal };
