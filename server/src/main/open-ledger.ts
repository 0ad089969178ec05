import { randomUUID } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import { ledgerOver } from '../ledger/create-ledger.ts';
import type { Ledger, ProgrammeClock, ProgrammeSlides } from '../ledger/ledger.ts';
import { openLedger } from '../ledger/open.ts';
import { startEngineThreads } from '../ledger/threads.ts';
import type { Pool } from '../platform/database.ts';
import type { Meter } from '../platform/telemetry/meter.ts';
import type { LedgerThreadData } from './ledger-thread.ts';
import { gatherMetrics } from './metrics-channel.ts';

export interface OpenLedgerOptions {
  /** For opening; the threads have connections of their own. */
  readonly pool: Pool;
  readonly url: string;
  readonly clock: Clock;
  readonly programmeClock: ProgrammeClock;
  readonly slidesOf: ProgrammeSlides;
  /** Shards of a ledger made now. */
  readonly shards: number;
  readonly threads: number;
  /** In all threads together. */
  readonly connections: number;
  readonly onCrash: (error: Error) => void;
  /** Takes over what the threads count. */
  readonly meter: Meter;
}

/** Opens the ledger with its engine in threads of its own. */
export async function openThreadedLedger(
  options: OpenLedgerOptions,
): Promise<Ledger & { close(): Promise<void> }> {
  const { pool, url, clock, programmeClock, slidesOf, threads, meter } = options;
  const { shards } = await openLedger(pool, options.shards, clock.now());
  const metricsChannel = `hongmi-metrics-${randomUUID()}`;
  const data: LedgerThreadData = {
    url,
    metricsChannel,
    shards,
    connections: Math.max(1, Math.ceil(options.connections / threads)),
  };
  const onCrash = (error: Error): void => {
    meter.add('hongmi_ledger_thread_crashes_total', 1);
    options.onCrash(error);
  };
  const stopGathering = gatherMetrics(metricsChannel, meter);
  const entry = new URL('./ledger-thread.js', import.meta.url);
  const engine = startEngineThreads({ entry, threads, shards, data, onCrash });
  return {
    ...ledgerOver(engine, { pool, shards, clock, programmeClock, slidesOf }),
    async close() {
      await engine.close();
      stopGathering();
    },
  };
}
