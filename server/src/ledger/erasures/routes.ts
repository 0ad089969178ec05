import Type from 'typebox';
import type { Clock } from '../../kernel/clock.ts';
import { showInstant } from '../../kernel/clock.ts';
import { showId, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Pool, Transaction } from '../../platform/database.ts';
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
  /** Why a member is not acted on any more; undefined: it is. */
  readonly refusalOf: (member: Uuid) => Promise<Refusal | undefined>;
  /** Who has become part of a member: what is erased about a person is erased about all of it. */
  readonly absorbedBy: (member: Uuid) => Promise<readonly Uuid[]>;
  /** Deletes what others keep about a member beside the ledger. */
  readonly forgets: (tx: Transaction, member: Uuid) => Promise<void>;
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
export function erasureRoutes(app: App, deps: ErasureDeps): void {
  const { pool, clock, ledger, hasMember } = deps;
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
          'Points stay as they are and the ledger still verifies. A key used before the erasure is refused from then on. ' +
          'Birthday, credit band and segments are deleted with it. It reaches those who have become part of the member, each with an entry of its own in the register.',
        params,
        body: NewErasure,
        response: answers({ 201: ErasureShown }, 404, 409, 422),
      },
    },
    async (request, reply) => {
      const member = mustReadId('member', request.params.id);
      if (!(await hasMember(member))) return refuse(reply, problem('member_not_found'));
      const refusal = await deps.refusalOf(member);
      if (refusal !== undefined) return refuse(reply, refusal);
      const { actor, reason } = request.body;
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        const erase = async (each: Uuid): Promise<Erasure> => {
          await deps.forgets(tx, each);
          const asked = { member: each, actor, reason, erasedAt: clock.now() };
          return eraseMember(tx, ledger.shardOf(each), { id: ledger.newId(each), ...asked });
        };
        const own = await erase(member);
        let { transactions } = own;
        for (const each of await deps.absorbedBy(member))
          transactions += (await erase(each)).transactions;
        return { status: 201, body: show({ ...own, transactions }) };
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
