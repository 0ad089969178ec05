import type { Clock } from '../../kernel/clock.ts';
import type { Pool } from '../../platform/database.ts';
import type { Meter } from '../../platform/telemetry/meter.ts';
import { countOpenFindings } from './finding.ts';
import { readLags } from './store.ts';

/** Shows how far the replay is behind each chain, and what it found; asked of the database, so that every process says the same. */
export function watchReconciliation(meter: Meter, pool: Pool, clock: Clock): void {
  meter.onRead(async () => {
    for (const { shard, head, blocks, since } of await readLags(pool)) {
      const age = since === null ? 0 : Math.max(0, clock.now() - since) / 1_000;
      meter.set('hongmi_ledger_head_block', head, String(shard));
      meter.set('hongmi_ledger_verify_lag_blocks', blocks, String(shard));
      meter.set('hongmi_ledger_verify_lag_seconds', age, String(shard));
    }
    meter.set('hongmi_ledger_findings', await countOpenFindings(pool));
  });
}
