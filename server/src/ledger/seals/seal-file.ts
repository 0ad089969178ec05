import { closeSync, fsyncSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql } from '../../platform/database.ts';
import { giveToFolderOwner } from '../../platform/ownership.ts';
import { CannotSeal } from './make-seal.ts';
import type { Seal } from './seal.ts';
import { isFields, lineOf, readSealShown, showSeal, showSealKey } from './seal-json.ts';
import { readSealKeys, readSeals } from './store.ts';

/** Enough for the last whole line: a seal of 256 shards takes 30 kB. */
const TAIL_BYTES = 256 * 1024;
const PAGE = 500;
const NEWLINE = 0x0a;

/**
 * Appends to the seal file what the database has and it has not, and waits for the disk. Only ever
 * appends, so the file may be one that the system protects against everything else. A line that a
 * crash left half written is ended and its seal written again; whoever reads the file skips it.
 */
export async function appendSeals(sql: Sql, ledgerId: Uuid, path: string): Promise<number> {
  const tail = readTail(path);
  const keys = await readSealKeys(sql);
  let last = tail.seal?.number ?? 0;
  let written = 0;
  for (;;) {
    const seals = await readSeals(sql, last, PAGE);
    if (seals.length === 0) return written;
    const lines = seals.map((seal) => {
      // A key stands before the first seal it signed; a file begun later begins with all so far.
      const introduced = keys.filter((key) =>
        tail.isEmpty && written === 0 && seal === seals[0]
          ? key.firstSeal <= seal.number
          : key.firstSeal === seal.number,
      );
      return [
        ...introduced.map((key) => lineOf(ledgerId, { key: showSealKey(key) })),
        lineOf(ledgerId, { seal: showSeal(seal) }),
      ].join('');
    });
    write(path, (tail.isTorn && written === 0 ? '\n' : '') + lines.join(''));
    written += seals.length;
    last = (seals.at(-1) as Seal).number;
  }
}

/**
 * Throws {@link CannotSeal} when the file has seals that this database has not, or others under the
 * same numbers: then the database lost its end, or is another one, and to seal on would put two
 * histories under one key.
 */
export async function assertFollows(sql: Sql, ledgerId: Uuid, path: string): Promise<void> {
  const { seal, ledgerId: owner } = readTail(path);
  if (seal === undefined) return;
  const keep = `keep ${path} as evidence (hongmi verify --seals tells what is gone) and move it away to seal on`;
  if (owner !== ledgerId)
    throw new CannotSeal(`the seal file is of another ledger, ${owner}: ${keep}`);
  const [own] = await readSeals(sql, seal.number - 1, 1);
  if (own?.number !== seal.number)
    throw new CannotSeal(
      `the seal file has seal ${seal.number}, which the database has not: it lost its end, or an older backup was restored; ${keep}`,
    );
  if (!own.hash.equals(seal.hash))
    throw new CannotSeal(`seal ${seal.number} of the seal file is not the database's: ${keep}`);
}

interface Tail {
  readonly isEmpty: boolean;
  /** The last byte is not the end of a line. */
  readonly isTorn: boolean;
  readonly seal?: Seal;
  readonly ledgerId?: unknown;
}

function readTail(path: string): Tail {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { isEmpty: true, isTorn: false };
    throw error;
  }
  try {
    const { size } = statSync(path);
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const read = readSync(file, bytes, 0, bytes.length, size - bytes.length);
    const text = bytes.subarray(0, read);
    const facts = { isEmpty: size === 0, isTorn: read > 0 && text[read - 1] !== NEWLINE };
    for (const line of text.toString('utf8').split('\n').reverse()) {
      const fields = parse(line);
      const seal = isFields(fields) ? readSealShown(fields.seal) : undefined;
      if (isFields(fields) && seal !== undefined)
        return { ...facts, seal, ledgerId: fields.ledgerId };
    }
    return facts;
  } finally {
    closeSync(file);
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function write(path: string, text: string): void {
  const isNew = statSync(path, { throwIfNoEntry: false }) === undefined;
  const file = openSync(path, 'a', 0o644);
  try {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  if (!isNew) return;
  giveToFolderOwner(path);
  syncFolder(path);
}

/** A new name is durable only when its folder is. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
