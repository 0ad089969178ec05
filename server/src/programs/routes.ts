import Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import type { Pool } from '../platform/database.ts';
import { assertNamesOwn, isWithin, principalOf } from '../platform/web/auth.ts';
import { readCursor, writeCursor } from '../platform/web/cursor.ts';
import { sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  Code,
  InstantText,
  mustReadInstant,
  object,
  PAGE_DEFAULT,
  PageQuery,
  pageOf,
} from '../platform/web/schema.ts';
import { changeProgramme } from './change-programme.ts';
import { createProgramme } from './create-programme.ts';
import type { By } from './judge-dates.ts';
import { pointTypeRoutes } from './point-type-routes.ts';
import { NewProgramme, ProgrammeSettings, ProgrammeShown, showProgramme } from './programme.ts';
import { ChangeShown, showChange } from './programme-change.ts';
import type { ProgrammeRegistry } from './registry.ts';
import { setClock } from './set-clock.ts';
import { listChanges } from './store.ts';

const tags = ['programmes'];
/** Its cursors' list. */
const CHANGES = 'programme changes';
const params = object({ code: Code });

export function programmeRoutes(
  app: App,
  {
    pool,
    clock,
    programmes,
    announce,
    onClockMoved,
  }: {
    readonly pool: Pool;
    readonly clock: Clock;
    readonly programmes: ProgrammeRegistry;
    readonly announce: By['announce'];
    /** Books what the new time makes due; the answer waits for it. */
    readonly onClockMoved?: () => Promise<void>;
  },
): void {
  app.post(
    '/programmes',
    {
      config: { scopes: ['programmes:write'] },
      schema: {
        operationId: 'createProgramme',
        tags,
        summary: 'Make a programme with its point types',
        body: NewProgramme,
        response: answers({ 201: ProgrammeShown }, 409, 422),
      },
    },
    async (request, reply) => {
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        createProgramme(tx, request.body, clock),
      );
      await programmes.refresh();
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/programmes',
    {
      config: { scopes: ['programmes:read'], perProgramme: true, member: 'all' },
      schema: {
        operationId: 'listProgrammes',
        tags,
        summary: 'List the programmes that the key reaches',
        response: answers({
          200: object({ items: Type.Array(ProgrammeShown) }, { title: 'ProgrammeList' }),
        }),
      },
    },
    async (request) => {
      await programmes.refresh();
      const now = clock.now();
      const principal = principalOf(request);
      const seen = programmes.all().filter(({ id }) => isWithin(principal, id));
      return { items: seen.map((each) => showProgramme(each, now)) };
    },
  );

  app.patch(
    '/programmes/:code',
    {
      config: { scopes: ['programmes:write'], perProgramme: true },
      schema: {
        operationId: 'changeProgramme',
        tags,
        summary: "Change a programme's settings",
        description:
          'For what is decided from now on: what was decided before stays, and repeated requests are answered as they were. ' +
          '`conversions` are all rates there will be. What of returns, refunds and conversions becomes worse for members needs `from` and the notice of the programme, and members are told of it; ' +
          'what is announced stands in `announced`.',
        params,
        body: ProgrammeSettings,
        response: answers({ 200: ProgrammeShown }, 404, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      assertNamesOwn(principal, request.params.code);
      const by = { key: principal.keyId, clock, announce };
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        changeProgramme(tx, request.params.code, request.body, by),
      );
      await programmes.refresh();
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/programmes/:code/changes',
    {
      config: { scopes: ['programmes:read'], perProgramme: true },
      schema: {
        operationId: 'listProgrammeChanges',
        tags,
        summary: "List changes of a programme's settings by age: who, when, and what they were",
        params,
        querystring: object(PageQuery),
        response: answers({ 200: pageOf(ChangeShown, 'ProgrammeChangePage') }, 404),
      },
    },
    async (request, reply) => {
      assertNamesOwn(principalOf(request), request.params.code);
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const after = cursor === undefined ? 0 : readCursor(CHANGES, cursor)?.[0];
      if (!Number.isSafeInteger(after)) return refuse(reply, problem('cursor_invalid'));
      const programme = await programmes.find(request.params.code);
      if (programme === undefined) return refuse(reply, problem('programme_not_found'));
      const found = await listChanges(pool, programme.id, Number(after), limit + 1);
      const last = found.length > limit ? found[limit - 1] : undefined;
      return {
        items: found.slice(0, limit).map(showChange),
        nextCursor: last === undefined ? null : writeCursor(CHANGES, [last.number]),
      };
    },
  );

  app.put(
    '/programmes/:code/clock',
    {
      config: { scopes: ['programmes:write'], perProgramme: true },
      schema: {
        operationId: 'setProgrammeClock',
        tags,
        summary: "Move a sandbox programme's clock forward",
        params,
        body: object({ now: InstantText }),
        response: answers(
          { 200: object({ programme: Code, now: InstantText }, { title: 'ProgrammeClock' }) },
          404,
          409,
          422,
        ),
      },
    },
    async (request, reply) => {
      const { code } = request.params;
      assertNamesOwn(principalOf(request), code);
      const to = mustReadInstant(request.body.now);
      const answer = await writeOnce(pool, writeOf(request), (tx) => setClock(tx, code, to, clock));
      await programmes.refresh();
      if (answer.status === 200 && !request.isDryRun) await onClockMoved?.();
      return sendStored(reply, answer);
    },
  );

  pointTypeRoutes(app, { pool, clock, programmes, announce });
}
