import { BENCHMARKS, type BenchmarkName, type Outcome } from '../outcome.ts';
import type { Machine } from './machine.ts';
import type { Spent } from './profile.ts';
import { showFigure, showTarget, showVerdict, table } from './show.ts';

/** What is committed for one benchmark. */
export interface SavedResult extends Outcome {
  readonly ranOn: string;
  readonly commit: string | undefined;
  readonly machine: Machine;
  readonly settings: { readonly seconds: number; readonly members: number; readonly seed: number };
}

const TITLES: Readonly<Record<BenchmarkName, string>> = {
  interactive: 'One command per request',
  lone: 'One request in flight',
  bulk: 'In bulk',
  hot: 'Hot merchant, hot members',
  budget: 'One budget for everyone',
  transfers: 'Gifts between members',
  sliding: 'Points that slide',
  accrual: 'Who owes whom for points',
  orders: 'Orders by two hundred rules',
  import: 'A year of a real shop',
  reads: 'Balances beside writes',
  sweep: 'A million lapsed lots',
  verify: 'Verify',
  scale: 'A large ledger',
  receipts: 'What proofs cost',
  rules: 'Two hundred rules',
  redemptions: 'Points for rewards',
  'hot-reward': 'One reward that everybody wants',
  catalogue: 'Two thousand rewards',
  simulator: 'A year simulated',
  close: 'A month between merchants, closed',
  'member-search': 'One box that finds members',
  insights: 'Sums of the ledger by day',
  console: 'The console in a browser',
  h5: 'The member’s pages on a slow phone',
  till: 'The till',
};
const PROFILE_ROWS = 12;

/** docs/benchmarks.md, from the last saved result of each benchmark. */
export function writeDocument(results: readonly SavedResult[]): string {
  const saved = BENCHMARKS.flatMap(
    (name) => results.find((result) => result.benchmark === name) ?? [],
  );
  return [
    '# Benchmarks',
    '',
    'Written by `npm run bench -- all --save --profile` from `bench/results`; do not edit.',
    '',
    ...METHOD,
    '',
    '## Summary',
    '',
    ...table(
      ['Benchmark', 'Figure', 'Measured', 'Target', ''],
      saved.flatMap((result) =>
        result.checks.map((check) => [
          TITLES[result.benchmark],
          check.what,
          showFigure(check.measured, check.unit),
          showTarget(check),
          showVerdict(check),
        ]),
      ),
    ),
    '',
    ...saved.flatMap(writeResult),
  ].join('\n');
}

const METHOD = [
  'Every figure that counts is a ratio to a baseline of the same run on the same machine, taken in turn with it',
  'over several rounds; the median of the rounds is shown. Commits are durable throughout (`fsync`,',
  '`full_page_writes` and `synchronous_commit` on), on the embedded PostgreSQL as `npm start` sets it up. The',
  'load generator is a process of its own on the same cores, over HTTP/1.1 keep-alive connections. Each run',
  'warms up for two seconds before it is measured, and after each run every acknowledged command is counted in',
  'the database. A run that something else on the machine disturbed is repeated.',
  '',
  '- **Echo route**: the same application, route options, schemas, API key and idempotency checks and answer, with',
  '  an empty handler: the most this HTTP path can do.',
  '- **Naive ledger**: the same HTTP path and tables, one transaction with row locks per request through the same',
  '  driver with prepared statements and a pool of 24. It is let off the hash chain, the accounts of merchants and',
  '  the look-up of member and merchant.',
  '- **TPC-B**: `pgbench` at scale 50 with 16 clients and prepared statements in another database of the same server.',
];

function writeResult(result: SavedResult): string[] {
  const { machine } = result;
  const names = result.columns.filter((name) => result.rounds.some((round) => name in round));
  const rounds = result.rounds.map((round, index) => [
    String(index + 1),
    ...names.map((name) => showNumber(round[name] ?? 0)),
  ]);
  return [
    `## ${TITLES[result.benchmark]}`,
    '',
    ...result.notes.flatMap((note) => [note, '']),
    ...table(['Round', ...names], rounds),
    '',
    ...writeProfile(result),
    `Measured on ${result.ranOn}${result.commit === undefined ? '' : `, commit ${result.commit}`}: ${machine.processor}, ${machine.cores} cores, ` +
      `${machine.memoryGigabytes} GB, ${machine.system}, Node ${machine.node}, PostgreSQL ${machine.postgres}, ` +
      `${machine.syncMs.toFixed(2)} ms per synced write, ${result.settings.seconds} s per run.`,
    '',
  ];
}

function writeProfile({ profile = [] }: SavedResult): string[] {
  const threads = profile.filter((thread) => thread.functions.length > 0);
  if (threads.length === 0) return [];
  return [
    'Where the server’s time goes, from one more run under the profiler: shares of the time each thread was busy,',
    'callees not included.',
    '',
    ...threads.flatMap(({ thread, busy, modules, functions }) => [
      `The ${thread} was busy ${showFigure(busy, 'share')} of the time:`,
      '',
      ...table(
        ['Module', 'Share', 'Function', 'Share'],
        Array.from({ length: PROFILE_ROWS }, (_, row) => [
          ...cells(modules[row]),
          ...cells(functions[row]),
        ]),
      ),
      '',
    ]),
  ];
}

function cells(spent: Spent['functions'][number] | undefined): [string, string] {
  if (spent === undefined) return ['', ''];
  const where = spent.place === '' ? '' : ` in \`${spent.place}\``;
  return [`\`${spent.name}\`${where}`, `${(spent.share * 100).toFixed(1)} %`];
}

function showNumber(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en');
  return value.toFixed(2);
}
