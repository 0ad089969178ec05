import type { FastifyReply, FastifyRequest } from 'fastify';
import { RefusalError } from '../kernel/refusal.ts';
import { principalOf, type SignedIn } from '../platform/web/auth.ts';
import { problem } from '../platform/web/problem.ts';
import { isCrossSite } from '../platform/web/session-cookie.ts';
import type { From } from './engine.ts';

const USER_AGENT_MAX = 300;

/** What signing in needs to know of a request; `origin` where no page says its own. */
export function fromOf(request: FastifyRequest, publicOrigin: string): From {
  const { cookie, origin, 'user-agent': userAgent } = request.headers;
  return {
    cookie,
    userAgent: userAgent?.slice(0, USER_AGENT_MAX),
    address: request.ip,
    origin: origin ?? publicOrigin,
    request: request.id,
    operation: (request.routeOptions.schema as { readonly operationId: string }).operationId,
  };
}

/** Throws the refusal when another site's page sends it: nobody is signed in as somebody else by a page they only looked at. */
export function assertOwnSite(request: FastifyRequest, publicOrigin: string): void {
  if (isCrossSite(request, publicOrigin)) throw new RefusalError(problem('cross_site'));
}

/** Who signed in; throws the refusal when it is a system with a key. */
export function signedInOf(request: FastifyRequest): SignedIn {
  const { staff } = principalOf(request);
  if (staff === null) throw new RefusalError(problem('session_needed'));
  return staff;
}

export function setCookies(reply: FastifyReply, cookies: readonly string[]): void {
  for (const cookie of cookies) reply.header('set-cookie', cookie);
}

/** Tells the browser to forget a cookie. */
export function clearCookie(reply: FastifyReply, name: string): void {
  const secure = name.startsWith('__Host-') ? '; Secure' : '';
  reply.header('set-cookie', `${name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict${secure}`);
}
