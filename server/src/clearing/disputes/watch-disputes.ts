import type { Pool } from '../../platform/database.ts';
import type { Meter } from '../../platform/telemetry/meter.ts';
import { countOpen } from './store.ts';

/** Shows how many disputes wait to be decided; every process says the same. */
export function watchDisputes(meter: Meter, pool: Pool): void {
  meter.onRead(async () => {
    const { open, escalated } = await countOpen(pool);
    meter.set('hongmi_clearing_disputes_open', open, 'open');
    meter.set('hongmi_clearing_disputes_open', escalated, 'escalated');
  });
}
