import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isRoot } from '../ownership.ts';
import { DatabaseStartError, fromFileError } from './errors.ts';

/** Folders only root can write and everyone can enter, on an ordinary system. */
const SYSTEM_FOLDERS = ['/var/lib/hongmi', '/usr/local/lib/hongmi', '/opt/hongmi'];

export interface CopyOptions {
  readonly dataDir: string;
  /** Root-owned folders that may hold a copy, best first. */
  readonly copyFolders?: readonly string[];
}

/**
 * A copy of PostgreSQL's programs where their user can reach them. An ordinary user's copy lies in
 * the data directory. Root's copy must not: the other user may be unable to walk there; it lies in
 * a folder that only root can write, or that user (or anyone) could swap the program that opens the
 * members' points.
 */
export function copyBinaries(
  native: string,
  options: CopyOptions,
  finish: (copy: string) => void,
): string {
  const wanted = contentsOf(native);
  const folders = isRoot()
    ? (options.copyFolders ?? SYSTEM_FOLDERS)
    : [join(options.dataDir, 'postgres-binaries')];
  const problems: string[] = [];
  for (const folder of folders) {
    try {
      return placeIn(folder, native, wanted, finish);
    } catch (error) {
      problems.push(`${folder}: ${(error as Error).message}`);
      const typed = fromFileError(error, `copying PostgreSQL's programs to ${folder}`);
      if (typed instanceof DatabaseStartError && typed.code === 'disk_full') throw typed;
    }
  }
  if (isRoot()) {
    // Nothing found there can be trusted, so the name must be new; this leaves one copy (60 MB) per
    // start.
    const fresh = mkdtempSync(join(tmpdir(), 'hongmi-postgres-'));
    chmodSync(fresh, 0o755);
    return placeIn(fresh, native, wanted, finish);
  }
  throw new DatabaseStartError(
    'binaries_missing',
    `PostgreSQL's programs cannot run from ${native} and could not be copied (${problems.join('; ')}).`,
  );
}

function placeIn(
  folder: string,
  native: string,
  wanted: string,
  finish: (copy: string) => void,
): string {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  if (isRoot()) assertOnlyRootWrites(realpathSync(folder));
  const place = join(folder, `postgresql-${wanted.slice(0, 16)}`);
  if (holds(place, wanted)) return place;

  const prepared = join(folder, `.new-${randomBytes(6).toString('hex')}`);
  try {
    copyTree(native, prepared);
    finish(prepared);
    // A damaged copy (power cut, disk fault) steps aside; a running server keeps the files it has
    // open.
    rmSync(place, { recursive: true, force: true });
    renameSync(prepared, place);
  } catch (error) {
    // A process that did the same at the same moment is no failure.
    if (!holds(place, wanted)) throw error;
  } finally {
    rmSync(prepared, { recursive: true, force: true });
  }
  return place;
}

function holds(place: string, wanted: string): boolean {
  try {
    return contentsOf(place) === wanted;
  } catch {
    return false;
  }
}

/**
 * Every folder up to `/` belongs to root and is writable by root alone (or sticky, where others
 * cannot replace it).
 */
function assertOnlyRootWrites(folder: string): void {
  for (let path = folder; ; path = dirname(path)) {
    const info = lstatSync(path);
    const sticky = (info.mode & 0o1000) !== 0 && path !== folder;
    if (!info.isDirectory() || info.uid !== 0 || ((info.mode & 0o022) !== 0 && !sticky)) {
      throw new Error(`${path} can be changed by users other than root`);
    }
    if (path === dirname(path)) return;
  }
}

/** Static libraries and pkg-config files serve compilers only. */
function isNeeded(name: string): boolean {
  return !name.endsWith('.a') && name !== 'pkgconfig';
}

/**
 * Explicit modes: the originals may have been installed under a umask that hides them. Links are
 * made by `finish`.
 */
function copyTree(from: string, to: string): void {
  mkdirSync(to);
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (!isNeeded(entry.name)) continue;
    if (entry.isDirectory()) copyTree(source, target);
    if (!entry.isFile()) continue;
    copyFileSync(source, target);
    chmodSync(target, 0o755);
  }
}

/** SHA-256 over names and contents of what is copied, links aside (0.2 s for 55 MB). */
function contentsOf(folder: string): string {
  const hash = createHash('sha256');
  const walk = (path: string, name: string) => {
    const entries = readdirSync(path, { withFileTypes: true }).filter((entry) =>
      isNeeded(entry.name),
    );
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inner = `${name}/${entry.name}`;
      if (entry.isDirectory()) walk(join(path, entry.name), inner);
      else if (entry.isFile()) {
        hash.update(`${inner}\0`).update(
          createHash('sha256')
            .update(readFileSync(join(path, entry.name)))
            .digest(),
        );
      }
    }
  };
  walk(folder, '');
  return hash.digest('hex');
}
