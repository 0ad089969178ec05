import Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Pool } from '../platform/database.ts';
import { principalOf } from '../platform/web/auth.ts';
import { sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import { answers, Code, idOf, mustReadId, object } from '../platform/web/schema.ts';
import { joinProgramme, MembershipShown, showMembership } from './join-programme.ts';
import { readMemberships } from './store.ts';

const tags = ['members'];
const params = object({ id: idOf('member') });

export interface MembershipRoutes {
  readonly pool: Pool;
  readonly clock: Clock;
  /** Told of members who joined, before the answer. */
  readonly onJoined?: (members: readonly Uuid[]) => Promise<void>;
}

/** In which programmes a person takes part. */
export function membershipRoutes(app: App, { pool, clock, onJoined }: MembershipRoutes): void {
  app.post(
    '/members/:id/memberships',
    {
      config: { scopes: ['members:write'], perProgramme: true, member: 'path' },
      schema: {
        operationId: 'joinProgramme',
        tags,
        summary: 'Let a member take part in another programme',
        params,
        body: object({ programme: Code }, { title: 'NewMembership' }),
        response: answers({ 201: MembershipShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const by = { principal: principalOf(request), clock };
      const answer = await writeOnce(pool, writeOf(request), (tx) =>
        joinProgramme(tx, member, request.body.programme, by),
      );
      if (answer.status === 201 && !answer.replayed) await onJoined?.([member]);
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/members/:id/memberships',
    {
      config: { scopes: ['members:read'], perProgramme: true, member: 'path' },
      schema: {
        operationId: 'listMemberships',
        tags,
        summary: 'The programmes a member takes part in, and since when',
        params,
        response: answers(
          { 200: object({ items: Type.Array(MembershipShown) }, { title: 'MembershipList' }) },
          404,
        ),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const { programme } = principalOf(request);
      const found = await readMemberships(pool, member, programme?.id ?? null);
      // Whoever is a member takes part in a programme.
      return found.length === 0
        ? refuse(reply, problem('member_not_found'))
        : { items: found.map(showMembership) };
    },
  );
}
