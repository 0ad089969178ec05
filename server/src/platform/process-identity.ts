import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A process named so that a later process with the same number is not mistaken for it. `start` is
 * opaque and only compared for equality; it is undefined where the system does not tell (then only
 * the number can be compared).
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly start: string | undefined;
}

/**
 * The identity of the process with this number, or undefined when there is none (a zombie counts as
 * none).
 */
export function identifyProcess(pid: number): ProcessIdentity | undefined {
  if (!isSignalable(pid)) return undefined;
  if (process.platform === 'linux') {
    const stat = readLinuxStat(pid);
    if (stat === 'gone') return undefined;
    return { pid, start: stat?.start };
  }
  if (process.platform === 'darwin') return { pid, start: readDarwinStart(pid) };
  return { pid, start: undefined };
}

export function identifySelf(): ProcessIdentity {
  return identifyProcess(process.pid) ?? { pid: process.pid, start: undefined };
}

/**
 * True when the process that was recorded still runs; the same number taken by another process is
 * "no".
 */
export function isSameProcessAlive(recorded: ProcessIdentity): boolean {
  const now = identifyProcess(recorded.pid);
  if (now === undefined) return false;
  // When either side does not know its start, the safe answer is "alive": a lock is then kept,
  // never broken.
  if (now.start === undefined || recorded.start === undefined) return true;
  return now.start === recorded.start;
}

/** Short program name (Linux and macOS), readable for processes of other users too. */
export function processName(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
    if (process.platform === 'darwin') {
      const path = execFileSync('/bin/ps', ['-o', 'comm=', '-p', String(pid)], {
        encoding: 'utf8',
      });
      return path.trim().split('/').at(-1);
    }
  } catch {
    return undefined;
  }
  return undefined;
}

function isSignalable(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it exists and belongs to someone else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

let bootId: string | undefined;

function readLinuxStat(pid: number): { start: string } | 'gone' | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : undefined;
  }
  // The program name stands in parentheses and may itself contain any character, so count from the
  // last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return 'gone';
  const ticks = fields[19];
  if (ticks === undefined) return undefined;
  // Ticks count from boot: without the boot's id, a service started by the next boot at the same
  // tick with the same number (usual in containers) would look like the old one.
  bootId ??= readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  return { start: `${bootId}:${ticks}` };
}

function readDarwinStart(pid: number): string | undefined {
  try {
    const options = { encoding: 'utf8', env: { LC_ALL: 'C' } } as const;
    return (
      execFileSync('/bin/ps', ['-o', 'lstart=', '-p', String(pid)], options).trim() || undefined
    );
  } catch {
    return undefined;
  }
}
