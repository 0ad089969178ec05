/** Preloaded into the CLI: leaves its largest memory, in bytes, in the file BENCH_PEAK_FILE names. */
import { writeFileSync } from 'node:fs';
import { peakRssBytes } from './processes/peak-rss.ts';

const file = process.env.BENCH_PEAK_FILE;
if (file !== undefined) process.on('exit', () => writeFileSync(file, String(peakRssBytes())));
