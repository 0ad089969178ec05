/** Preloaded into the CLI: leaves the largest memory it ever had, in bytes, in the file BENCH_PEAK_FILE names. */
import { writeFileSync } from 'node:fs';

const file = process.env.BENCH_PEAK_FILE;
if (file !== undefined) {
  process.on('exit', () => writeFileSync(file, String(process.resourceUsage().maxRSS * 1024)));
}
