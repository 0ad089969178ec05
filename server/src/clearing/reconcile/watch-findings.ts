import type { Pool } from '../../platform/database.ts';
import type { Meter } from '../../platform/telemetry/meter.ts';
import { countOpenFindings } from './store.ts';

/** Shows how much of ledger, clearing and books does not add up; every process says the same. */
export function watchClearing(meter: Meter, pool: Pool): void {
  meter.onRead(async () => {
    meter.set('hongmi_clearing_reconcile_wrong', await countOpenFindings(pool));
  });
}
