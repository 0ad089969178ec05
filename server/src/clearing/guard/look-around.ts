import { localDate } from '../../kernel/calendar.ts';
import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { eachAlone } from '../../kernel/leftovers.ts';
import type { RewardVersion } from '../../kernel/reward.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import { type Pool, type Sql, withTransaction } from '../../platform/database.ts';
import type { Meter } from '../../platform/telemetry/meter.ts';
import { showOwner } from '../terms/schema.ts';
import { listCleared, readTimeZone } from '../terms/store.ts';
import { ALERT_KINDS, countAlerts, type Holding, noteAlerts } from './alert-store.ts';
import { dearest } from './drain.ts';
import { type FollowOptions, followAccruals } from './follow-accruals.ts';
import { forgetDays, readLosses, readNearQuotas, readTakers } from './pair-store.ts';
import { inFen, judgeReward, meansOf, perPoint } from './reward-drain.ts';
import { readSuspects, refreshRewards } from './reward-store.ts';

/** Published rewards of a programme that are in force, by their ids. */
export type RewardsInForce = ReadonlyMap<Uuid, RewardVersion>;

export interface LookOptions extends FollowOptions {
  readonly pool: Pool;
  readonly programmes: {
    programmeClock(programme: number): Instant;
    byId(
      programme: number,
    ): { readonly pointTypes: readonly { id: number; code: string }[] } | undefined;
  };
  readonly rewardsAt: (programme: number, at: Instant) => RewardsInForce | Promise<RewardsInForce>;
}

/** Of a month's quota, what is taken when somebody should know. */
const NEAR_PERCENT = 80;

/** Counts what was taken since the last time, and notes which alerts hold by now; answers how many began or ended. */
export async function lookAround(options: LookOptions): Promise<number> {
  const { pool, programmes, rewardsAt } = options;
  await followAccruals(options);
  return await eachAlone(
    await listCleared(pool),
    async (programme) => {
      const at = programmes.programmeClock(programme);
      // Before the transaction: it may need a connection of its own.
      const inForce = await rewardsAt(programme, at);
      const codeOf = (pointType: number): string =>
        programmes.byId(programme)?.pointTypes.find(({ id }) => id === pointType)?.code ?? '';
      return await withTransaction(pool, async (tx) => {
        const today = localDate(at, await readTimeZone(tx, programme));
        await forgetDays(tx, programme, today);
        await refreshRewards(tx, programme, at, today);
        const holding = await holdingAt(tx, { programme, at, today, inForce, codeOf });
        return await noteAlerts(tx, programme, holding, at);
      });
    },
    'not every programme could be guarded',
  );
}

interface Seen {
  readonly programme: number;
  readonly at: Instant;
  /** The programme's day. */
  readonly today: string;
  readonly inForce: RewardsInForce;
  readonly codeOf: (pointType: number) => string;
}

/** What somebody should know of a programme at an instant. */
async function holdingAt(sql: Sql, seen: Seen): Promise<Holding[]> {
  const { programme, at, today } = seen;
  const losses = await readLosses(sql, programme, at);
  const takers = await readTakers(sql, programme, at, today);
  const quotas = await readNearQuotas(sql, programme, at, NEAR_PERCENT);
  const shares = [...new Set(takers.map(({ pointType }) => pointType))].flatMap((pointType) => {
    const share = dearest(takers.filter((each) => each.pointType === pointType));
    return share === null ? [] : [{ pointType, ...share }];
  });
  return [
    ...losses.map(({ pointType, taker, payer, margin }): Holding => {
      const facts = { payer: showOwner(payer) ?? 'standard', marginMicroFen: margin };
      return { pointType, kind: 'negative_margin', taker, reward: PLATFORM, facts };
    }),
    ...shares
      .filter(({ isDrain }) => isDrain)
      .map(({ pointType, taker, costMicroFen, recentBasisPoints, beforeBasisPoints }): Holding => {
        const facts = { costMicroFen, recentBasisPoints, beforeBasisPoints };
        return { pointType, kind: 'drain', taker, reward: PLATFORM, facts };
      }),
    ...(await drainingRewards(sql, seen, shares)),
    ...quotas.map(({ pointType, taker, most, taken }): Holding => {
      return { pointType, kind: 'quota_near', taker, reward: PLATFORM, facts: { most, taken } };
    }),
  ];
}

/** Rewards that drain, each with the quota that would help. `dearests`: takers, of each type of points one at most. */
async function drainingRewards(
  sql: Sql,
  { programme, inForce, codeOf }: Seen,
  dearests: readonly { readonly pointType: number; readonly taker: Uuid }[],
): Promise<Holding[]> {
  const suspects = await readSuspects(sql, programme, dearests);
  return suspects.flatMap((each): Holding[] => {
    const { pointType, taker, reward, points, margin } = each;
    const isDearest = dearests.some((d) => d.pointType === pointType && d.taker === taker);
    const drain = judgeReward(each, isDearest);
    if (drain === null) return [];
    const prices = inForce.get(reward)?.body.prices ?? [];
    const facts = {
      ...{ points, ...drain, marginMicroFen: perPoint(margin, points), marginFen: inFen(margin) },
      ...meansOf(drain.quotaPoints, prices, codeOf(pointType)),
    };
    return [{ pointType, kind: 'reward_drain', taker, reward, facts }];
  });
}

/** Shows how many alerts wait for somebody; every process says the same. */
export function watchGuard(meter: Meter, pool: Pool): void {
  meter.onRead(async () => {
    const counts = await countAlerts(pool);
    for (const kind of ALERT_KINDS)
      meter.set('hongmi_clearing_guard_alerts', counts.get(kind) ?? 0, kind);
  });
}
