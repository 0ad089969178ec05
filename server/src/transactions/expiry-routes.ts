import Type from 'typebox';
import { isDate } from '../kernel/calendar.ts';
import { showInstant } from '../kernel/clock.ts';
import { type AfterDay, type ExpiringDay, readExpiringDays } from '../ledger/read-expiry.ts';
import { isWithin, principalOf } from '../platform/web/auth.ts';
import { readCursor, writeCursor } from '../platform/web/cursor.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  Code,
  InstantText,
  idOf,
  mustReadId,
  object,
  PAGE_DEFAULT,
  PageQuery,
  PointsShown,
  pageOf,
} from '../platform/web/schema.ts';
import { programmeTimes } from './balance.ts';
import { type ReadDeps, takesPart } from './read-routes.ts';

/** The list, for its cursors. */
const LIST = 'expiry';

const ExpiryDay = object(
  {
    day: Type.String({
      format: 'date',
      description: 'The last day on which they can be spent, in the programme’s time zone.',
    }),
    programme: Code,
    pointType: Code,
    points: PointsShown,
    at: Type.String({ ...InstantText, description: 'The first moment of loss.' }),
  },
  { title: 'ExpiryDay' },
);

/** What of a member's points expires when. */
export function expiryRoutes(app: App, deps: ReadDeps): void {
  const { pool, ledger, members, programmes, display } = deps;

  app.get(
    '/members/:id/expiry',
    {
      config: { scopes: ['points:read'], perProgramme: true, member: 'path' },
      schema: {
        operationId: 'getExpiry',
        tags: ['members'],
        summary: 'The calendar of what expires when, of all point types, soonest first',
        description:
          'Held points do not expire and are not in it; neither is what never expires. The balance shows the next days of it.',
        params: object({ id: idOf('member') }),
        querystring: object(PageQuery),
        response: answers({ 200: pageOf(ExpiryDay, 'ExpiryPage') }, 404),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const after = cursor === undefined ? null : placeOf(cursor);
      if (after === undefined) return refuse(reply, problem('cursor_invalid'));
      if (!(await members.has(member))) return refuse(reply, problem('member_not_found'));
      const principal = principalOf(request);
      const times = programmeTimes(programmes).filter((time) =>
        isWithin(principal, time.programme),
      );
      const page = { after, limit: limit + 1 };
      const found = await readExpiringDays(pool, ledger.shardOf(member), member, times, page);
      if (found.length === 0 && !(await takesPart(deps, member, principal.programme)))
        return refuse(reply, problem('member_not_found'));
      const last = found.length > limit ? found[limit - 1] : undefined;
      return reply.code(200).send({
        items: found.slice(0, limit).map(show),
        nextCursor: last === undefined ? null : writeCursor(LIST, [last.day, last.pointType]),
      });
    },
  );

  function show({ programme, pointType, day, at, points }: ExpiringDay) {
    return { day, ...display.codes(programme, pointType), points, at: showInstant(at) };
  }
}

function placeOf(cursor: string): AfterDay | undefined {
  const [day, pointType] = readCursor(LIST, cursor) ?? [];
  const isPlace = typeof day === 'string' && isDate(day) && typeof pointType === 'number';
  return isPlace ? { day, pointType } : undefined;
}
