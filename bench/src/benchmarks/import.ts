import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Used } from '../leave-usage.ts';
import { medianOf, type Outcome, type Settings } from '../outcome.ts';
import { watchCores } from '../processes/cpu.ts';
import type { ThreadWindow } from '../processes/window.ts';
import { type Stage, withStage } from '../stage.ts';
import { show } from './run.ts';
import { undisturbed, type Watched } from './undisturbed.ts';

const ROUNDS = 3;
const ROOT = new URL('../../../', import.meta.url);
const CLI = new URL('cli/dist/bin.js', ROOT);
const MAPPING = new URL('samples/online-retail.mapping.json', ROOT);
const LEAVE_USAGE = new URL('../leave-usage.js', import.meta.url);
const COLUMNS = [
  'import s',
  'again s',
  'orders /s',
  'command line MB',
  'server MB',
  'command line cores',
  'server cores',
  'database cores',
  'other cores',
];
const WAIT_MS = 5 * 60_000;

/** A year of a real shop through the command line, each time on a new server; then once more, changing nothing. */
export async function importOrders(settings: Settings): Promise<Outcome | undefined> {
  const { file, say } = settings;
  if (!existsSync(file)) {
    say(`import skipped: there is no ${file}; name the file with --file`);
    return undefined;
  }
  const quietly = undisturbed(settings);
  const rounds: Record<string, number>[] = [];
  for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
    const { figures } = await quietly(() => importTwice(settings, false));
    rounds.push(figures);
    say(`round ${round}: ${show(figures, COLUMNS)}`);
  }
  const profile = settings.profile ? (await importTwice(settings, true)).threads : undefined;
  return {
    benchmark: 'import',
    checks: [
      {
        what: 'import of the whole file',
        measured: medianOf(rounds, 'import s'),
        unit: 's',
        atMost: 30,
      },
      {
        what: 'peak memory of the command line',
        measured: medianOf(rounds, 'command line MB'),
        unit: 'MB',
        atMost: 300,
      },
      {
        what: 'peak memory of the server process',
        measured: medianOf(rounds, 'server MB'),
        unit: 'MB',
      },
      { what: 'the same file again', measured: medianOf(rounds, 'again s'), unit: 's' },
    ],
    columns: COLUMNS,
    rounds,
    ...(profile === undefined ? {} : { profile }),
    notes: [
      'The wall time of `hongmi import orders` as a person waits for it, on an empty server; repeated, it must tell the same and change nothing.',
    ],
  };
}

interface Twice extends Watched {
  readonly figures: Record<string, number>;
  readonly threads: readonly ThreadWindow[];
}

function importTwice(settings: Settings, profile: boolean): Promise<Twice> {
  return withStage({ ...settings, members: 0, merchants: 0 }, async (stage) => {
    await stage.ledger.begin(profile);
    const watch = watchCores(stage.ledger.dataDir);
    const first = await runImport(stage, settings.file);
    const { machineCores, databaseCores } = watch();
    const server = await stage.ledger.end();
    const again = await runImport(stage, settings.file);
    if (again.output !== first.output) {
      throw new Error(`a second import told otherwise:\n${first.output}\n${again.output}`);
    }
    const { orders = 0 } = JSON.parse(first.output) as { orders?: number };
    const serverCores = server.cpuSeconds / first.seconds;
    const clientCores = first.cpuSeconds / first.seconds;
    const figures: Record<string, number> = {
      'import s': first.seconds,
      'again s': again.seconds,
      'orders /s': orders / first.seconds,
      'command line MB': first.peakBytes / 1e6,
      'server MB': server.peakRssMegabytes,
      'command line cores': clientCores,
      'server cores': serverCores,
    };
    if (databaseCores === undefined) {
      return { figures, threads: server.threads, otherCores: undefined };
    }
    const otherCores = machineCores - databaseCores - serverCores - clientCores;
    figures['database cores'] = databaseCores;
    figures['other cores'] = otherCores;
    return { figures, threads: server.threads, otherCores };
  });
}

interface Imported extends Used {
  readonly seconds: number;
  readonly output: string;
}

async function runImport({ ledger, folder }: Stage, file: string): Promise<Imported> {
  const usedFile = join(folder, 'used.json');
  const { host, port } = ledger.address;
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [
      '--import',
      LEAVE_USAGE.href,
      fileURLToPath(CLI),
      'import',
      'orders',
      file,
      '--mapping',
      fileURLToPath(MAPPING),
      '--json',
      '--rejects',
      join(folder, 'rejects.csv'),
    ],
    {
      cwd: folder,
      env: {
        ...process.env,
        HONGMI_URL: `http://${host}:${port}`,
        HONGMI_KEY: ledger.key,
        BENCH_USED_FILE: usedFile,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: WAIT_MS,
    },
  );
  let output = '';
  let errors = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-4_000);
  });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`the import ended with ${String(code)}:\n${errors}`);
  const seconds = (performance.now() - startedAt) / 1000;
  return { seconds, output, ...(JSON.parse(readFileSync(usedFile, 'utf8')) as Used) };
}
