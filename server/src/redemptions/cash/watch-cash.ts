import type { Pool } from '../../platform/database.ts';
import type { Meter } from '../../platform/telemetry/meter.ts';
import { readStandings } from './store.ts';

/** Shows how much cash is under way, and what of it somebody must look after; every process says the same. */
export function watchCash(meter: Meter, pool: Pool): void {
  meter.onRead(async () => {
    const { open, sending, refused, failed } = await readStandings(pool);
    meter.set('hongmi_payments_open', open);
    meter.set('hongmi_cash_refunds', sending, 'sending');
    meter.set('hongmi_cash_refunds', refused, 'refused');
    meter.set('hongmi_cash_refunds', failed, 'failed');
  });
}
