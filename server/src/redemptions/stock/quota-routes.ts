import Type from 'typebox';
import { localDate } from '../../kernel/calendar.ts';
import type { Clock } from '../../kernel/clock.ts';
import { showId } from '../../kernel/id.ts';
import { REWARD_PERIODS, type RewardTerms } from '../../kernel/reward.ts';
import type { Pool } from '../../platform/database.ts';
import { viewOf } from '../../platform/publishing/published.ts';
import { findItem } from '../../platform/publishing/store.ts';
import { readStanding } from '../../platform/publishing/version-store.ts';
import { principalOf } from '../../platform/web/auth.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import { answers, idOf, mustReadId, object } from '../../platform/web/schema.ts';
import { quotaName } from '../offer.ts';
import { quotasOf } from './left.ts';
import { readCounts } from './stock-store.ts';

const QuotasShown = object(
  {
    quotas: Type.Array(
      object({
        merchantId: idOf('merchant'),
        per: Type.Enum([...REWARD_PERIODS]),
        times: Type.Integer({ description: 'How many units it gives out in the period.' }),
        used: Type.Integer({ description: 'In the period of this moment.' }),
        left: Type.Integer(),
      }),
    ),
  },
  { title: 'RewardQuotas' },
);

/** What is left of how many units of rewards merchants give out. */
export function quotaRoutes(
  app: App,
  {
    pool,
    clock,
    programmes,
  }: {
    readonly pool: Pool;
    readonly clock: Clock;
    readonly programmes: { byId(id: number): { readonly timeZone: string } | undefined };
  },
): void {
  app.get(
    '/rewards/:id/quotas',
    {
      config: { scopes: ['rewards:read'], perProgramme: true },
      schema: {
        operationId: 'getRewardQuotas',
        tags: ['rewards'],
        summary: 'What each merchant may still give out of a reward in this day, week, month, year',
        description:
          'By the quotas of the version in force; none: empty. A merchant’s key sees its own.',
        params: object({ id: idOf('reward') }),
        response: answers({ 200: QuotasShown }, 404),
      },
    },
    async (request, reply) => {
      const principal = principalOf(request);
      const reward = mustReadId('reward', request.params.id);
      const item = await findItem(pool, 'reward', reward, viewOf(principal));
      if (item === undefined) return refuse(reply, problem('reward_not_found'));
      const now = clock.now() + item.clockOffsetMs;
      const standing = await readStanding<RewardTerms>(pool, 'reward', [{ id: reward, now }]);
      const current = standing.get(reward)?.find(({ from }) => from <= now);
      const { timeZone } = programmes.byId(item.programme) ?? {};
      if (timeZone === undefined) throw new Error('the programme of a reward is known');
      const date = localDate(now, timeZone);
      const quotas = current === undefined ? [] : quotasOf(current.body);
      const seen = quotas
        .filter(({ merchant }) => principal.merchant === null || merchant === principal.merchant)
        .map((quota) => ({
          ...quota,
          name: quotaName(reward, quota.merchant, quota.per, date),
        }));
      const counts = await readCounts(
        pool,
        seen.map(({ name }) => name),
      );
      return {
        quotas: seen.map(({ merchant, per, times, name }) => {
          const used = counts.get(name) ?? 0;
          const left = Math.max(0, times - used);
          return { merchantId: showId('merchant', merchant), per, times, used, left };
        }),
      };
    },
  );
}
