import { parseArgs } from 'node:util';
import { BENCHMARKS, type BenchmarkName } from './outcome.ts';

export interface Options {
  readonly benchmarks: readonly BenchmarkName[];
  readonly seconds: number;
  readonly rounds: number | undefined;
  readonly patience: number;
  readonly members: number;
  /** The large ledger of the scale benchmark. */
  readonly large: { readonly members: number; readonly entries: number };
  /** Accruals of the close benchmark. */
  readonly rows: number;
  readonly dir: string | undefined;
  readonly file: string | undefined;
  readonly profile: boolean;
  /** Where whole profiles are kept, for a browser's developer tools. */
  readonly profileDir: string | undefined;
  readonly save: boolean;
  readonly seed: number;
}

export const USAGE = `npm run bench -- [${BENCHMARKS.join('|')}|all] ...
  --seconds N   measured seconds of each run (10)
  --rounds N    rounds (each benchmark's own)
  --patience N  repeats of a run that something else on the machine disturbed (3)
  --members N   members (100000; of the large ledger of scale 1000000)
  --entries N   entries of the large ledger of scale (5 for each member)
  --rows N      accruals of the close benchmark (10000000)
  --file FILE   the orders of the import benchmark (../shared/data/online-retail.csv.gz)
  --dir FOLDER  where databases are made; must be a disk (the system's folder for temporary files)
  --seed N      of the random choices (1)
  --profile     one more run under the profiler: where the server's time goes
  --profile-dir FOLDER
                as --profile, and keeps the whole profiles there for a browser's developer tools
  --save        write bench/results and docs/benchmarks.md`;

/** Reads the command line; a string says what is wrong with it, an empty one that help is wanted. */
export function readOptions(given: readonly string[]): Options | string {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(given);
  } catch (error) {
    return (error as Error).message;
  }
  const { values, positionals } = parsed;
  if (values.help === true) return '';
  const wanted =
    positionals.length === 0 || positionals.includes('all') ? [...BENCHMARKS] : positionals;
  const unknown = wanted.filter((name) => !BENCHMARKS.includes(name as BenchmarkName));
  if (unknown.length > 0) return `there is no benchmark ${unknown.join(', ')}`;
  const complaints: string[] = [];
  const whole = (
    name: 'seconds' | 'rounds' | 'patience' | 'members' | 'entries' | 'rows' | 'seed',
    max: number,
  ): number | undefined => {
    const value = values[name];
    if (value === undefined) return undefined;
    if (
      /^\d{1,9}$/.test(value) &&
      Number(value) >= (name === 'patience' ? 0 : 1) &&
      Number(value) <= max
    )
      return Number(value);
    complaints.push(`--${name} must be a whole number up to ${max}`);
    return undefined;
  };
  const members = whole('members', 20_000_000);
  const largeMembers = members ?? 1_000_000;
  const entries = whole('entries', 200_000_000) ?? 5 * largeMembers;
  if (entries < largeMembers) complaints.push('--entries must be at least one for each member');
  const options: Options = {
    benchmarks: BENCHMARKS.filter((name) => wanted.includes(name)),
    seconds: whole('seconds', 300) ?? 10,
    rounds: whole('rounds', 100),
    patience: whole('patience', 100) ?? 3,
    members: members ?? 100_000,
    large: { members: largeMembers, entries },
    rows: whole('rows', 100_000_000) ?? 10_000_000,
    seed: whole('seed', 1_000_000) ?? 1,
    dir: values.dir,
    file: values.file,
    profile: values.profile ?? values['profile-dir'] !== undefined,
    profileDir: values['profile-dir'],
    save: values.save ?? false,
  };
  return complaints[0] ?? options;
}

function parse(given: readonly string[]) {
  return parseArgs({
    args: [...given],
    allowPositionals: true,
    options: {
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      patience: { type: 'string' },
      members: { type: 'string' },
      entries: { type: 'string' },
      rows: { type: 'string' },
      seed: { type: 'string' },
      dir: { type: 'string' },
      file: { type: 'string' },
      profile: { type: 'boolean' },
      'profile-dir': { type: 'string' },
      save: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
}
