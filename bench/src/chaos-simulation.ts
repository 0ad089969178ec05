import { randomInt } from 'node:crypto';
import { simulate } from '@hongmi/server/ledger/testing/simulation';

// The simulation of the ledger, for as many commands as one likes, in worlds of 20,000:
//   npm run chaos simulation [COMMANDS, 1,000,000 unless told] [SEED]
const COMMANDS_PER_WORLD = 20_000;
const commands = Number(process.argv[2] ?? 1_000_000);
const seed = Number(process.argv[3] ?? randomInt(2 ** 31));

const started = performance.now();
const sum = { commands: 0, recorded: 0, repeats: 0, events: 0, virtualMs: 0 };
const applied: Record<string, number> = {};
let worlds = 0;
process.stdout.write(`simulation: seed ${seed}\n`);
while (sum.commands < commands) {
  const told = await simulate(seed + worlds, Math.min(COMMANDS_PER_WORLD, commands));
  worlds += 1;
  for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += told[name];
  for (const [kind, count] of Object.entries(told.applied))
    applied[kind] = (applied[kind] ?? 0) + count;
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(
    `seed ${seed + worlds - 1}, trace ${told.trace.slice(0, 16)}: equal to a serial order; ` +
      `so far ${JSON.stringify({ worlds, ...sum, seconds })}\n`,
  );
}
process.stdout.write(`applied: ${JSON.stringify(applied)}\n`);
