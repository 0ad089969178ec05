import type { Clock } from '../kernel/clock.ts';
import type { Pool } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import { sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
import type { App } from '../platform/web/route.ts';
import { answers, idOf, mustReadId, object } from '../platform/web/schema.ts';
import { BirthdayKept, keepBirthday, NewBirthday } from './birthday.ts';

const tags = ['members'];
const params = object({ id: idOf('member') });

export interface BirthdayRoutes {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly sealer: Sealer;
}

/** A birthday is given, and taken back; nothing shows it. */
export function birthdayRoutes(app: App, { pool, clock, sealer }: BirthdayRoutes): void {
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
        params,
        body: NewBirthday,
        response: answers({ 200: BirthdayKept }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      const answer = await writeOnce(pool, writeOf(request, digest), (tx) =>
        keepBirthday(tx, member, request.body.birthday, { sealer, now: clock.now() }),
      );
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
      const answer = await writeOnce(pool, writeOf(request, digest), (tx) =>
        keepBirthday(tx, member, null, { sealer, now: clock.now() }),
      );
      return sendStored(reply, answer);
    },
  );
}
