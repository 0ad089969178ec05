// The long forms of the tests that keep the ledger under fire; docs/reliability.md has their figures.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensure, root } from './ensure.mjs';

const USAGE = `usage: npm run chaos -- COMMAND
  scenarios [MINUTES] [SEED]     random scenarios against three ledgers on one database (10 minutes)
  simulation [COMMANDS] [SEED]   clients, lanes and a failing database in virtual time (1,000,000 commands)
  kills [COUNT] [SEED]           kill -9 of server, PostgreSQL and both under load (210 kills)
The seed is printed; given again, scenarios and simulation repeat the same run.
`;
const NUMBER = /^\d{1,10}$/;

const [command, first, second, ...rest] = process.argv.slice(2);
const runs = {
  scenarios: () => node([join(root, 'bench', 'dist', 'chaos.js'), ...given()]),
  simulation: () => node([join(root, 'bench', 'dist', 'chaos-simulation.js'), ...given()]),
  kills: () =>
    node(
      [
        join(root, 'node_modules', 'vitest', 'vitest.mjs'),
        'run',
        '--config=e2e/chaos.config.ts',
        '--disable-console-intercept',
      ],
      {
        ...(first === undefined ? {} : { HONGMI_CHAOS_KILLS: first }),
        ...(second === undefined ? {} : { HONGMI_CHAOS_SEED: second }),
      },
    ),
};

const numbers = given().every((each) => NUMBER.test(each));
if (!Object.hasOwn(runs, command ?? '') || !numbers || rest.length > 0) {
  process.stderr.write(USAGE);
  process.exit(2);
}
await ensure();
process.exitCode = await runs[command]();

function given() {
  return [first, second].filter((each) => each !== undefined);
}

function node(args, env = {}) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  for (const signal of ['SIGINT', 'SIGTERM'])
    process.on(signal, () => signal === 'SIGTERM' && child.kill(signal));
  return new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('close', (code) => resolve(code ?? 1));
  });
}
