import type Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import type { Pool } from '../platform/database.ts';
import { principalOf } from '../platform/web/auth.ts';
import { sendStored, writeOf, writeOnce } from '../platform/web/idempotency.ts';
import { problem, refuse } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import { answers, Code, object } from '../platform/web/schema.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import { type MessagePolicy, MessagePolicyBody } from './policy.ts';
import { insertPolicy, readPolicies } from './store.ts';

const tags = ['messages'];
const params = object({ code: Code });

/** When and how often a programme sends. */
export function messagePolicyRoutes(
  app: App,
  {
    pool,
    clock,
    programmes,
  }: {
    readonly pool: Pool;
    readonly clock: Clock;
    readonly programmes: ProgrammeRegistry;
  },
): void {
  app.put(
    '/programmes/:code/message-policy',
    {
      config: { scopes: ['messages:write'] },
      schema: {
        operationId: 'changeMessagePolicy',
        tags,
        summary: 'Decide when and how often a programme sends messages',
        description: 'For what is written from now on. Earlier policies are kept.',
        params,
        body: object(MessagePolicyBody.properties, { title: 'NewMessagePolicy' }),
        response: answers({ 200: MessagePolicyBody }, 404, 422),
      },
    },
    async (request, reply) => {
      const programme = await programmes.find(request.params.code);
      if (programme === undefined) return refuse(reply, problem('programme_not_found'));
      const { expiryNoticeDays, quietHours = null, caps } = request.body;
      const policy: MessagePolicy = { expiryNoticeDays, quietHours, caps };
      const by = { at: clock.now(), key: principalOf(request).keyId };
      const answer = await writeOnce(pool, writeOf(request), async (tx) => {
        await insertPolicy(tx, programme.id, policy, by);
        return { status: 200, body: show(policy) };
      });
      return sendStored(reply, answer);
    },
  );

  app.get(
    '/programmes/:code/message-policy',
    {
      config: { scopes: ['messages:read'] },
      schema: {
        operationId: 'getMessagePolicy',
        tags,
        summary: 'Read when and how often a programme sends messages',
        params,
        response: answers({ 200: MessagePolicyBody }, 404),
      },
    },
    async (request, reply) => {
      const programme = await programmes.find(request.params.code);
      const policies = programme && (await readPolicies(pool, [programme.id]));
      const policy = programme && policies?.get(programme.id);
      return policy === undefined
        ? refuse(reply, problem('programme_not_found'))
        : reply.code(200).send(show(policy));
    },
  );
}

function show({
  expiryNoticeDays,
  quietHours,
  caps,
}: MessagePolicy): Type.Static<typeof MessagePolicyBody> {
  return {
    expiryNoticeDays: [...expiryNoticeDays],
    ...(quietHours === null ? {} : { quietHours }),
    caps: caps.map((cap) => ({ ...cap })),
  };
}
