import type { Clock } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Pool, Transaction } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import { type Principal, principalOf } from '../platform/web/auth.ts';
import { sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import { answers, idOf, mustReadId, object } from '../platform/web/schema.ts';
import { BirthdayKept, keepBirthday, NewBirthday } from './birthday.ts';
import { readMemberships } from './store.ts';

const tags = ['members'];
const params = object({ id: idOf('member') });

export interface BirthdayRoutes {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly sealer: Sealer;
  /** Whether a member said that it is not to be kept. */
  readonly refuses: (tx: Transaction, member: Uuid) => Promise<boolean>;
}

/** A birthday is given, and taken back; nothing shows it. */
export function birthdayRoutes(app: App, { pool, clock, sealer, refuses }: BirthdayRoutes): void {
  // The fingerprint is stored, and there are only 366 days to guess.
  const digest = (text: string): Buffer => sealer.index('fingerprint', text);

  app.put(
    '/members/:id/birthday',
    {
      config: { scopes: ['members:write'] },
      schema: {
        operationId: 'keepBirthday',
        tags,
        summary: 'Keep the birthday a member agrees to give, month and day only',
        description: 'Not of a member who refused or withdrew the consent `birthday`.',
        params,
        body: NewBirthday,
        response: answers({ 200: BirthdayKept }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const principal = principalOf(request);
      const answer = await writeOnce(pool, writeOf(request, digest), async (tx) => {
        if (!(await isReached(tx, principal, member)))
          return { refusal: problem('member_not_found') };
        if (await refuses(tx, member))
          return { refusal: problem('consent_missing', undefined, { purpose: 'birthday' }) };
        return await keepBirthday(tx, member, request.body.birthday, { sealer, now: clock.now() });
      });
      return sendStored(reply, answer);
    },
  );

  app.delete(
    '/members/:id/birthday',
    {
      config: { scopes: ['members:write'] },
      schema: {
        operationId: 'forgetBirthday',
        tags,
        summary: 'Take a birthday back',
        params,
        response: answers({ 200: BirthdayKept }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const principal = principalOf(request);
      const answer = await writeOnce(pool, writeOf(request, digest), async (tx) =>
        (await isReached(tx, principal, member))
          ? keepBirthday(tx, member, null, { sealer, now: clock.now() })
          : { refusal: problem('member_not_found') },
      );
      return sendStored(reply, answer);
    },
  );
}

/** A merchant's key speaks for members of its programme. */
async function isReached(
  tx: Transaction,
  { programme }: Principal,
  member: Uuid,
): Promise<boolean> {
  return programme === null || (await readMemberships(tx, member, programme.id)).length > 0;
}
