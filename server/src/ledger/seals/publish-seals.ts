import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql } from '../../platform/database.ts';
import { giveToFolderOwner } from '../../platform/ownership.ts';
import { SEAL_FORMAT } from './seal.ts';
import { syncFolder } from './seal-file.ts';
import { showSeal, showSealKey } from './seal-json.ts';
import { readSealBefore, readSealKeys } from './store.ts';

/** A programme whose days are published. */
export interface Published {
  readonly code: string;
  /** IANA name. */
  readonly timeZone: string;
}

/** How many sealed days one round makes up for: whoever lost the folder gets it back over some rounds. */
const DAYS_MAX = 40;

/**
 * Writes `<folder>/<programme>/<day>.json` with the last seal of every ended day of a programme, newest
 * first, back to the first day that is there already. Days on which nothing was sealed have no file.
 * Answers how many were written.
 */
export async function publishSeals(
  sql: Sql,
  ledgerId: Uuid,
  folder: string,
  programmes: readonly Published[],
  now: Instant,
): Promise<number> {
  let written = 0;
  for (const { code, timeZone } of programmes) {
    let before = startOfDay(now, timeZone);
    for (let days = 0; days < DAYS_MAX; days += 1) {
      const seal = await readSealBefore(sql, before);
      if (seal === undefined) break;
      const day = dayOf(seal.sealedAt, timeZone);
      const path = join(folder, code, `${day}.json`);
      if (existsSync(path)) break;
      const keys = (await readSealKeys(sql)).filter((key) => key.firstSeal <= seal.number);
      writeWhole(path, {
        ledgerId,
        format: SEAL_FORMAT,
        programme: code,
        day,
        timeZone,
        keys: keys.map(showSealKey),
        seal: showSeal(seal),
      });
      written += 1;
      before = startOfDay(seal.sealedAt, timeZone);
    }
  }
  return written;
}

/** The day an instant falls on in a time zone, as `2026-11-22`. */
function dayOf(at: Instant, timeZone: string): string {
  const numeric = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  const parts = new Intl.DateTimeFormat('en', { timeZone, calendar: 'iso8601', ...numeric });
  const found = new Map(parts.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${found.get('year')}-${found.get('month')}-${found.get('day')}`;
}

/** The first moment of the day an instant falls on, in a time zone; days of 23 and 25 hours included. */
export function startOfDay(at: Instant, timeZone: string): Instant {
  const day = dayOf(at, timeZone);
  // The day of an instant never falls as time passes, so its first millisecond is found by halving.
  let [outside, inside] = [at - 48 * 3_600_000, at];
  while (inside - outside > 1) {
    const middle = outside + Math.floor((inside - outside) / 2);
    if (dayOf(middle, timeZone) === day) inside = middle;
    else outside = middle;
  }
  return inside;
}

/** A reader finds the whole file or none. */
function writeWhole(path: string, content: object): void {
  const folder = join(path, '..');
  if (mkdirSync(folder, { recursive: true }) !== undefined) giveToFolderOwner(folder);
  const beside = `${path}.${randomUUID()}`;
  const file = openSync(beside, 'wx', 0o644);
  try {
    writeSync(file, `${JSON.stringify(content, null, 2)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  giveToFolderOwner(beside);
  renameSync(beside, path);
  syncFolder(path);
}
