import Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import type { Pool } from '../platform/database.ts';
import { sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
import type { App } from '../platform/web/route.ts';
import { answers, Code, InstantText, mustReadInstant, object } from '../platform/web/schema.ts';
import { createProgramme } from './create-programme.ts';
import { NewProgramme, ProgrammeShown, showProgramme } from './programme.ts';
import type { ProgrammeRegistry } from './registry.ts';
import { setClock } from './set-clock.ts';

const tags = ['programmes'];

export function programmeRoutes(
  app: App,
  {
    pool,
    clock,
    programmes,
    onClockMoved,
  }: {
    readonly pool: Pool;
    readonly clock: Clock;
    readonly programmes: ProgrammeRegistry;
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
      config: { scopes: ['programmes:read'] },
      schema: {
        operationId: 'listProgrammes',
        tags,
        summary: 'List all programmes',
        response: answers({
          200: object({ items: Type.Array(ProgrammeShown) }, { title: 'ProgrammeList' }),
        }),
      },
    },
    async () => {
      await programmes.refresh();
      const now = clock.now();
      return { items: programmes.all().map((each) => showProgramme(each, now)) };
    },
  );

  app.put(
    '/programmes/:code/clock',
    {
      config: { scopes: ['programmes:write'] },
      schema: {
        operationId: 'setProgrammeClock',
        tags,
        summary: "Move a sandbox programme's clock forward",
        params: object({ code: Code }),
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
      const to = mustReadInstant(request.body.now);
      const answer = await writeOnce(pool, writeOf(request), (tx) => setClock(tx, code, to, clock));
      await programmes.refresh();
      await onClockMoved?.();
      return sendStored(reply, answer);
    },
  );
}
