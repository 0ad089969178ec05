import type { Clock, Instant } from '../kernel/clock.ts';
import type { Pool } from '../platform/database.ts';
import type { Meter } from '../platform/telemetry/meter.ts';
import { countOpenFindings } from './reconcile/finding.ts';
import { readLags } from './reconcile/store.ts';
import { readSealLag } from './seals/store.ts';

/**
 * Shows how far reconciliation and seals are behind the chains, and what was found. It asks the database, so
 * that every process says the same, whichever of them does the work.
 */
export function watchTrust(meter: Meter, pool: Pool, clock: Clock): void {
  const age = (since: Instant | null): number =>
    since === null ? 0 : Math.max(0, clock.now() - since) / 1_000;
  meter.onRead(async () => {
    for (const { shard, head, blocks, since } of await readLags(pool)) {
      meter.set('hongmi_ledger_head_block', head, String(shard));
      meter.set('hongmi_ledger_verify_lag_blocks', blocks, String(shard));
      meter.set('hongmi_ledger_verify_lag_seconds', age(since), String(shard));
    }
    meter.set('hongmi_ledger_findings', await countOpenFindings(pool));
    const { sealedAt, unsealedSince } = await readSealLag(pool);
    if (sealedAt !== null) meter.set('hongmi_ledger_seal_age_seconds', age(sealedAt));
    meter.set('hongmi_ledger_unsealed_seconds', age(unsealedSince));
  });
}
