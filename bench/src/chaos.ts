import { randomInt } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { underFire } from '@hongmi/server/ledger/testing/fire';
import { migrate } from '@hongmi/server/platform/migrate';
import { startEmbedded } from '@hongmi/server/platform/postgres/embedded';

// The property test of the ledger, for as long as one likes, each seed on a ledger of its own:
//   npm run chaos scenarios [MINUTES, 10 unless told] [SEED]
const SPELL_MS = 120_000;
const minutes = Number(process.argv[2] ?? 10);
const given = process.argv[3];
if (!(minutes > 0) || (given !== undefined && !/^\d{1,10}$/.test(given))) {
  process.stderr.write('usage: npm run chaos scenarios [MINUTES] [SEED]\n');
  process.exit(2);
}

const started = performance.now();
const left = (): number => minutes * 60_000 - (performance.now() - started);
let played = 0;
do {
  const seed = given === undefined ? randomInt(2 ** 31) : Number(given);
  process.stdout.write(`seed ${seed} … `);
  played += await spell(seed, Math.min(SPELL_MS, left()));
  process.stdout.write(`${played} scenarios so far, all equal to a serial order\n`);
} while (left() > 0);

/** A database for each seed: what is checked after every scenario is the whole of it. */
async function spell(seed: number, limitMs: number): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), 'hongmi-chaos-'));
  const database = await startEmbedded({ dataDir, log: () => undefined });
  try {
    await migrate(database.url);
    return await underFire({ url: database.url, seed, runs: 1_000_000, limitMs });
  } finally {
    await database.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}
