import type { Clock } from '../../kernel/clock.ts';
import type { Sql } from '../../platform/database.ts';
import type { Meter } from '../../platform/telemetry/meter.ts';
import { alertsOf } from './alerts.ts';
import { readDossiers } from './store.ts';

/** Shows how many documents end soon, and how many have ended, by programmes' clocks; every process says the same. */
export function watchDossiers(meter: Meter, pool: Sql, clock: Clock): void {
  meter.onRead(async () => {
    const counts = { ending: 0, lapsed: 0 };
    const { rows } = await pool.query<{ id: number; offset: number }>(
      `select id, clock_offset_ms as "offset" from programme p
        where exists (select from dossier d where d.programme = p.id)`,
    );
    for (const { id, offset } of rows) {
      const documents = await readDossiers(pool, id, null);
      const now = clock.now() + offset;
      for (const merchant of new Set(documents.map((each) => each.merchant))) {
        const own = documents.filter((each) => each.merchant === merchant);
        for (const { level } of alertsOf(merchant, own, [], now)) {
          if (level === 'lapsed') counts.lapsed += 1;
          else if (level !== 'missing') counts.ending += 1;
        }
      }
    }
    meter.set('hongmi_clearing_dossiers', counts.ending, 'ending');
    meter.set('hongmi_clearing_dossiers', counts.lapsed, 'lapsed');
  });
}
