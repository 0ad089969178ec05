import Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import { principalOf } from '../platform/web/auth.ts';
import { readPageStart, writeCursor } from '../platform/web/cursor.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import { answers, object, PageQuery, pageOf, text } from '../platform/web/schema.ts';
import { MemberShown, showMember } from './member.ts';
import { type SearchDeps, searchMembers } from './search-members.ts';
import { createSearchPace } from './search-pace.ts';
import { readSought } from './search-text.ts';
import { type SharesWith, sightOf } from './sight.ts';

const LIMIT_DEFAULT = 20;

const MemberFound = object(
  {
    member: MemberShown,
    foundBy: Type.Enum(['id', 'phone', 'external_id', 'phone_last_four', 'name']),
  },
  { title: 'MemberFound' },
);

export interface SearchRoutes extends SearchDeps {
  readonly clock: Clock;
  readonly sharesWith: SharesWith;
}

/** One box that finds members. */
export function memberSearchRoutes(app: App, deps: SearchRoutes): void {
  const pace = createSearchPace(deps.clock);

  app.get(
    '/members/search',
    {
      config: { scopes: ['members:read'], perProgramme: true },
      schema: {
        operationId: 'searchMembers',
        tags: ['members'],
        summary:
          'Find members by one line: an id, a phone or its last four digits, an external id, part of a name',
        description:
          'First whom the text names, then by age those whose phone ends so or who have it in their name (one character: who begin ' +
          'with it). A merchant finds its own customers, and who shares with it what is known of them; its names are masked unless shared, ' +
          'and it may ask for four digits 30 times a minute. A page may hold fewer than `limit` and still have a `nextCursor`.',
        querystring: object({
          q: text(200),
          ...PageQuery,
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: LIMIT_DEFAULT })),
        }),
        response: answers({ 200: pageOf(MemberFound, 'MembersFound') }),
      },
    },
    async (request, reply) => {
      const { q, cursor, limit = LIMIT_DEFAULT } = request.query;
      // With the text, so that no page goes on in the list of another.
      const list = `members search ${q}`;
      const start = readPageStart(list, cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const principal = principalOf(request);
      const sought = readSought(q);
      if (sought.lastFour !== null && principal.merchant !== null) {
        const wait = pace.take(principal.merchant);
        if (wait !== null) {
          reply.header('retry-after', wait);
          return refuse(reply, problem('too_many_searches'));
        }
      }
      const { found, next } = await searchMembers(deps, sought, principal, {
        after: start.after,
        limit,
      });
      const items = await Promise.all(
        found.map(async ({ member, by }) => ({
          member: showMember(
            member,
            deps.sealer,
            await sightOf(principal, member.id, deps.sharesWith),
          ),
          foundBy: by,
        })),
      );
      return { items, nextCursor: next === null ? null : writeCursor(list, [next]) };
    },
  );
}
