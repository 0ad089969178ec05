import Type from 'typebox';
import { isUuid } from '../../kernel/id.ts';
import { principalOf } from '../../platform/web/auth.ts';
import { readCursor, writeCursor } from '../../platform/web/cursor.ts';
import { problem, refuse } from '../../platform/web/problem.ts';
import type { App } from '../../platform/web/route.ts';
import { answers, Code, object, PAGE_DEFAULT, PageQuery } from '../../platform/web/schema.ts';
import { guardedProgramme } from './guarded-programme.ts';
import { type RewardPlace, readRefreshed, readRewards } from './reward-store.ts';
import type { GuardRoutes } from './routes.ts';
import { RewardPage, showGuardedReward, showRefreshed } from './schema.ts';

const REWARDS = 'clearing-guard-rewards';

/** Which rewards take the points where they cost most. For operators. */
export function guardedRewardRoutes(app: App, registries: GuardRoutes): void {
  const { pool } = registries;

  app.get(
    '/clearing/guard/rewards',
    {
      config: { scopes: ['clearing:read'], perProgramme: true },
      schema: {
        operationId: 'listGuardedRewards',
        tags: ['clearing'],
        summary: 'What rewards took in the last 30 days and left, whichever loses most first',
        description:
          'By type of points, reward and taker, of exactly the points that were taken. Added up every hour; pages of two different hours may overlap. For operators.',
        querystring: object({ ...PageQuery, programme: Type.Optional(Code) }),
        response: answers({ 200: RewardPage }, 404),
      },
    },
    async (request, reply) => {
      const { cursor, limit = PAGE_DEFAULT } = request.query;
      const named = request.query.programme;
      const programme = await guardedProgramme(registries, principalOf(request), named);
      const after = readPlace(cursor);
      if (after === undefined) return refuse(reply, problem('cursor_invalid'));
      const at = await readRefreshed(pool, programme.id);
      const found = await readRewards(pool, programme.id, after, limit + 1);
      const last = found.length > limit ? found[limit - 1] : undefined;
      const place = last && [String(last.margin), last.pointType, last.reward, last.taker];
      return {
        items: found.slice(0, limit).map((each) => showGuardedReward(each, programme)),
        nextCursor: place === undefined ? null : writeCursor(REWARDS, place),
        asOf: showRefreshed(at),
      };
    },
  );
}

/** The place a cursor names; null: the beginning; undefined: the cursor is bad. */
function readPlace(cursor: string | undefined): RewardPlace | null | undefined {
  if (cursor === undefined) return null;
  const [margin, pointType, reward, taker] = readCursor(REWARDS, cursor) ?? [];
  if (typeof margin !== 'string' || !/^-?\d{1,38}$/.test(margin)) return undefined;
  if (typeof pointType !== 'number' || typeof reward !== 'string' || typeof taker !== 'string')
    return undefined;
  return isUuid(reward) && isUuid(taker) ? [margin, pointType, reward, taker] : undefined;
}
