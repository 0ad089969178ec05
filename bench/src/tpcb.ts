import { spawn } from 'node:child_process';
import { withClient } from './naive/prepare.ts';

const PROGRAM = 'pgbench';
const DATABASE = 'bench_tpcb';
const SCALE = 50;
const CLIENTS = 16;
const THREADS = 4;

/** PostgreSQL's own benchmark: one TPC-B-like transaction per round trip on the same server. */
export interface TpcB {
  /** Transactions per second over `seconds`. */
  run(seconds: number): Promise<number>;
}

/** Fills its database (scale 50, 5 million accounts); undefined when `pgbench` is not on the PATH. */
export async function prepareTpcB(serverUrl: string): Promise<TpcB | undefined> {
  if ((await pgbench(serverUrl, ['--version'])) === undefined) return undefined;
  await withClient(serverUrl, (client) => client.query(`create database ${DATABASE}`));
  if ((await pgbench(serverUrl, ['-i', '-q', '-s', String(SCALE), DATABASE])) === undefined) {
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
      const output = (await pgbench(serverUrl, [...parameters, DATABASE])) ?? '';
      const rate = /^tps = ([\d.]+)/m.exec(output)?.[1];
      if (rate === undefined) throw new Error(`pgbench did not say how fast it was:\n${output}`);
      return Number(rate);
    },
  };
}

/** What it printed, or undefined when it is missing or failed. */
function pgbench(serverUrl: string, parameters: readonly string[]): Promise<string | undefined> {
  const { hostname, port, username, password } = new URL(serverUrl);
  const env = {
    ...process.env,
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
  };
  const child = spawn(PROGRAM, [...parameters], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return new Promise((resolve) => {
    child.once('error', () => resolve(undefined));
    child.once('close', (code) => resolve(code === 0 ? output : undefined));
  });
}
