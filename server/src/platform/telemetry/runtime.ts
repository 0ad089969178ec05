import type { Pool } from '../database.ts';
import type { Meter } from './meter.ts';

const TICK_MS = 20;

/**
 * Measures how late timers of this thread run, fifty times a second (some 50 µs of every second). Answers
 * the function that ends it.
 */
export function watchEventLoop(meter: Meter, thread: string): () => void {
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    meter.observe(
      'hongmi_event_loop_delay_seconds',
      Math.max(0, now - last - TICK_MS) / 1_000,
      thread,
    );
    last = now;
  }, TICK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Shows how a pool's connections are used; answers the function that ends it. */
export function watchPool(meter: Meter, name: string, pool: Pool): () => void {
  return meter.onRead(() => {
    const { totalCount, idleCount, waitingCount } = pool;
    meter.set('hongmi_database_connections', totalCount - idleCount, name, 'busy');
    meter.set('hongmi_database_connections', idleCount, name, 'idle');
    meter.set('hongmi_database_connections_max', pool.options.max, name);
    meter.set('hongmi_database_waiting', waitingCount, name);
  });
}

/** Shows what the process uses; once per process, in its main thread. */
export function watchProcess(meter: Meter, startedAtMs: number): void {
  meter.set('process_start_time_seconds', startedAtMs / 1_000);
  let counted = 0;
  meter.onRead(() => {
    const { user, system } = process.cpuUsage();
    const seconds = (user + system) / 1_000_000;
    meter.add('process_cpu_seconds_total', seconds - counted);
    counted = seconds;
    meter.set('process_resident_memory_bytes', process.memoryUsage.rss());
  });
}
