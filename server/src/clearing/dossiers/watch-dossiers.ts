import type { Sql } from '../../platform/database.ts';
import type { Meter } from '../../platform/telemetry/meter.ts';
import type { ProgrammeRegistry } from '../../programs/registry.ts';
import { alertsOf } from './alerts.ts';
import { readDossiers } from './store.ts';

/** Shows how many documents end soon, and how many have ended, by programmes' clocks; every process says the same. */
export function watchDossiers(
  meter: Meter,
  pool: Sql,
  programmes: Pick<ProgrammeRegistry, 'all' | 'programmeClock'>,
): void {
  meter.onRead(async () => {
    const counts = { ending: 0, lapsed: 0 };
    for (const { id } of programmes.all()) {
      const documents = await readDossiers(pool, id, null);
      const now = programmes.programmeClock(id);
      for (const merchant of new Set(documents.map((each) => each.merchant))) {
        const own = documents.filter((each) => each.merchant === merchant);
        for (const { level } of alertsOf(merchant, own, [], now))
          counts[level === 'lapsed' ? 'lapsed' : 'ending'] += 1;
      }
    }
    meter.set('hongmi_clearing_dossiers', counts.ending, 'ending');
    meter.set('hongmi_clearing_dossiers', counts.lapsed, 'lapsed');
  });
}
