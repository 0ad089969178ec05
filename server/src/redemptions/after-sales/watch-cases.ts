import type { Clock } from '../../kernel/clock.ts';
import type { Pool } from '../../platform/database.ts';
import type { Meter } from '../../platform/telemetry/meter.ts';
import { countWaiting } from './case-store.ts';

/** Shows how many after-sales cases wait, and for whom; every process says the same. */
export function watchCases(meter: Meter, pool: Pool, clock: Clock): void {
  meter.onRead(async () => {
    const { open, overdue, escalated } = await countWaiting(pool, clock.now());
    meter.set('hongmi_after_sales_cases', open, 'open');
    meter.set('hongmi_after_sales_cases', overdue, 'overdue');
    meter.set('hongmi_after_sales_cases', escalated, 'escalated');
  });
}
