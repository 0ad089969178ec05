import type { FastifyRequest } from 'fastify';
import Type from 'typebox';
import { readId } from '../kernel/id.ts';
import { withTransaction } from '../platform/database.ts';
import { principalOf } from '../platform/web/auth.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import { answers, idOf, mustReadId, object } from '../platform/web/schema.ts';
import { companionName } from '../platform/web/session-cookie.ts';
import { isRefused } from './engine.ts';
import { useCode } from './factor-store.ts';
import { clearCookie, fromOf, setCookies, signedInOf } from './from-request.ts';
import { hashOfToken } from './hashed-tokens.ts';
import { weaknessOf } from './password.ts';
import { isReached } from './reached.ts';
import {
  endSession,
  endSessions,
  findSession,
  listSessions,
  noteProven,
  readSession,
} from './session-store.ts';
import { aliveAt } from './sessions.ts';
import { SessionShown, showSession, showWhoAmI, WhoAmI } from './show-session.ts';
import type { SignInDeps } from './sign-in.ts';
import { PasswordText } from './sign-in-routes.ts';
import { findStaff } from './store.ts';

const tags = ['sign-in'];
const config = { scopes: [], perProgramme: true } as const;
/** Why its writes have no dry run. */
const noDryRun = 'it is about the session that asks, and its answer opens something';

const SessionList = object({ items: Type.Array(SessionShown) }, { title: 'SessionList' });

