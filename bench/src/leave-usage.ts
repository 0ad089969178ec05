/** Preloaded into the CLI: leaves what it used in the file BENCH_USED_FILE names. */
import { writeFileSync } from 'node:fs';
import { peakRssBytes } from './processes/peak-rss.ts';

export interface Used {
  readonly peakBytes: number;
  readonly cpuSeconds: number;
}

const file = process.env.BENCH_USED_FILE;
if (file !== undefined) {
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    const used: Used = { peakBytes: peakRssBytes(), cpuSeconds: (user + system) / 1e6 };
    writeFileSync(file, JSON.stringify(used));
  });
}
