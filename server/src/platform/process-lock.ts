import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { giveToFolderOwner } from './ownership.ts';
import { identifySelf, isSameProcessAlive, type ProcessIdentity } from './process-identity.ts';

/**
 * A lock between processes that needs no cleaning after `kill -9`.
 *
 * The lock `name` is a directory `<folder>/<name>` holding one file that names its holder. Three
 * moves, each one rename and therefore atomic:
 *
 *     take       own prepared directory -> <name>        fails when <name> exists (never empty)
 *     release    <name> -> <name>.<holder id>            the holder's grave
 *     take over  <name> -> <name>.<dead holder's id>     fails when that grave exists
 *
 * The last line is what makes a takeover safe: of all who saw the same dead holder only one can
 * bury it, and one who comes late, when a living process already holds the lock, finds the grave
 * taken and moves nothing. So graves must outlive any such latecomer; they are swept after ten
 * minutes.
 *
 * Not covered: two containers with separate process numbers sharing one folder. They cannot see
 * each other alive.
 */
export interface ProcessLock {
  /** Idempotent. */
  release(): Promise<void>;
}

export interface LockHolder extends ProcessIdentity {
  readonly id: string;
}

const GRAVE_KEPT_MS = 10 * 60_000;
const ATTEMPTS_MAX = 50;

/** Takes the lock, or returns the living holder. */
export async function tryLock(folder: string, name: string): Promise<ProcessLock | LockHolder> {
  if ((await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined)
    giveToFolderOwner(folder);
  const path = join(folder, name);
  const id = `${process.pid}-${randomBytes(8).toString('hex')}`;
  const prepared = join(folder, `.${name}.${id}`);
  try {
    await mkdir(prepared, { mode: 0o755 });
    giveToFolderOwner(prepared);
    const holder = JSON.stringify({ id, ...identifySelf() });
    await writeFile(join(prepared, 'holder.json'), holder, { flush: true });
    giveToFolderOwner(join(prepared, 'holder.json'));
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      if (await renamed(prepared, path)) {
        await sweep(folder, name);
        return { release: () => release(folder, name, id) };
      }
      const holder = await readHolder(folder, name);
      if (holder === undefined) continue; // released between the two calls
      if (isSameProcessAlive(holder)) return holder;
      await renamed(path, join(folder, `${name}.${holder.id}`));
    }
    throw new Error(`the lock ${path} changed hands ${ATTEMPTS_MAX} times while being taken`);
  } finally {
    await rm(prepared, { recursive: true, force: true });
  }
}

export function isLock(result: ProcessLock | LockHolder): result is ProcessLock {
  return 'release' in result;
}

/** The process that holds the lock and is alive. */
export async function livingHolder(folder: string, name: string): Promise<LockHolder | undefined> {
  const holder = await readHolder(folder, name);
  return holder !== undefined && isSameProcessAlive(holder) ? holder : undefined;
}

/** Waits for the lock; `null` when `waitMs` passed. */
export async function waitForLock(
  folder: string,
  name: string,
  waitMs: number,
): Promise<ProcessLock | null> {
  const end = performance.now() + waitMs;
  for (;;) {
    const result = await tryLock(folder, name);
    if (isLock(result)) return result;
    if (performance.now() >= end) return null;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function readHolder(folder: string, name: string): Promise<LockHolder | undefined> {
  try {
    const text = await readFile(join(folder, name, 'holder.json'), 'utf8');
    const { id, pid, start } = JSON.parse(text) as LockHolder;
    return { id, pid, start };
  } catch (error) {
    if (isGone(error)) return undefined;
    if (!(error instanceof SyntaxError)) throw error;
    // The file was complete and on disk before it was renamed into place, so only damage to the
    // disk leaves this, and whoever wrote it did not survive that. The inode stands for the lost
    // id.
    const { ino } = await stat(join(folder, name));
    return { id: `unreadable-${ino}`, pid: 0x7fff_ffff, start: 'lost' };
  }
}

async function release(folder: string, name: string, id: string): Promise<void> {
  const holder = await readHolder(folder, name);
  if (holder?.id === id) await renamed(join(folder, name), join(folder, `${name}.${id}`));
}

/** False when the target exists or the source is gone: someone else was first. */
async function renamed(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // Windows answers EPERM or EACCES for a directory that exists.
    const taken = process.platform === 'win32' && (code === 'EPERM' || code === 'EACCES');
    if (taken || code === 'ENOTEMPTY' || code === 'EEXIST' || isGone(error)) return false;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

async function sweep(folder: string, name: string): Promise<void> {
  const old = Date.now() - GRAVE_KEPT_MS;
  for (const entry of await readdir(folder)) {
    if (!entry.startsWith(`${name}.`) && !entry.startsWith(`.${name}.`)) continue;
    const path = join(folder, entry);
    // ctime, not mtime: a rename refreshes it, so the grave's age counts from the burial.
    const info = await stat(path).catch(() => undefined);
    if (info === undefined || info.ctimeMs >= old) continue;
    // Another process may be sweeping the same grave; it holds nothing, so a failure here matters
    // to nobody.
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}
