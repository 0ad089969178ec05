import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../kernel/clock.ts';
import { sha256 } from '../../kernel/hash.ts';
import type { Pool } from '../../platform/database.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import { cookieName, isSameOrigin, readCookie } from '../../platform/web/session-cookie.ts';
import { LASTS_MAX_MS } from './limits.ts';
import { findSession, type MemberSession, noteSeen } from './store.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The member who is signed in, of routes that are a member's own. */
    memberSession: MemberSession | null;
  }
}

const HOUR_MS = 3_600_000;
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

export interface MemberCookie {
  /** Lets nobody in but a member who is signed in: the `onRequest` of their routes. */
  readonly guard: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;
  /** What a browser has in it, whether it still opens something or not. */
  read(request: FastifyRequest): string | undefined;
  set(reply: FastifyReply, token: string): void;
  clear(reply: FastifyReply): void;
}

/**
 * The cookie of members' sessions: no script reads it, no other site has it sent, and over https no other host sets it.
 *
 * @param publicOrigin where browsers reach the server, `https://…` in production
 */
export function createMemberCookie({
  pool,
  clock,
  publicOrigin,
}: {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly publicOrigin: string;
}): MemberCookie {
  const isSecure = publicOrigin.startsWith('https:');
  const name = cookieName('hongmi_member', isSecure);
  const write = (reply: FastifyReply, value: string, seconds: number): void => {
    const secure = isSecure ? '; Secure' : '';
    reply.header(
      'set-cookie',
      `${name}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`,
    );
  };
  const read = ({ headers }: FastifyRequest) => readCookie(headers.cookie, name);
  return {
    read,
    async guard(request, reply) {
      const token = read(request);
      if (token === undefined) return refuse(reply, problem('session_ended'));
      if (!READS.has(request.method) && !isSameOrigin(request, publicOrigin))
        return refuse(reply, problem('cross_site'));
      const now = clock.now();
      const session = await findSession(pool, sha256(token), now);
      if (session === undefined) return refuse(reply, problem('session_ended'));
      if (now - session.seenAt >= HOUR_MS) await noteSeen(pool, session.id, now);
      request.memberSession = session;
      return undefined;
    },
    set: (reply, token) => write(reply, token, LASTS_MAX_MS / 1_000),
    clear: (reply) => write(reply, '', 0),
  };
}

/** Who is signed in, behind {@link MemberCookie.guard}. */
export function memberSessionOf(request: FastifyRequest): MemberSession {
  if (request.memberSession === null) throw new Error('nothing guards this route');
  return request.memberSession;
}
