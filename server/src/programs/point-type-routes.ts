import type { Clock } from '../kernel/clock.ts';
import type { Pool } from '../platform/database.ts';
import { assertNamesOwn, principalOf } from '../platform/web/auth.ts';
import { sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
import type { App } from '../platform/web/route.ts';
import { answers, Code, object } from '../platform/web/schema.ts';
import { addPointType, changePointType } from './change-point-types.ts';
import type { By } from './judge-dates.ts';
import { NewPointType, PointTypeChange, PointTypeShown } from './point-type.ts';
import type { ProgrammeRegistry } from './registry.ts';

const tags = ['programmes'];

export interface PointTypeRoutes {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly programmes: ProgrammeRegistry;
  readonly announce: By['announce'];
}

/** Point types that a programme gets after it was made, and their terms. */
export function pointTypeRoutes(
  app: App,
  { pool, clock, programmes, announce }: PointTypeRoutes,
): void {
  app.post(
    '/programmes/:programme/point-types',
    {
      config: { scopes: ['programmes:write'], perProgramme: true },
      schema: {
        operationId: 'addPointType',
        tags,
        summary: 'Give a programme another point type',
        params: object({ programme: Code }),
        body: object(NewPointType.properties, { title: 'PointTypeToAdd' }),
        response: answers({ 201: PointTypeShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      assertNamesOwn(principal, request.params.programme);
      const by = { key: principal.keyId, clock, announce };
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        addPointType(tx, request.params.programme, request.body, by),
      );
      await programmes.refresh();
      return sendStored(reply, answer);
    },
  );

  app.patch(
    '/programmes/:code/point-types/:pointType',
    {
      config: { scopes: ['programmes:write'], perProgramme: true },
      schema: {
        operationId: 'changePointType',
        tags,
        summary: 'Change the terms of a point type',
        description:
          'For points earned from `from` on: those that are there keep the expiry they were issued with. What lets points lapse sooner or forbids gifts ' +
          'needs the notice of the programme, and members are told of it.',
        params: object({ code: Code, pointType: Code }),
        body: PointTypeChange,
        response: answers({ 200: PointTypeShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      assertNamesOwn(principal, request.params.code);
      const by = { key: principal.keyId, clock, announce };
      const { code, pointType } = request.params;
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        changePointType(tx, code, pointType, request.body, by),
      );
      await programmes.refresh();
      return sendStored(reply, answer);
    },
  );
}
