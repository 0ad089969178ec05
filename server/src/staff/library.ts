import { passkey } from '@better-auth/passkey';
import { APIError } from 'better-auth/api';
import { getAdapter } from 'better-auth/db/adapter';
import { betterAuth } from 'better-auth/minimal';
import { twoFactor } from 'better-auth/plugins/two-factor';
import { Kysely, PostgresDialect } from 'kysely';
import type { Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/id.ts';
import type { Pool } from '../platform/database.ts';
import { cookieName } from '../platform/web/session-cookie.ts';
import { withHashedTokens } from './hashed-tokens.ts';
import { borrowPool } from './library-pool.ts';

/** A session lasts so long at most, whatever is done in it. */
export const SESSION_MAX_MS = 12 * 60 * 60_000;
/** It ends when nothing is done in it for so long. */
export const SESSION_IDLE_MS = 60 * 60_000;
/** How long somebody may take from the password to the second factor. */
const CHALLENGE_SECONDS = 5 * 60;
export const PASSWORD_MIN = 10;
export const PASSWORD_MAX = 128;

/** Where the library is told the address of who asks. */
export const ADDRESS_HEADER = 'x-hongmi-address';

const snake = (...fields: string[]): Record<string, string> =>
  Object.fromEntries(
    fields.map((field) => [field, field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)]),
  );
const TIMES = snake('createdAt', 'updatedAt');
const LOGIN = { userId: 'login' };
const ours = (fieldName: string) =>
  ({ type: 'number', bigint: true, fieldName, input: false, required: true }) as const;

export interface LibraryOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  /** What cookies and second factors are signed and encrypted by. */
  readonly secret: string;
  /** Where browsers reach the server: passkeys belong to its host. */
  readonly publicUrl: URL;
}

/** The names of the cookies that the library sets, as it was told to. */
export function cookieNames(publicUrl: URL): Record<'session' | 'pending' | 'ceremony', string> {
  const isSecure = publicUrl.protocol === 'https:';
  return {
    session: cookieName('hongmi_session', isSecure),
    pending: cookieName('hongmi_second_factor', isSecure),
    ceremony: cookieName('hongmi_passkey', isSecure),
  };
}

/**
 * The sign-in library, as it is used here: passwords, sessions, authenticators and passkeys, and nothing of its routes, mails
 * or network. Nothing else knows it. Its clock is the machine's; what depends on the server's own stands in the columns of
 * ours.
 */
export async function createLibrary({ pool, clock, secret, publicUrl }: LibraryOptions) {
  const isSecure = publicUrl.protocol === 'https:';
  const names = cookieNames(publicUrl);
  const db = new Kysely<object>({ dialect: new PostgresDialect({ pool: borrowPool(pool) }) });
  const options = {
    appName: 'Hongmi',
    baseURL: publicUrl.origin,
    secret,
    telemetry: { enabled: false },
    // What it would tell names accounts that do not exist, and passwords that were wrong: the audit log tells that.
    logger: { disabled: true },
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: PASSWORD_MIN,
      maxPasswordLength: PASSWORD_MAX,
    },
    user: { modelName: 'staff_login', fields: { ...snake('emailVerified'), ...TIMES } },
    session: {
      modelName: 'staff_session',
      fields: { ...LOGIN, ...snake('expiresAt', 'ipAddress', 'userAgent'), ...TIMES },
      additionalFields: {
        signedInAtMs: ours('signed_in_at_ms'),
        seenAtMs: ours('seen_at_ms'),
        provenAtMs: ours('proven_at_ms'),
      },
      expiresIn: SESSION_MAX_MS / 1_000,
      disableSessionRefresh: true,
      // Whether somebody must prove again who they are, is decided by our clock.
      freshAge: 0,
    },
    account: {
      modelName: 'staff_credential',
      fields: {
        ...LOGIN,
        ...snake('accountId', 'providerId', 'accessToken', 'refreshToken', 'idToken'),
        ...snake('accessTokenExpiresAt', 'refreshTokenExpiresAt'),
        ...TIMES,
      },
    },
    verification: {
      modelName: 'staff_verification',
      fields: { ...snake('expiresAt'), ...TIMES },
    },
    databaseHooks: {
      session: {
        create: {
          // Who signs in anew, or changes what they sign in by, has just proven who they are.
          before: async (session: Record<string, unknown>) => {
            const now = clock.now();
            const { signedInAtMs = now } = session;
            return { data: { signedInAtMs, seenAtMs: now, provenAtMs: now } };
          },
        },
      },
    },
    advanced: {
      cookiePrefix: cookieName('hongmi', isSecure),
      useSecureCookies: false,
      defaultCookieAttributes: {
        httpOnly: true,
        sameSite: 'strict' as const,
        path: '/',
        secure: isSecure,
      },
      cookies: {
        session_token: { name: names.session },
        two_factor: { name: names.pending },
        [names.ceremony]: { name: names.ceremony },
      },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      database: { generateId: () => newId(clock.now()) as string },
    },
    plugins: [
      twoFactor({
        issuer: 'Hongmi',
        twoFactorCookieMaxAge: CHALLENGE_SECONDS,
        accountLockout: { enabled: true, maxFailedAttempts: 10, durationSeconds: 15 * 60 },
        schema: {
          user: { fields: snake('twoFactorEnabled') },
          twoFactor: {
            modelName: 'staff_two_factor',
            fields: {
              ...LOGIN,
              ...snake('backupCodes', 'failedVerificationCount', 'lockedUntil'),
            },
          },
        },
      }),
      passkey({
        rpID: publicUrl.hostname,
        rpName: 'Hongmi',
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        authentication: {
          // A passkey stands for both factors, so it must have asked its owner for something.
          async afterVerification({ verification }) {
            if (!verification.authenticationInfo.userVerified) throw new APIError('UNAUTHORIZED');
          },
        },
        advanced: { webAuthnChallengeCookie: names.ceremony },
        schema: {
          passkey: {
            modelName: 'staff_passkey',
            fields: {
              ...LOGIN,
              ...snake('publicKey', 'deviceType', 'backedUp', 'createdAt'),
              credentialID: 'credential_id',
            },
          },
        },
      }),
    ],
  };
  const adapter = await getAdapter({
    ...options,
    database: { db, type: 'postgres', transaction: true },
  } as never);
  return betterAuth({ ...options, database: () => withHashedTokens(adapter) });
}

export type Library = Awaited<ReturnType<typeof createLibrary>>;
