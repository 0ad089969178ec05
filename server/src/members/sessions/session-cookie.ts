import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../kernel/clock.ts';
import { sha256 } from '../../kernel/hash.ts';
import type { Pool } from '../../platform/database.ts';
import {
  MEMBER_ACTOR,
  type MemberSignedIn,
  principalOf,
  type SessionCookie,
} from '../../platform/web/auth.ts';
import {
  companionOf,
  cookieName,
  isSameOrigin,
  readCookie,
} from '../../platform/web/session-cookie.ts';
import { readAbsorbed } from '../merged.ts';
import { LASTS_MAX_MS } from './limits.ts';
import { findSession, noteSeen } from './store.ts';

const HOUR_MS = 3_600_000;
const NO_SCOPES: ReadonlySet<never> = new Set();
const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

export interface MemberCookie extends SessionCookie {
  set(reply: FastifyReply, token: string): void;
  clear(reply: FastifyReply): void;
}

/**
 * The cookie of members' sessions: no script reads it, no other site has it sent, and over https no other host sets it. Beside it stands
 * the one that says to pages that there is one.
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
    const cookie = `${name}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}${secure}`;
    reply.header('set-cookie', [cookie, companionOf(cookie)]);
  };
  return {
    tokenOf: ({ headers }) => readCookie(headers.cookie, name),
    comesFromElsewhere: (request) =>
      !READS.has(request.method) && !isSameOrigin(request, publicOrigin),
    async authenticate(token) {
      const now = clock.now();
      const session = await findSession(pool, sha256(token), now);
      if (session === undefined) return { unknown: true };
      if (now - session.seenAt >= HOUR_MS) await noteSeen(pool, session.id, now);
      const { id, member, hasAbsorbed } = session;
      const parts = hasAbsorbed ? await readAbsorbed(pool, [member]) : [];
      return {
        ...{ keyId: MEMBER_ACTOR, scopes: NO_SCOPES, merchant: null, programme: null, staff: null },
        tenant: `member-${member}`,
        member: { id: member, session: id, absorbed: parts.map(({ absorbed }) => absorbed) },
      };
    },
    set: (reply, token) => write(reply, token, LASTS_MAX_MS / 1_000),
    clear: (reply) => write(reply, '', 0),
  };
}

/** The member who is signed in, of routes that are theirs alone. */
export function memberOf(request: FastifyRequest): MemberSignedIn {
  const { member } = principalOf(request);
  if (member === null) throw new Error('members alone come to this route');
  return member;
}
