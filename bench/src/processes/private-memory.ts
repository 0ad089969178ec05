import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SAMPLE_MS = 50;

/**
 * Watches what PostgreSQL's processes have for themselves, all together: `RssAnon`, which leaves out the shared buffers (they are
 * there whoever works) and the program's own pages. Call what it returns at the end for the largest sum seen, in MB; undefined where
 * the system does not tell (only Linux does).
 */
export function watchPrivateMemory(dataDir: string): () => number | undefined {
  if (process.platform !== 'linux') return () => undefined;
  const pidFile = join(dataDir, 'postgres', 'postmaster.pid');
  const postmaster = readFileSync(pidFile, 'utf8').split('\n', 1)[0] ?? '';
  let peak = 0;
  const sample = (): void => {
    peak = Math.max(peak, privateKibibytes(postmaster));
  };
  sample();
  const timer = setInterval(sample, SAMPLE_MS);
  return () => {
    clearInterval(timer);
    sample();
    return (peak * 1024) / 1e6;
  };
}

function privateKibibytes(postmaster: string): number {
  let sum = 0;
  for (const pid of readdirSync('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'latin1');
      const parent = /^PPid:\s+(\d+)$/m.exec(status)?.[1];
      if (pid === postmaster || parent === postmaster)
        sum += Number(/^RssAnon:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
    } catch {
      // Ended between being listed and being read.
    }
  }
  return sum;
}
