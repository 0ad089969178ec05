import type { Refusal } from '../../kernel/refusal.ts';
import type { Pool } from '../../platform/database.ts';
import { isOwn, viewOf } from '../../platform/publishing/published.ts';
import { findItem } from '../../platform/publishing/store.ts';
import { type Principal, principalOf } from '../../platform/web/auth.ts';
import { sendStored, writeOf, writeOnce } from '../../platform/web/idempotency.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import { answers, idOf, mustReadId, object } from '../../platform/web/schema.ts';
import { ChangeStock, SetStock, StockShown } from '../schema.ts';
import { showStock } from '../show.ts';
import { changeStock, readStock, type StockChange } from './stock-store.ts';

const tags = ['rewards'];
const params = object({ id: idOf('reward') });

/** How much there is of rewards. */
export function stockRoutes(app: App, { pool }: { readonly pool: Pool }): void {
  const find = (principal: Principal, id: string) =>
    findItem(pool, 'reward', mustReadId('reward', id), viewOf(principal));

  /** Whose stock may be changed by the caller; else why not. */
  async function refusedTo(principal: Principal, id: string): Promise<Refusal | null> {
    const item = await find(principal, id);
    if (item === undefined) return problem('reward_not_found');
    return isOwn(viewOf(principal), item) ? null : problem('merchant_out_of_reach');
  }

  app.get(
    '/rewards/:id/stock',
    {
      config: { scopes: ['rewards:read'], perProgramme: true },
      schema: {
        operationId: 'getRewardStock',
        tags,
        summary: 'How much there is of a reward',
        params,
        response: answers({ 200: StockShown }, 404),
      },
    },
    async (request, reply) => {
      const { id } = request.params;
      if ((await find(principalOf(request), id)) === undefined)
        return refuse(reply, problem('reward_not_found'));
      return reply.code(200).send(showStock(await readStock(pool, mustReadId('reward', id))));
    },
  );

  for (const [method, operationId, body, summary] of [
    ['PUT', 'setRewardStock', SetStock, 'Say how much there is of a reward in all'],
    ['PATCH', 'changeRewardStock', ChangeStock, 'Add to the stock of a reward, or take away'],
  ] as const)
    app.route({
      method,
      url: '/rewards/:id/stock',
      config: { scopes: ['rewards:write'], perProgramme: true },
      schema: {
        operationId,
        tags,
        summary,
        description: 'Counts at once, for members who redeem at the same moment too.',
        params,
        body,
        response: answers({ 200: StockShown }, 404, 409, 422),
      },
      async handler(request, reply) {
        const why = await refusedTo(principalOf(request), request.params.id);
        if (why !== null) return refuse(reply, why);
        const reward = mustReadId('reward', request.params.id);
        const answer = await writeOnce(pool, writeOf(request), async (tx) => {
          const told = await changeStock(tx, reward, request.body as StockChange);
          return 'code' in told ? { refusal: told } : { status: 200, body: showStock(told) };
        });
        return sendStored(reply, answer);
      },
    });
}