/** What somebody does with their own sessions and password. */
export function sessionRoutes(
  app: App,
  deps: SignInDeps & {
    readonly publicOrigin: string;
    /** Makes this process look a session up again. */
    readonly forgetSession: (id: ReturnType<typeof mustReadId>) => void;
  },
): void {
  const { attempts, clock, engine, pool, publicOrigin } = deps;

  /** Who signed in, and their session. */
  async function selfOf(request: FastifyRequest) {
    const { staff } = principalOf(request);
    if (staff === null) return null;
    const [account, session] = await Promise.all([
      findStaff(pool, staff.id),
      readSession(pool, staff.session),
    ]);
    return account === undefined || session === undefined ? null : { staff: account, session };
  }

  app.get(
    '/session',
    {
      config,
      schema: {
        operationId: 'whoAmI',
        tags,
        summary: 'Read who asks: a person by their session, or a system by its key',
        response: answers({ 200: WhoAmI }),
      },
    },
    async (request) => showWhoAmI(principalOf(request), await selfOf(request)),
  );

  app.delete(
    '/session',
    {
      config: { ...config, noDryRun },
      schema: {
        operationId: 'signOut',
        tags,
        summary: 'Sign out',
        response: answers({ 200: object({ state: Type.Literal('signed_out') }) }),
      },
    },
    async (request, reply) => {
      const { session } = signedInOf(request);
      await withTransaction(pool, (tx) => endSession(tx, session));
      deps.forgetSession(session);
      const { session: name } = engine.cookies;
      for (const each of [name, companionName(name)]) clearCookie(reply, each);
      return { state: 'signed_out' as const };
    },
  );

  app.post(
    '/session/proof',
    {
      config: { ...config, noDryRun },
      schema: {
        operationId: 'proveSession',
        tags,
        summary: 'Prove again who you are, for a quarter of an hour',
        description: 'After `sign_in_again`: then ask for the same once more.',
        body: Type.Union([
          object({ password: PasswordText }, { title: 'PasswordProof' }),
          object({ code: Type.String({ pattern: '^\\d{6}$' }) }, { title: 'CodeProof' }),
        ]),
        response: answers({ 200: object({ state: Type.Literal('proven') }) }, 422),
      },
    },
    async (request, reply) => {
      const { session } = signedInOf(request);
      const self = await selfOf(request);
      if (self === null) return refuse(reply, problem('session_ended'));
      const attempt = await attempts.take(self.staff.email, request.ip);
      if ('retryAfterSeconds' in attempt) {
        reply.header('retry-after', attempt.retryAfterSeconds);
        return refuse(reply, problem('too_many_attempts'));
      }
      const { body } = request;
      const from = fromOf(request, publicOrigin);
      const isPassword = 'password' in body;
      const isRight = isPassword
        ? await engine.isPassword(self.staff.id, body.password)
        : (await useCode(pool, self.staff.id, body.code, clock.now())) &&
          !isRefused(await engine.byCode(from, body.code));
      if (!isRight) {
        await attempt.wrong();
        const code = isPassword ? 'password_wrong' : 'second_factor_refused';
        return refuse(reply, problem(code));
      }
      await attempt.right();
      await noteProven(pool, session, clock.now());
      return { state: 'proven' as const };
    },
  );

  app.post(
    '/session/password',
    {
      config: { ...config, noDryRun },
      schema: {
        operationId: 'changePassword',
        tags,
        summary: 'Change the password; all other sessions end',
        body: object(
          { currentPassword: PasswordText, password: PasswordText },
          { title: 'PasswordChange' },
        ),
        response: answers({ 200: WhoAmI }, 409, 422),
      },
    },
    async (request, reply) => {
      const self = await selfOf(request);
      if (self === null) return refuse(reply, problem('session_needed'));
      // Everybody knows it; whoever changed it would shut the others out.
      if (self.staff.demo) return refuse(reply, problem('own_account'));
      const { currentPassword, password } = request.body;
      const weakness = weaknessOf(password, [self.staff.email, self.staff.name]);
      if (weakness !== null) return refuse(reply, weakness);
      const attempt = await attempts.take(self.staff.email, request.ip);
      if ('retryAfterSeconds' in attempt) {
        reply.header('retry-after', attempt.retryAfterSeconds);
        return refuse(reply, problem('too_many_attempts'));
      }
      const before = await listSessions(pool, self.staff.id, aliveAt(clock.now()));
      const from = fromOf(request, publicOrigin);
      const opened = await engine.changePassword(from, currentPassword, password);
      if (isRefused(opened)) {
        await attempt.wrong();
        return refuse(reply, problem('password_wrong'));
      }
      await attempt.right();
      const session = await findSession(pool, hashOfToken(opened.token), aliveAt(clock.now()));
      if (session === undefined) throw new Error('a session that has just begun is there');
      await withTransaction(pool, async (tx) => {
        // The library has deleted them, and told nobody.
        for (const { id } of before) await endSession(tx, id);
        // Whoever gave the old password and is still asked for a code does not get in either.
        await endSessions(tx, self.staff.id, session.id);
      });
      for (const { id } of before) deps.forgetSession(id);
      setCookies(reply, opened.cookies);
      return showWhoAmI(principalOf(request), { staff: self.staff, session });
    },
  );

  app.get(
    '/sessions',
    {
      config,
      schema: {
        operationId: 'listSessions',
        tags,
        summary: 'List open sessions: your own, or with `security:write` somebody’s',
        querystring: object({ staffId: Type.Optional(idOf('staff')) }),
        response: answers({ 200: SessionList }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const { staffId } = request.query;
      const own = principal.staff;
      const asked = staffId === undefined ? own?.id : readId('staff', staffId);
      if (asked === undefined) return refuse(reply, problem('session_needed'));
      if (asked !== own?.id) {
        if (!principal.scopes.has('security:write'))
          return refuse(reply, problem('scope_missing', undefined, { scope: 'security:write' }));
        const staff = await findStaff(pool, asked);
        if (staff === undefined || !isReached(principal, staff))
          return refuse(reply, problem('staff_not_found'));
      }
      const sessions = await listSessions(pool, asked, aliveAt(clock.now()));
      return { items: sessions.map((each) => showSession(each, own?.session ?? null)) };
    },
  );

  app.delete(
    '/sessions/:id',
    {
      config: { ...config, noDryRun },
      schema: {
        operationId: 'endSession',
        tags,
        summary: 'End a session: one of your own, or with `security:write` somebody’s',
        params: object({ id: idOf('session') }),
        response: answers({ 200: SessionShown }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const id = mustReadId('session', request.params.id);
      const session = await readSession(pool, id);
      const isOwn = session !== undefined && session.login === principal.staff?.id;
      if (session === undefined || (!isOwn && !principal.scopes.has('security:write')))
        return refuse(reply, problem('session_not_found'));
      await withTransaction(pool, (tx) => endSession(tx, id));
      deps.forgetSession(id);
      return showSession(session, principal.staff?.session ?? null);
    },
  );
}
