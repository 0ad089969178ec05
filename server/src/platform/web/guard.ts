import type { FastifyContextConfig, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readId, showId } from '../../kernel/id.ts';
import { RefusalError } from '../../kernel/refusal.ts';
import { type Authenticate, type Found, isOwn, type Scope, type SessionCookie } from './auth.ts';
import { problem, refuse } from './problem.ts';

/** The cookies of those who sign in; undefined: none of them do. */
export interface Sessions {
  readonly staff?: SessionCookie | undefined;
  readonly members?: SessionCookie | undefined;
}

/**
 * Who a browser asks as, which may have the cookies of both: with this header of `member` it is the member who is signed in,
 * also where members may not; without, somebody on the staff.
 */
export const AS_HEADER = 'hongmi-as';

/**
 * Guards every route registered after it in this context. A route without `config.scopes` cannot be
 * registered, so none is open by mistake.
 */
export function guardRoutes(
  app: FastifyInstance,
  authenticate: Authenticate,
  sessions: Sessions = {},
): void {
  app.decorateRequest('principal', null);
  app.addHook('onRoute', (route) => {
    const {
      scopes,
      perProgramme = false,
      member,
      proven,
    } = (route.config ?? {}) as FastifyContextConfig;
    if (scopes === undefined)
      throw new Error(`${route.method} ${route.url} does not say which scopes it needs`);
    if (scopes === 'public') return;
    if (member !== undefined && (member === 'path') !== /\/members\/:id(\/|$)/.test(route.url))
      throw new Error(`${route.url} keeps members to their own by its path, or not`);
    const byMember = guardOfMembers(sessions.members, route.config ?? {});
    const byKey =
      scopes === 'member'
        ? byMember
        : guardOf({ scopes, perProgramme, authenticate, sessions: sessions.staff });
    const guard: Guard = (request, reply, done) =>
      (asksAsMember(request) ? byMember : byKey)(request, reply, done);
    route.onRequest = [guard, ...[route.onRequest ?? []].flat()];
    // What a request says is known by then, and checked.
    if (proven !== undefined)
      route.preHandler = [askProof(proven, sessions.staff), ...[route.preHandler ?? []].flat()];
  });
}

function askProof(
  proven: NonNullable<FastifyContextConfig['proven']>,
  sessions: SessionCookie | undefined,
) {
  return async function asksProof(request: FastifyRequest): Promise<void> {
    const staff = request.principal?.staff ?? null;
    if (staff === null || (proven !== true && !proven(request))) return;
    if ((await sessions?.isProven?.(staff.session)) === false)
      throw new RefusalError(problem('sign_in_again'));
  };
}

const asksAsMember = ({ headers }: FastifyRequest): boolean =>
  headers[AS_HEADER] === 'member' && headers.authorization === undefined;

type Guard = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void;

/** The word for the member who asks, in paths with a member's id. */
const ME = 'me';

/** Lets nobody in but a member who is signed in, and in a path with a member's id nobody but who asks for themselves. */
function guardOfMembers(
  sessions: SessionCookie | undefined,
  { scopes, member }: FastifyContextConfig,
): Guard {
  const isOpen = scopes === 'member' || member !== undefined;
  return function guardMembers(request, reply, done) {
    const token = sessions?.tokenOf(request);
    if (sessions === undefined || token === undefined) {
      refuse(reply, problem('session_ended'));
      return;
    }
    if (sessions.comesFromElsewhere(request)) {
      refuse(reply, problem('cross_site'));
      return;
    }
    const admit = (found: Found): void => {
      if (!('member' in found) || found.member === null) {
        refuse(reply, problem('session_ended'));
        return;
      }
      request.principal = found;
      if (!isOpen) {
        refuse(reply, problem('not_for_members'));
        return;
      }
      if (member === 'path') {
        const params = request.params as { id: string };
        if (params.id === ME) params.id = showId('member', found.member.id);
        if (!isOwn(found.member, readId('member', params.id))) {
          refuse(reply, problem('member_not_found'));
          return;
        }
      }
      done();
    };
    Promise.resolve(sessions.authenticate(token, request.ip)).then(admit).catch(done);
  };
}

interface Guarding {
  readonly scopes: readonly Scope[];
  readonly perProgramme: boolean;
  readonly authenticate: Authenticate;
  readonly sessions: SessionCookie | undefined;
}

function guardOf({ scopes, perProgramme, authenticate, sessions }: Guarding): Guard {
  return function guard(request, reply, done) {
    const { authorization } = request.headers;
    const secret = bearerOf(authorization);
    const token = authorization === undefined ? sessions?.tokenOf(request) : undefined;
    if (secret === undefined && token === undefined) {
      challenge(reply, 'send the API key as "Authorization: Bearer hm_…"');
      return;
    }
    // What carries no key is sent by a browser, and a browser may be told to by any page.
    if (token !== undefined && sessions?.comesFromElsewhere(request) === true) {
      refuse(reply, problem('cross_site'));
      return;
    }
    const admit = (found: Found): void => {
      if ('unknown' in found) {
        if (token === undefined) challenge(reply, 'the API key is not known or was revoked');
        else refuse(reply, problem('session_ended'));
        return;
      }
      if ('retryAfterSeconds' in found) {
        reply.header('retry-after', found.retryAfterSeconds);
        refuse(
          reply,
          problem('too_many_attempts', 'too many unknown API keys came from this address'),
        );
        return;
      }
      // Also of what is refused: the audit log says who asked for it.
      request.principal = found;
      if (found.staff?.lacksSecondFactor === true && scopes.length > 0) {
        refuse(reply, problem('second_factor_required'));
        return;
      }
      for (const scope of scopes) {
        if (!found.scopes.has(scope)) {
          refuse(reply, problem('scope_missing', `the scope ${scope} is missing`, { scope }));
          return;
        }
      }
      const isOfProgramme = found.programme !== null && found.merchant === null;
      if (isOfProgramme && !perProgramme) {
        refuse(reply, problem('platform_only'));
        return;
      }
      done();
    };
    const found =
      token === undefined || sessions === undefined
        ? authenticate(secret ?? '', request.ip)
        : sessions.authenticate(token, request.ip);
    // A known key is answered in the same turn: a promise per request would cost more than the check.
    if (found instanceof Promise) found.then(admit).catch(done);
    else admit(found);
  };
}

function challenge(reply: FastifyReply, detail: string): void {
  reply.header('www-authenticate', 'Bearer realm="hongmi"');
  refuse(reply, problem('unauthenticated', detail));
}

const SECRET_MAX = 256;

function bearerOf(header: string | undefined): string | undefined {
  if (header === undefined || header.length > SECRET_MAX || header.length < 8) return undefined;
  if (header.slice(0, 7).toLowerCase() !== 'bearer ') return undefined;
  return header.slice(7);
}
