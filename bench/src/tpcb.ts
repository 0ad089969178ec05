import { spawn } from 'node:child_process';
import { withClient } from './naive/prepare.ts';
import { processCpuSeconds, watchCores } from './processes/cpu.ts';
import type { LedgerServer } from './processes/server.ts';

const PROGRAM = 'pgbench';
const DATABASE = 'bench_tpcb';
const SCALE = 50;
const CLIENTS = 16;
const THREADS = 4;

/** PostgreSQL's own benchmark: one TPC-B-like transaction per round trip on the same server. */
export interface TpcB {
  /** Transactions per second over `seconds`, and what else used the machine meanwhile. */
  run(seconds: number): Promise<{ readonly rate: number; readonly otherCores: number | undefined }>;
}

/** Fills its database (scale 50, 5 million accounts); undefined when `pgbench` is not on the PATH. */
export async function prepareTpcB({
  databaseUrl,
  dataDir,
}: LedgerServer): Promise<TpcB | undefined> {
  if ((await pgbench(databaseUrl, ['--version'])) === undefined) return undefined;
  await withClient(databaseUrl, (client) => client.query(`create database ${DATABASE}`));
  if ((await pgbench(databaseUrl, ['-i', '-q', '-s', String(SCALE), DATABASE])) === undefined) {
    throw new Error('pgbench could not fill its database');
  }
  return {
    async run(seconds) {
      const parameters = [
        '-M',
        'prepared',
        '-c',
        String(CLIENTS),
        '-j',
        String(THREADS),
        '-n',
        '-T',
        String(seconds),
      ];
      const watch = watchCores(dataDir);
      const startedAt = performance.now();
      const done = await pgbench(databaseUrl, [...parameters, DATABASE]);
      const { machineCores, databaseCores } = watch();
      const clientCores = (done?.cpuSeconds ?? 0) / ((performance.now() - startedAt) / 1000);
      const output = done?.output ?? '';
      const rate = /^tps = ([\d.]+)/m.exec(output)?.[1];
      if (rate === undefined) throw new Error(`pgbench did not say how fast it was:\n${output}`);
      const otherCores =
        databaseCores === undefined ? undefined : machineCores - databaseCores - clientCores;
      return { rate: Number(rate), otherCores };
    },
  };
}

interface Done {
  readonly output: string;
  /** Processor time it used, as far as the system tells. */
  readonly cpuSeconds: number;
}

const LOOK_EVERY_MS = 200;

/** What it printed and used, or undefined when it is missing or failed. */
function pgbench(databaseUrl: string, parameters: readonly string[]): Promise<Done | undefined> {
  const { hostname, port, username, password } = new URL(databaseUrl);
  const env = {
    ...process.env,
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
  };
  const child = spawn(PROGRAM, [...parameters], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  let cpuSeconds = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  // Once it has ended nobody can ask any more.
  const look = setInterval(() => {
    cpuSeconds = processCpuSeconds(child.pid ?? 0) ?? cpuSeconds;
  }, LOOK_EVERY_MS);
  return new Promise<Done | undefined>((resolve) => {
    child.once('error', () => resolve(undefined));
    child.once('close', (code) => resolve(code === 0 ? { output, cpuSeconds } : undefined));
  }).finally(() => clearInterval(look));
}
