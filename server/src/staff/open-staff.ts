import { hkdfSync } from 'node:crypto';
import { noteHappened } from '../audit/note.ts';
import type { Clock } from '../kernel/clock.ts';
import type { FindOpening, Keyring } from '../keys/authenticate.ts';
import type { Pool } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import type { SessionCookie } from '../platform/web/auth.ts';
import { statusOf } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import { createSessionCookie } from '../platform/web/session-cookie.ts';
import { createAttempts } from './attempts.ts';
import { createEngine, type Engine, type From } from './engine.ts';
import { factorRoutes } from './factor-routes.ts';
import { sessionRoutes } from './session-routes.ts';
import { readSession } from './session-store.ts';
import { findsSessions, isProven, type SignInEvent } from './sessions.ts';
import type { SignInDeps } from './sign-in.ts';
import { signInRoutes } from './sign-in-routes.ts';
import { staffRoutes } from './staff-routes.ts';

export interface StaffOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly masterKey: Buffer;
  /** Where browsers reach the server. */
  readonly publicUrl: URL;
  /** Whether the accounts of the demo open something. */
  readonly isDemo: boolean;
  readonly programmeId: (code: string) => Promise<number | undefined>;
}

/** Signing in, and who may: put together over one database. */
export interface StaffFeature {
  readonly engine: Engine;
  /** For the keyring. */
  readonly findSession: FindOpening;
  /** For the guard. */
  cookieFor(keyring: Keyring): SessionCookie;
  featuresFor(keyring: Keyring): readonly ((app: App) => void)[];
}

export async function openStaff(options: StaffOptions): Promise<StaffFeature> {
  const { pool, clock, sealer, masterKey, publicUrl, isDemo, programmeId } = options;
  const secret = Buffer.from(
    hkdfSync('sha256', masterKey, Buffer.alloc(0), 'hongmi sign-in 1', 32),
  ).toString('base64url');
  const engine = await createEngine({ pool, clock, secret, publicUrl });
  const attempts = createAttempts(pool, clock, sealer);
  const publicOrigin = publicUrl.origin;
  const onSignIn: SignInDeps['onSignIn'] = (event, from) => noteSignIn(pool, clock, event, from);
  const deps = { pool, clock, engine, attempts, isDemo, onSignIn, publicOrigin };
  return {
    engine,
    findSession: findsSessions(pool, isDemo),
    cookieFor: ({ authenticateSession }) =>
      createSessionCookie({
        name: engine.cookies.session,
        publicOrigin,
        authenticate: authenticateSession,
        isProven: async (id) => {
          const session = await readSession(pool, id);
          return session !== undefined && isProven(session, clock.now());
        },
      }),
    featuresFor({ forgetAll, forgetSession }) {
      return [
        (app) => signInRoutes(app, deps),
        (app) => sessionRoutes(app, { ...deps, forgetSession }),
        (app) => factorRoutes(app, { ...deps, forgetAll }),
        (app) => staffRoutes(app, { pool, clock, attempts, programmeId, forgetAll }),
      ];
    },
  };
}

/** Writes down who came in, and who did not. */
async function noteSignIn(
  pool: Pool,
  clock: Clock,
  event: SignInEvent,
  { address, operation, request, userAgent }: From,
): Promise<void> {
  const { staff } = event;
  const refused = event.kind === 'refused' ? event.refusal.code : null;
  await noteHappened(pool, clock, {
    operation,
    address,
    request,
    userAgent: userAgent ?? null,
    status: refused === null ? 200 : statusOf(refused),
    problem: refused,
    // Who was refused, or is asked for more, is nobody yet; the account that it was about is known all the same.
    actor: event.kind === 'signed_in' ? event.staff.key : null,
    staff: staff?.id ?? null,
    merchant: staff?.merchant ?? null,
    programme: staff?.programme?.id ?? null,
  });
}
