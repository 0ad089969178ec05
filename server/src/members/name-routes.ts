import type { Clock } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Pool, Transaction } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import { type Principal, principalOf } from '../platform/web/auth.ts';
import { sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import { answers, idOf, mustReadId, object } from '../platform/web/schema.ts';
import { keepName, type NameDeps } from './keep-name.ts';
import { NameKept, NewName } from './name.ts';
import { readMemberships } from './store.ts';

const tags = ['members'];
const params = object({ id: idOf('member') });

export interface NameRoutes {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly sealer: Sealer;
}

/** What members are called. A merchant may give a name to who has none; what is there the operator changes. */
export function nameRoutes(app: App, { pool, clock, sealer }: NameRoutes): void {
  // The fingerprint is stored, and names are short.
  const digest = (text: string): Buffer => sealer.index('fingerprint', text);
  const depsOf = ({ merchant }: Principal): NameDeps => ({
    sealer,
    now: clock.now(),
    mayChange: merchant === null,
  });

  app.put(
    '/members/:id/name',
    {
      config: { scopes: ['members:write'], perProgramme: true, member: 'path' },
      schema: {
        operationId: 'keepName',
        tags,
        summary: 'Keep what a member is called',
        description:
          'Encrypted, and found by its parts. A merchant may give a name to a member who has none.',
        params,
        body: NewName,
        response: answers({ 200: NameKept }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const principal = principalOf(request);
      const answer = await writeOnce(pool, writeOf(request, digest), async (tx) =>
        (await isReached(tx, principal, member))
          ? keepName(tx, member, request.body.name, depsOf(principal))
          : { refusal: problem('member_not_found') },
      );
      return sendStored(reply, answer);
    },
  );

  app.delete(
    '/members/:id/name',
    {
      config: { scopes: ['members:write'], perProgramme: true, member: 'path' },
      schema: {
        operationId: 'forgetName',
        tags,
        summary: 'Delete what a member is called',
        params,
        response: answers({ 200: NameKept }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const principal = principalOf(request);
      const answer = await writeOnce(pool, writeOf(request, digest), async (tx) =>
        (await isReached(tx, principal, member))
          ? keepName(tx, member, null, depsOf(principal))
          : { refusal: problem('member_not_found') },
      );
      return sendStored(reply, answer);
    },
  );
}

/** Keys of programmes and their merchants speak for the members there. */
async function isReached(
  tx: Transaction,
  { programme }: Principal,
  member: Uuid,
): Promise<boolean> {
  return programme === null || (await readMemberships(tx, member, programme.id)).length > 0;
}
