import type { Clock } from '../kernel/clock.ts';
import type { Pool } from '../platform/database.ts';
import type { Meter } from '../platform/telemetry/meter.ts';
import { readOldestWaiting } from './waiting-store.ts';

/** Shows how long the oldest return has waited for its order; every process says the same. */
export function watchWaiting(meter: Meter, pool: Pool, clock: Clock): void {
  meter.onRead(async () => {
    const since = await readOldestWaiting(pool);
    const age = since === null ? 0 : Math.max(0, clock.now() - since) / 1_000;
    meter.set('hongmi_returns_waiting_seconds', age);
  });
}
