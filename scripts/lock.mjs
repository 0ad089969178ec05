// The lock of server/src/platform/process-lock.ts in plain JavaScript, for what runs before
// anything is built; why its takeover is safe is explained there.
import { randomBytes } from 'node:crypto';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';

const GRAVE_KEPT_MS = 10 * 60_000;

/**
 * Runs `work` while no other process holds the lock; waits for living holders, takes over from dead
 * ones.
 */
export async function withLock(folder, name, work) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, name);
  const id = `${process.pid}-${randomBytes(8).toString('hex')}`;
  const prepared = join(folder, `.${name}.${id}`);
  mkdirSync(prepared);
  writeFileSync(
    join(prepared, 'holder.json'),
    JSON.stringify({ id, pid: process.pid, start: startOf(process.pid) }),
  );
  try {
    while (!renamed(prepared, path)) {
      const holder = readHolder(path);
      if (holder === undefined) continue;
      if (isAlive(holder)) await new Promise((resolve) => setTimeout(resolve, 100));
      else renamed(path, `${path}.${holder.id}`);
    }
  } finally {
    rmSync(prepared, { recursive: true, force: true });
  }
  try {
    sweep(folder, name);
    return await work();
  } finally {
    renamed(path, `${path}.${id}`);
  }
}

function readHolder(path) {
  try {
    return JSON.parse(readFileSync(join(path, 'holder.json'), 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) return undefined;
    return { id: `unreadable-${statSync(path).ino}`, pid: 0x7fff_ffff, start: 'lost' };
  }
}

function isAlive({ pid, start }) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  const now = startOf(pid);
  return now === undefined || start === undefined || now === start;
}

/**
 * Tells a process from a later one with the same number (Linux; elsewhere the number has to do).
 */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return 'gone';
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

function renamed(from, to) {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    const taken = ['ENOTEMPTY', 'EEXIST', 'ENOENT'];
    if (process.platform === 'win32') taken.push('EPERM', 'EACCES');
    if (taken.includes(error.code)) return false;
    throw error;
  }
}

function sweep(folder, name) {
  for (const entry of readdirSync(folder)) {
    if (!entry.startsWith(`${name}.`) && !entry.startsWith(`.${name}.`)) continue;
    const path = join(folder, entry);
    const info = statSync(path, { throwIfNoEntry: false });
    if (info !== undefined && info.ctimeMs < Date.now() - GRAVE_KEPT_MS)
      rmSync(path, { recursive: true, force: true });
  }
}
