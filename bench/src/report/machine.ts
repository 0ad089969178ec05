import { execFileSync } from 'node:child_process';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, release, tmpdir, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { median } from '../outcome.ts';

/** What figures depend on, without anything that names the machine. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGigabytes: number;
  readonly system: string;
  readonly node: string;
  readonly postgres: string;
  /** Median of writing 8 kB and fdatasync, where the database lies: what a durable commit waits for. */
  readonly syncMs: number;
}

export function describeMachine(dir: string | undefined, postgres: string): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGigabytes: Math.round(totalmem() / 1e9),
    system: `${type()} ${release().split('-', 1)[0] ?? ''}`,
    node: process.versions.node,
    postgres,
    syncMs: measureSync(dir),
  };
}

const SYNCS = 200;

function measureSync(dir: string | undefined): number {
  const folder = mkdtempSync(join(dir ?? tmpdir(), 'hongmi-bench-'));
  const file = openSync(join(folder, 'sync'), 'w');
  try {
    const page = Buffer.alloc(8192, 1);
    const times: number[] = [];
    for (let count = 0; count < SYNCS; count += 1) {
      const startedAt = performance.now();
      writeSync(file, page, 0, page.length, 0);
      fdatasyncSync(file);
      times.push(performance.now() - startedAt);
    }
    return Number(median(times).toFixed(3));
  } finally {
    closeSync(file);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The commit that was measured, with `+` when files of it were changed; undefined outside a clone. */
export function readCommit(root: string): string | undefined {
  const git = (...parameters: string[]): string =>
    execFileSync('git', parameters, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    const changed =
      git('status', '--porcelain', '--untracked-files=no', 'server', 'cli', 'bench/src') !== '';
    return `${git('rev-parse', '--short=10', 'HEAD')}${changed ? '+' : ''}`;
  } catch {
    return undefined;
  }
}
