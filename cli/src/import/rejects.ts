import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, type FileHandle, open, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { usage } from '../failure.ts';
import { writeCsvLine } from './csv.ts';
import { arm } from './formula.ts';
import { type Layout, REJECT_COLUMNS } from './header.ts';
import type { Mapping } from './mapping.ts';

/** Where rejected lines will be written; `check` fails while nothing has been changed yet. */
export interface RejectsPlace {
  check(): Promise<void>;
  /** The path asked for, or the default one. */
  path(): string;
  /** An explicit path is overwritten; a file at the default path may hold someone's corrections. */
  readonly explicit: boolean;
}

export interface Reject {
  readonly cells: readonly string[];
  readonly place: number;
  readonly layout: Layout;
  readonly reason: string;
  readonly detail: string;
  /** The part of the quantity that was not booked, when the rest was. */
  readonly left: number | null;
}

/** The place for a file's rejects: beside it, or where that cannot be written, here or in the temporary folder. */
export function rejectsPlace(file: string, asked: string | undefined, here: string): RejectsPlace {
  const beside = `${resolve(here, file)}.rejects.csv`;
  let chosen = asked === undefined ? beside : resolve(here, asked);
  return {
    explicit: asked !== undefined,
    path: () => chosen,
    async check() {
      if (chosen === resolve(here, file)) throw usage('rejects_same', { path: chosen });
      const candidates =
        asked === undefined
          ? [beside, join(here, basename(beside)), join(tmpdir(), basename(beside))]
          : [chosen];
      for (const candidate of candidates) {
        if (await isWritable(candidate)) {
          chosen = candidate;
          return;
        }
      }
      throw usage('rejects_unwritable', { path: chosen });
    },
  };
}

async function isWritable(path: string): Promise<boolean> {
  const probe = `${path}.partial`;
  try {
    await (await open(probe, 'w')).close();
    await rm(probe);
    return dirname(path) !== path;
  } catch {
    return false;
  }
}

/**
 * Writes rejected lines as a file that can be corrected and imported with the same mapping: the
 * original columns behind four of ours, which remember the line's number and the file it came from.
 * UTF-8 with a mark, so that spreadsheets show Chinese; cells they would run as formulas are disarmed.
 */
export async function openRejects(place: RejectsPlace, mapping: Mapping, source: string) {
  const partial = `${place.path()}.partial`;
  const handle: FileHandle = await open(partial, 'w');
  let pending = '';
  let begun = false;
  const header = (layout: Layout): void => {
    if (begun) return;
    begun = true;
    pending = `\uFEFF${writeCsvLine([...REJECT_COLUMNS, ...layout.columns.slice(ours(layout))], mapping.delimiter)}`;
  };
  return {
    add(reject: Reject): void {
      header(reject.layout);
      pending += writeCsvLine(rejectCells(reject, source), mapping.delimiter);
    },
    async flush(layout: Layout): Promise<void> {
      header(layout);
      await handle.writeFile(pending);
      pending = '';
    },
    async close(): Promise<string> {
      await handle.close();
      const path = await freePath(place, partial);
      await rename(partial, path);
      return path;
    },
    async abandon(): Promise<void> {
      await handle.close().catch(() => {});
      await rm(partial, { force: true });
    },
  };
}

function rejectCells(
  { cells, place, layout, reason, detail, left }: Reject,
  source: string,
): string[] {
  const { rejects, at } = layout;
  // A line that was rejected before keeps the number and the file it had first.
  const kept =
    rejects === null ? ['', ''] : [cells[rejects.line] ?? '', cells[rejects.source] ?? ''];
  const [line, from] = kept[0] === '' || kept[1] === '' ? [String(place), source] : kept;
  const original = cells.map((cell, index) => {
    if (left !== null && index === at.quantity) return String(-left);
    return rejects === null ? arm(cell) : cell;
  });
  return [line ?? '', reason, detail, from ?? '', ...original.slice(ours(layout))];
}

function ours(layout: Layout): number {
  return layout.rejects === null ? 0 : REJECT_COLUMNS.length;
}

const NAMES_MAX = 1_000;

async function freePath(place: RejectsPlace, written: string): Promise<string> {
  const path = place.path();
  if (place.explicit) return path;
  const digest = await digestOf(written);
  for (let number = 1; number < NAMES_MAX; number += 1) {
    const candidate = number === 1 ? path : path.replace(/\.csv$/, `.${number}.csv`);
    if (!(await exists(candidate)) || (await digestOf(candidate)) === digest) return candidate;
  }
  return path;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
