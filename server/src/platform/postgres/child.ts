import { type ChildProcess, type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import type { RunAs } from './run-as.ts';

/**
 * PostgreSQL's programs get a fixed environment: nothing of the caller's (PGPORT, PGDATA, an exotic
 * LC_ALL) may change what is created or started, and messages stay in English because we read them.
 * Windows needs its own variables to load libraries, so there the environment is inherited.
 */
function environment(): { env?: NodeJS.ProcessEnv } {
  if (process.platform === 'win32') return {};
  return { env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } };
}

function userOptions(runAs: RunAs | undefined): { uid?: number; gid?: number } {
  return runAs === undefined ? {} : { uid: runAs.uid, gid: runAs.gid };
}

/**
 * Hands an open directory to a child. On Linux the child sees it as /proc/self/fd/3, which works
 * although the child's user may not walk the path (a clone under a 0700 home), and spares
 * PostgreSQL's shell commands any odd character in it. Elsewhere it is the path itself.
 */
export interface HandedDirectory {
  readonly path: string;
  readonly fd: number | undefined;
  close(): void;
}

export function handDown(directory: string): HandedDirectory {
  if (process.platform !== 'linux' || !existsSync('/proc/self/fd')) {
    return { path: directory, fd: undefined, close: () => undefined };
  }
  const fd = openSync(directory, 'r');
  return { path: '/proc/self/fd/3', fd, close: () => closeSync(fd) };
}

export interface RunResult {
  readonly ok: boolean;
  readonly stdout: string;
  readonly output: string;
}

/** Runs a program that is quick by nature (`--version`). */
export function probe(program: string, args: string[], runAs: RunAs | undefined): RunResult {
  const result = spawnSync(program, args, {
    ...environment(),
    ...userOptions(runAs),
    cwd: '/',
    encoding: 'utf8',
    timeout: 20_000,
  });
  const failure = result.error === undefined ? '' : `${result.error.message}\n`;
  return {
    ok: result.status === 0,
    stdout: result.stdout ?? '',
    output: `${failure}${result.stdout ?? ''}${result.stderr ?? ''}`,
  };
}

/**
 * Runs a program to its end without blocking this process; stdout and stderr are collected
 * together.
 */
export async function run(
  program: string,
  args: string[],
  options: { runAs: RunAs | undefined; directory: HandedDirectory },
): Promise<RunResult> {
  const child = start(program, args, { ...options, output: 'pipe', detached: false });
  let output = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  return await new Promise((resolve) => {
    child.once('error', (error) =>
      resolve({ ok: false, stdout: '', output: `${error.message}\n${output}` }),
    );
    child.once('close', (code, signal) => {
      const ending = signal === null ? '' : `ended by ${signal}\n`;
      resolve({ ok: code === 0, stdout: output, output: output + ending });
    });
  });
}

export function start(
  program: string,
  args: string[],
  options: {
    runAs: RunAs | undefined;
    directory: HandedDirectory;
    output: 'pipe' | number;
    detached: boolean;
  },
): ChildProcess {
  const { output, directory } = options;
  const stdio: SpawnOptions['stdio'] = ['ignore', output, output];
  if (directory.fd !== undefined) stdio.push(directory.fd);
  return spawn(program, args, {
    ...environment(),
    ...userOptions(options.runAs),
    // Any directory both users can enter; the caller's may be closed to the child.
    cwd: process.platform === 'win32' ? directory.path : '/',
    detached: options.detached,
    windowsHide: true,
    stdio,
  });
}
