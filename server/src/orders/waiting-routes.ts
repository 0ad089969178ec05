import Type from 'typebox';
import { assertReaches, principalOf, reaches } from '../platform/web/auth.ts';
import { readPageStart, writeNextCursor } from '../platform/web/cursor.ts';
import { sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import {
  answers,
  idOf,
  mustReadId,
  object,
  PAGE_DEFAULT,
  PageQuery,
} from '../platform/web/schema.ts';
import type { OrderDeps } from './place-orders.ts';
import { ReturnPage, ReturnShown } from './return-schema.ts';
import { readReturns } from './return-store.ts';
import type { CodeOf } from './show.ts';
import { showUnapplied } from './show-return.ts';
import { listReturns, withdrawWaiting } from './waiting-store.ts';

const tags = ['returns'];
const STATES = ['waiting', 'refused', 'withdrawn'] as const;

/** Returns that were told before their orders. */
export function waitingRoutes(app: App, { pool, clock }: OrderDeps, codeOf: CodeOf): void {
  app.get(
    '/returns',
    {
      config: { scopes: ['orders:read'], perProgramme: true },
      schema: {
        operationId: 'listReturns',
        tags,
        summary: 'List returns that wait for their orders, or came to nothing, by age',
        querystring: object({
          ...PageQuery,
          merchantId: Type.Optional(idOf('merchant')),
          status: Type.Optional(Type.Enum(STATES, { default: 'waiting' })),
        }),
        response: answers({ 200: ReturnPage }),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT, merchantId, status = 'waiting' } = request.query;
      const start = readPageStart(`returns ${status}`, cursor);
      if (start === undefined) return refuse(reply, problem('cursor_invalid'));
      const principal = principalOf(request);
      const merchant =
        merchantId === undefined ? principal.merchant : mustReadId('merchant', merchantId);
      if (merchant !== null) assertReaches(principal, merchant);
      const programme = principal.programme?.id ?? null;
      const asked = { state: status, merchant, programme };
      const found = await listReturns(pool, asked, start.after, limit + 1);
      return reply.code(200).send({
        items: found.slice(0, limit).map((each) => showUnapplied(each, codeOf)),
        nextCursor: writeNextCursor(`returns ${status}`, found, limit),
      });
    },
  );

  app.delete(
    '/returns/:id',
    {
      config: { scopes: ['orders:write'], perProgramme: true },
      schema: {
        operationId: 'withdrawReturn',
        tags,
        summary: 'Withdraw a return that waits for its order',
        description: 'Its number stays taken.',
        params: object({ id: idOf('return') }),
        response: answers({ 200: ReturnShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const id = mustReadId('return', request.params.id);
      const principal = principalOf(request);
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const [before] = await readReturns(tx, [id]);
        if (before === undefined || !reaches(principal, before))
          return { refusal: problem('return_not_found') };
        await withdrawWaiting(tx, id, clock.now());
        const [now] = await readReturns(tx, [id]);
        if (now?.state !== 'withdrawn') return { refusal: problem('return_not_waiting') };
        return { status: 200, body: showUnapplied(now, codeOf) };
      });
      return sendStored(reply, answer);
    },
  );
}
