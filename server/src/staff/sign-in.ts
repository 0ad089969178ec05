import type { Clock } from '../kernel/clock.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Pool } from '../platform/database.ts';
import { withTransaction } from '../platform/database.ts';
import { problem } from '../platform/web/problem.ts';
import { readCookie } from '../platform/web/session-cookie.ts';
import type { Attempts } from './attempts.ts';
import { type Engine, type From, isRefused, type Opened } from './engine.ts';
import { findPending, useCode } from './factor-store.ts';
import { hashOfToken } from './hashed-tokens.ts';
import { endSession, findSession, sweepSessions } from './session-store.ts';
import { aliveAt, isOpen, type SignInEvent } from './sessions.ts';
import type { Staff } from './staff.ts';
import { normalEmail } from './staff.ts';
import { findStaff, findStaffByEmail } from './store.ts';

export interface SignInDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly engine: Engine;
  readonly attempts: Attempts;
  /** Whether the accounts of the demo open something. */
  readonly isDemo: boolean;
  /** Told of everybody who came in, and who did not. */
  readonly onSignIn: (event: SignInEvent, from: From) => Promise<void>;
}

export type Method = 'authenticator' | 'backup_code' | 'passkey';

export type SignInOutcome =
  | { readonly state: 'signed_in'; readonly staff: Staff; readonly cookies: readonly string[] }
  | {
      readonly state: 'second_factor';
      readonly methods: readonly Method[];
      readonly cookies: readonly string[];
    }
  | { readonly refusal: Refusal };

/**
 * By address and password. What is answered to a wrong password, an unknown address, a suspended account and one that was
 * never opened is the same, after the same work.
 */
export async function signIn(
  deps: SignInDeps,
  from: From,
  asked: { readonly email: string; readonly password: string },
): Promise<SignInOutcome> {
  const { attempts, engine, pool } = deps;
  const email = normalEmail(asked.email);
  const attempt = await attempts.take(email, from.address);
  if ('retryAfterSeconds' in attempt) return await refuseIn(deps, from, tooMany(attempt), email);
  const answer = await engine.signIn(from, email, asked.password);
  if (isRefused(answer)) {
    await attempt.wrong();
    return await refuseIn(deps, from, problem('sign_in_refused'), email);
  }
  if ('pending' in answer) {
    const staff = await findStaffByEmail(pool, email);
    if (staff === undefined || !isOpen(staff, deps.isDemo)) {
      await attempt.wrong();
      return await refuseIn(deps, from, problem('sign_in_refused'), email);
    }
    await attempt.right();
    await deps.onSignIn({ kind: 'second_factor', staff }, from);
    const methods = ['authenticator', 'backup_code'] as const;
    return { state: 'second_factor', methods, cookies: answer.cookies };
  }
  const staff = await findStaff(pool, answer.login);
  if (staff === undefined || !isOpen(staff, deps.isDemo)) {
    await endByToken(deps, answer.token);
    await attempt.wrong();
    return await refuseIn(deps, from, problem('sign_in_refused'), email);
  }
  await attempt.right();
  // Who has a passkey signs in by it: a password that was overheard is worth nothing then.
  if (staff.passkeys > 0) {
    await endByToken(deps, answer.token);
    await deps.onSignIn({ kind: 'second_factor', staff }, from);
    return { state: 'second_factor', methods: ['passkey'], cookies: [] };
  }
  return await come(deps, from, answer);
}

/** By a code of the authenticator or a backup code, after the password. */
export async function signInByCode(
  deps: SignInDeps,
  from: From,
  asked: { readonly code: string } | { readonly backupCode: string },
): Promise<SignInOutcome> {
  const { clock, engine, pool } = deps;
  const pending = readCookie(from.cookie, engine.cookies.pending)?.split('.', 1)[0];
  const login = pending === undefined ? undefined : await findPending(pool, pending);
  const refused = problem('second_factor_refused');
  if (login === undefined) return await refuseIn(deps, from, refused, null);
  // Of a session that is open nothing counts here: the library would take its cookie instead of the password.
  const asking = { ...from, cookie: withoutCookie(from.cookie, engine.cookies.session) };
  const email = (await findStaff(pool, login))?.email ?? null;
  if ('code' in asked && !(await useCode(pool, login, asked.code, clock.now())))
    return await refuseIn(deps, from, refused, email);
  const answer =
    'code' in asked
      ? await engine.byCode(asking, asked.code)
      : await engine.byBackupCode(asking, asked.backupCode);
  if (isRefused(answer)) {
    const refusal = LOCKED.has(answer.refused) ? problem('too_many_attempts') : refused;
    return await refuseIn(deps, from, refusal, email);
  }
  return await come(deps, from, answer);
}
/** What the library calls too many wrong codes: of one sign-in, of an account. */
const LOCKED = new Set(['TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE', 'ACCOUNT_TEMPORARILY_LOCKED']);

/** By a passkey, with or without a password before it. */
export async function signInByPasskey(
  deps: SignInDeps,
  from: From,
  response: object,
): Promise<SignInOutcome> {
  const asking = { ...from, cookie: withoutCookie(from.cookie, deps.engine.cookies.session) };
  const answer = await deps.engine.byPasskey(asking, response);
  if (isRefused(answer)) return await refuseIn(deps, from, problem('passkey_refused'), null);
  return await come(deps, from, answer);
}

/** Lets somebody in whom the library knows: unless their account is not open. */
async function come(deps: SignInDeps, from: From, opened: Opened): Promise<SignInOutcome> {
  const { clock, engine, isDemo, onSignIn, pool } = deps;
  const staff = await findStaff(pool, opened.login);
  const alive = aliveAt(clock.now());
  const session = await findSession(pool, hashOfToken(opened.token), alive);
  if (staff === undefined || session === undefined || !isOpen(staff, isDemo)) {
    await endByToken(deps, opened.token);
    return await refuseIn(deps, from, problem('sign_in_refused'), staff?.email ?? null);
  }
  // The session that the browser had until now is not left open behind this one.
  const before = readCookie(from.cookie, engine.cookies.session)?.split('.', 1)[0];
  if (before !== undefined) await endByToken(deps, before);
  await sweepSessions(pool, alive);
  await onSignIn({ kind: 'signed_in', staff }, from);
  return { state: 'signed_in', staff, cookies: opened.cookies };
}

async function endByToken({ clock, pool }: SignInDeps, token: string): Promise<void> {
  const session = await findSession(pool, hashOfToken(token), aliveAt(clock.now()));
  if (session !== undefined) await withTransaction(pool, (tx) => endSession(tx, session.id));
}

async function refuseIn(
  deps: SignInDeps,
  from: From,
  refusal: Refusal,
  email: string | null,
): Promise<SignInOutcome> {
  // Looked for whether there is one or not: the same work for both.
  const staff = email === null ? undefined : await findStaffByEmail(deps.pool, email);
  await deps.onSignIn({ kind: 'refused', staff: staff ?? null, refusal }, from);
  return { refusal };
}

const tooMany = ({ retryAfterSeconds }: { readonly retryAfterSeconds: number }): Refusal =>
  problem('too_many_attempts', 'too much was tried; wait', { retryAfterSeconds });

function withoutCookie(header: string | undefined, name: string): string | undefined {
  return header
    ?.split(';')
    .filter((part) => part.split('=', 1)[0]?.trim() !== name)
    .join(';');
}
