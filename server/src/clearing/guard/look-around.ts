import { localDate } from '../../kernel/calendar.ts';
import type { Instant } from '../../kernel/clock.ts';
import { eachAlone } from '../../kernel/leftovers.ts';
import { type Pool, type Sql, withTransaction } from '../../platform/database.ts';
import type { Meter } from '../../platform/telemetry/meter.ts';
import { showOwner } from '../terms/schema.ts';
import { listCleared, readTimeZone } from '../terms/store.ts';
import { ALERT_KINDS, countAlerts, type Holding, noteAlerts } from './alert-store.ts';
import { dearest } from './drain.ts';
import { followAccruals } from './follow-accruals.ts';
import { forgetDays, readLosses, readNearQuotas, readTakers } from './pair-store.ts';

export interface LookOptions {
  readonly pool: Pool;
  readonly shards: number;
  readonly programmeClock: (programme: number) => Instant;
}

/** Of a month's quota, what is taken when somebody should know. */
const NEAR_PERCENT = 80;

/** Counts what was taken since the last time, and notes which alerts hold by now; answers how many began or ended. */
export async function lookAround(options: LookOptions): Promise<number> {
  const { pool, programmeClock } = options;
  await followAccruals(options);
  return await eachAlone(
    await listCleared(pool),
    (programme) =>
      withTransaction(pool, async (tx) => {
        const at = programmeClock(programme);
        const today = localDate(at, await readTimeZone(tx, programme));
        await forgetDays(tx, programme, today);
        return await noteAlerts(tx, programme, await holdingAt(tx, programme, at, today), at);
      }),
    'not every programme could be guarded',
  );
}

/** What somebody should know of a programme at an instant. */
async function holdingAt(
  sql: Sql,
  programme: number,
  at: Instant,
  today: string,
): Promise<Holding[]> {
  const losses = await readLosses(sql, programme, at);
  const takers = await readTakers(sql, programme, at, today);
  const quotas = await readNearQuotas(sql, programme, at, NEAR_PERCENT);
  const drains = [...new Set(takers.map(({ pointType }) => pointType))].flatMap((pointType) => {
    const share = dearest(takers.filter((each) => each.pointType === pointType));
    return share?.isDrain === true ? [{ pointType, share }] : [];
  });
  return [
    ...losses.map(({ pointType, taker, payer, margin }): Holding => {
      const facts = { payer: showOwner(payer) ?? 'standard', marginMicroFen: margin };
      return { pointType, kind: 'negative_margin', taker, facts };
    }),
    ...drains.map(({ pointType, share }): Holding => {
      const { taker, costMicroFen, recentBasisPoints, beforeBasisPoints } = share;
      const facts = { costMicroFen, recentBasisPoints, beforeBasisPoints };
      return { pointType, kind: 'drain', taker, facts };
    }),
    ...quotas.map(({ pointType, taker, most, taken }): Holding => {
      return { pointType, kind: 'quota_near', taker, facts: { most, taken } };
    }),
  ];
}

/** Shows how many alerts wait for somebody; every process says the same. */
export function watchGuard(meter: Meter, pool: Pool): void {
  meter.onRead(async () => {
    const counts = await countAlerts(pool);
    for (const kind of ALERT_KINDS)
      meter.set('hongmi_clearing_guard_alerts', counts.get(kind) ?? 0, kind);
  });
}
