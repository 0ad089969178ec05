import Type from 'typebox';
import type { Clock } from '../../kernel/clock.ts';
import { showInstant } from '../../kernel/clock.ts';
import { showId, type Uuid } from '../../kernel/id.ts';
import type { Pool } from '../../platform/database.ts';
import type { Sealer } from '../../platform/seal.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import {
  answers,
  InstantText,
  idOf,
  mustReadId,
  nullable,
  object,
} from '../../platform/web/schema.ts';
import { MemberShown, showMember } from '../member.ts';
import { readMember } from '../store.ts';
import { LASTS_MAX_MS } from './limits.ts';
import { type MemberCookie, memberOf } from './session-cookie.ts';
import { endSession, listSessions, type MemberSession } from './store.ts';

const tags = ['member sign-in'];
const noDryRun = 'ending a session that has ended changes nothing';

const SessionShown = object(
  {
    id: idOf('session'),
    current: Type.Boolean({ description: 'The one that asks.' }),
    begunAt: InstantText,
    seenAt: Type.String({ ...InstantText, description: 'Within the hour.' }),
    expiresAt: Type.String({
      ...InstantText,
      description: 'At the latest; sooner when it is not used for 30 days.',
    }),
    userAgent: nullable(Type.String()),
  },
  { title: 'MemberSession' },
);

function showSession(session: MemberSession, current: Uuid) {
  return {
    id: showId('session', session.id),
    current: session.id === current,
    begunAt: showInstant(session.begunAt),
    seenAt: showInstant(session.seenAt),
    expiresAt: showInstant(session.begunAt + LASTS_MAX_MS),
    userAgent: session.userAgent,
  };
}

/** What a member sees and does of their own: behind their session, never by an API key. */
export function ownRoutes(
  app: App,
  {
    pool,
    clock,
    sealer,
    cookie,
  }: {
    readonly pool: Pool;
    readonly clock: Clock;
    readonly sealer: Sealer;
    readonly cookie: MemberCookie;
  },
): void {
  const own = { config: { scopes: 'member' as const, noDryRun } };

  app.get(
    '/me',
    {
      ...own,
      schema: {
        operationId: 'getMe',
        tags,
        summary: 'The member who is signed in',
        response: answers({ 200: MemberShown }),
      },
    },
    async (request, reply) => {
      const member = await readMember(pool, memberOf(request).id, null);
      return member === undefined
        ? refuse(reply, problem('session_ended'))
        : showMember(member, sealer, { fullName: true });
    },
  );

  app.get(
    '/me/sessions',
    {
      ...own,
      schema: {
        operationId: 'listMySessions',
        tags,
        summary: 'Where the member is signed in, the newest first',
        response: answers({
          200: object({ items: Type.Array(SessionShown) }, { title: 'MemberSessions' }),
        }),
      },
    },
    async (request) => {
      const { id, session } = memberOf(request);
      const sessions = await listSessions(pool, id, clock.now());
      return { items: sessions.map((each) => showSession(each, session)) };
    },
  );

  app.delete(
    '/me/sessions/:id',
    {
      ...own,
      schema: {
        operationId: 'endMySession',
        tags,
        summary: 'End one of the member’s sessions',
        params: object({ id: idOf('session') }),
        response: answers({ 200: object({}, { title: 'MemberSessionEnded' }) }, 404),
      },
    },
    async (request, reply) => {
      const { id: member, session: current } = memberOf(request);
      const id = mustReadId('session', request.params.id);
      if (!(await endSession(pool, { id, member }, clock.now())))
        return refuse(reply, problem('session_not_found'));
      if (id === current) cookie.clear(reply);
      return {};
    },
  );

  app.delete(
    '/me/session',
    {
      ...own,
      schema: {
        operationId: 'signOutMember',
        tags,
        summary: 'End the session that asks',
        response: answers({ 200: object({}, { title: 'MemberSignedOut' }) }),
      },
    },
    async (request, reply) => {
      const { id, session } = memberOf(request);
      await endSession(pool, { id: session, member: id }, clock.now());
      cookie.clear(reply);
      return {};
    },
  );
}
