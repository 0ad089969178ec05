import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { giveToFolderOwner } from './ownership.ts';

/**
 * The secret kept in a file that only its owner can read; made once, when the file is missing. Written
 * whole beside and then linked, so that of two processes that start at once both get the same one and a
 * power cut leaves no half. An empty file is an error, never overwritten.
 */
export function readOrMakeSecret(
  path: string,
  make: () => string,
): { secret: string; made: boolean } {
  const existing = readSecret(path);
  if (existing !== undefined) return { secret: existing, made: false };
  const beside = `${path}.${randomUUID()}`;
  try {
    writeDurably(beside, make());
    giveToFolderOwner(beside);
    linkSync(beside, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(beside, { force: true });
  }
  const secret = readSecret(path);
  if (secret === undefined) throw new Error(`${path} disappeared while it was made`);
  return { secret, made: true };
}

/** The secret in the file, or undefined when there is none. */
export function readSecret(path: string): string | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  if (text === '') throw new SecretFileError(`${path} is empty; restore it from a backup`);
  return text;
}

/** The message says which file and what to do. */
export class SecretFileError extends Error {
  override readonly name = 'SecretFileError';
}

function writeDurably(path: string, secret: string): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, `${secret}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  // The mode given to open is cut by the umask, never widened; this is for file systems that ignore it.
  chmodSync(path, 0o600);
}
