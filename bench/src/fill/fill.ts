import { appendFileSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { readId, type Uuid } from '@hongmi/server/kernel/id';
import type { FillJob, FromFillProcess } from '../fill-process.ts';
import { withClient } from '../naive/prepare.ts';
import { startChild } from '../processes/child.ts';
import { buildIndexes, dropIndexes } from './indexes.ts';

export interface FillOptions {
  /** The owner's. */
  readonly databaseUrl: string;
  readonly members: number;
  /** An issue or a burn from one lot makes one; so there are as many transactions. */
  readonly entries: number;
  /** As shown. */
  readonly merchants: readonly string[];
  readonly startingPoints: number;
  readonly seed: number;
  /** Gets the members' ids, one per line. */
  readonly membersFile: string;
  readonly say: (line: string) => void;
}

const YEAR_MS = 365 * 24 * 3_600_000;
const HOUR_MS = 3_600_000;
const PARTS_MAX = 8;

/** Fills a migrated, empty ledger with two years of `members` members; nobody else may write meanwhile. */
export async function fillLedger(options: FillOptions): Promise<void> {
  const { databaseUrl, members, entries, merchants, say } = options;
  const startedAt = performance.now();
  const place = await withClient(databaseUrl, (sql) =>
    sql.query<{ shards: number; programme: number; pointType: number }>(
      `select s.shards, p.id as programme, t.id as "pointType" from ledger.setting s, programme p
       join point_type t on t.programme = p.id where p.code = 'default' and t.code = 'points'`,
    ),
  );
  const found = place.rows[0];
  if (found === undefined) throw new Error('there is no ledger to fill');
  const statements = await withClient(databaseUrl, dropIndexes);
  const parts = Math.min(PARTS_MAX, found.shards, Math.max(1, availableParallelism() >> 1));
  const until = Date.now() - HOUR_MS;
  const fileOf = (part: number): string => `${options.membersFile}.${part}`;
  await Promise.all(
    Array.from({ length: parts }, (_, part) =>
      fillPart({
        ...found,
        part,
        parts,
        members: shareOf(members, part, parts),
        transactions: shareOf(entries, part, parts),
        merchants: merchants.map((shown) => readId('merchant', shown) as Uuid),
        startingPoints: options.startingPoints,
        since: until - 2 * YEAR_MS,
        until,
        seed: options.seed * PARTS_MAX + part,
        url: databaseUrl,
        membersFile: fileOf(part),
      }),
    ),
  );
  for (let part = 0; part < parts; part += 1) {
    appendFileSync(options.membersFile, readFileSync(fileOf(part)));
    rmSync(fileOf(part));
  }
  const filledAt = performance.now();
  await withClient(databaseUrl, (sql) => buildIndexes(sql, statements));
  const seconds = (from: number, to: number): string => ((to - from) / 1000).toFixed(0);
  say(
    `filled ${members.toLocaleString('en')} members and ${entries.toLocaleString('en')} entries in ${seconds(startedAt, filledAt)} s, indexes and vacuum in ${seconds(filledAt, performance.now())} s`,
  );
}

async function fillPart(job: FillJob): Promise<void> {
  const child = startChild('fill', new URL('../fill-process.js', import.meta.url));
  try {
    type Ended = Extract<FromFillProcess, { filled: true }> &
      Extract<FromFillProcess, { failure: string }>;
    const { failure } = await child.ask<Ended>(
      job,
      (given) => 'filled' in given || 'failure' in given,
    );
    if (failure !== undefined) throw new Error(`filling failed: ${failure}`);
  } finally {
    await child.stop();
  }
}

function shareOf(count: number, part: number, parts: number): number {
  return Math.floor((count * (part + 1)) / parts) - Math.floor((count * part) / parts);
}
