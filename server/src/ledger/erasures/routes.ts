import Type from 'typebox';
import type { Clock } from '../../kernel/clock.ts';
import { showInstant } from '../../kernel/clock.ts';
import { showId, type Uuid } from '../../kernel/id.ts';
import type { Pool } from '../../platform/database.ts';
import { sendStored, writeOf, writeOnce } from '../../platform/web/idempotency.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import { answers, InstantText, idOf, mustReadId, object, text } from '../../platform/web/schema.ts';
import type { Ledger } from '../ledger.ts';
import { type Erasure, eraseMember, readErasures } from './erase-member.ts';

export interface ErasureDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly ledger: Pick<Ledger, 'shardOf' | 'newId'>;
  readonly hasMember: (member: Uuid) => boolean | Promise<boolean>;
}

const ErasureShown = object(
  {
    id: idOf('erasure'),
    memberId: idOf('member'),
    transactions: Type.Integer({ description: 'How many lost their free text by it.' }),
    actor: Type.String(),
    reason: Type.String(),
    erasedAt: InstantText,
  },
  { title: 'Erasure' },
);

const NewErasure = object(
  {
    actor: Type.Unsafe<string>({ ...text(100), description: 'Who decided it.' }),
    reason: Type.Unsafe<string>({ ...text(500), description: 'Never the text that is erased.' }),
  },
  { title: 'NewErasure' },
);

const tags = ['members'];

/** Erasing what the ledger keeps beside the chain about a member. */
export function erasureRoutes(app: App, { pool, clock, ledger, hasMember }: ErasureDeps): void {
  const params = object({ id: idOf('member') });

  app.post(
    '/members/:id/erasures',
    {
      config: { scopes: ['members:erase'] },
      schema: {
        operationId: 'eraseMember',
        tags,
        summary: "Erase the free text of a member's transactions so far, for good",
        description:
          'Points stay as they are and the ledger still verifies. A key used before the erasure is refused from then on.',
        params,
        body: NewErasure,
        response: answers({ 201: ErasureShown }, 404, 422),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      if (!(await hasMember(member))) return refuse(reply, problem('member_not_found'));
      const { actor, reason } = request.body;
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const asked = { id: ledger.newId(member), member, actor, reason, erasedAt: clock.now() };
        const erasure = await eraseMember(tx, ledger.shardOf(member), asked);
        return { status: 201, body: show(erasure) };
      });
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/members/:id/erasures',
    {
      config: { scopes: ['members:erase'] },
      schema: {
        operationId: 'listErasures',
        tags,
        summary: 'The register of erasures of a member, newest first',
        params,
        response: answers(
          {
            200: object({ items: Type.Array(ErasureShown) }, { title: 'Erasures' }),
          },
          404,
        ),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      if (!(await hasMember(member))) return refuse(reply, problem('member_not_found'));
      const items = (await readErasures(pool, member)).map(show);
      return reply.code(200).send({ items });
    },
  );
}

function show({ id, member, transactions, actor, reason, erasedAt }: Erasure) {
  return {
    id: showId('erasure', id),
    memberId: showId('member', member),
    transactions,
    actor,
    reason,
    erasedAt: showInstant(erasedAt),
  };
}
