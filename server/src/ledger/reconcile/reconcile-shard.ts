import type { Clock } from '../../kernel/clock.ts';
import { showId } from '../../kernel/id.ts';
import type { Pool, Sql } from '../../platform/database.ts';
import { withTransaction } from '../../platform/database.ts';
import { hashGenesis } from '../encode.ts';
import type { LedgerIdentity } from '../open.ts';
import { FINDINGS_MAX } from '../verify/shard.ts';
import { type Tip, verifyBlock } from '../verify-block.ts';
import { type Range, reading, type StoredTransaction } from '../verify-read.ts';
import { Replay } from '../verify-replay.ts';
import { compareReplayed, compareSums } from './compare.ts';
import type { Invariant, Seen } from './finding.ts';
import { countersNamedBy, idsNamedBy, keep, restore, type ShadowRow } from './shadow.ts';
import {
  type Replayed,
  readBlockHash,
  readHead,
  readLotsOfEarns,
  readPageEnd,
  readReplayed,
  readShadows,
  writeFindings,
  writeReplayed,
  writeShadows,
} from './store.ts';

export interface ReconcileDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly identity: LedgerIdentity;
  /** Transactions in one page, but at least one block. */
  readonly page?: number;
}

/** What one page came to. */
export interface Page {
  readonly transactions: number;
  /** What was checked, by invariant: transactions, entries, rows. */
  readonly checked: Readonly<Record<Invariant, number>>;
  readonly findings: readonly Seen[];
  /** Those that were not on record before. */
  readonly fresh: readonly Seen[];
  /** False when more blocks wait. */
  readonly done: boolean;
}

/** Playing a page keeps its thread busy for some 30 ms at a stretch: requests wait no longer than that. */
const PAGE = 250;

/**
 * Replays the next page of a shard's blocks beside the state the ledger keeps: the chain goes on from where
 * it was left, every entry may do what it does, and every row it touched says the same. It reads one
 * snapshot and takes no lock that a writer waits for; what it has reached is kept in a short transaction.
 */
export async function reconcileShard(deps: ReconcileDeps, shard: number): Promise<Page> {
  const { pool, clock, identity, page = PAGE } = deps;
  const found = await withTransaction(pool, async (tx) => {
    await tx.query('set transaction isolation level repeatable read, read only');
    return readPage(tx, identity, shard, page);
  });
  const { reached, from, changed, ...outcome } = found;
  const findings = outcome.findings.slice(0, FINDINGS_MAX);
  if (reached === undefined && findings.length === 0) return { ...outcome, findings, fresh: [] };
  const fresh = await withTransaction(pool, async (tx) => {
    if (reached !== undefined && !(await writeReplayed(tx, shard, from, reached))) return undefined;
    if (changed.length > 0) await writeShadows(tx, shard, changed);
    return writeFindings(tx, findings, clock.now());
  });
  // Another process reconciled the same page meanwhile: it is the one that tells.
  return fresh === undefined ? NOTHING : { ...outcome, findings, fresh };
}

const NOTHING: Page = {
  transactions: 0,
  checked: { chain: 0, entries: 0, state: 0 },
  findings: [],
  fresh: [],
  done: true,
};

interface ReadPage extends Omit<Page, 'fresh'> {
  readonly from: number;
  /** Undefined: the replay stays where it was. */
  readonly reached: Replayed | undefined;
  readonly changed: readonly ShadowRow[];
}

async function readPage(
  sql: Sql,
  { ledgerId, shards }: LedgerIdentity,
  shard: number,
  limit: number,
): Promise<ReadPage> {
  const findings: Seen[] = [];
  const at: Replayed = (await readReplayed(sql, shard)) ?? {
    number: 0,
    hash: hashGenesis(ledgerId, shards, shard),
    entries: 0,
    recordedAt: 0,
    memberTotals: {},
  };
  const stay = { ...NOTHING, findings, from: at.number, reached: undefined, changed: [] };
  if (at.number > 0) {
    const hash = await readBlockHash(sql, shard, at.number);
    if (hash === undefined || !hash.equals(at.hash)) {
      const message =
        hash === undefined
          ? 'it was cut off: it stood in the chain when it was replayed'
          : 'it was written anew: it had another hash when it was replayed';
      // Nothing after it can be replayed onto what was reached.
      findings.push({
        shard,
        block: at.number,
        invariant: 'chain',
        about: `block ${at.number}`,
        message,
      });
      return stay;
    }
  }
  const upTo = await readPageEnd(sql, shard, at.number, limit);
  const head = await readHead(sql, shard);
  if (upTo === undefined) {
    if (head.block !== at.number || !head.hash.equals(at.hash)) {
      const message = `it names block ${head.block}, but the chain ends with block ${at.number}`;
      findings.push({ shard, invariant: 'chain', about: 'head', message });
    }
    return stay;
  }
  const tip: Tip = { ...at };
  const transactions = await readChain(sql, shard, { after: at.number, upTo }, tip, findings);
  const replayed = await replay(sql, shard, transactions, findings);
  const memberTotals = addTotals(at.memberTotals, replayed.gained);
  const compared = { block: tip.number, isNewest: head.block === tip.number, findings };
  let rows = await compareReplayed(sql, shard, replayed.replay, compared);
  if (compared.isNewest) rows += await compareSums(sql, shard, memberTotals, compared);
  return {
    from: at.number,
    reached: { ...tip, memberTotals },
    changed: replayed.changed,
    transactions: transactions.length,
    checked: { chain: transactions.length, entries: replayed.entries, state: rows },
    findings,
    done: compared.isNewest,
  };
}

/** A transaction with the block it stands in. */
interface Placed {
  readonly block: number;
  readonly stored: StoredTransaction;
}

async function readChain(
  sql: Sql,
  shard: number,
  range: Range,
  tip: Tip,
  findings: Seen[],
): Promise<Placed[]> {
  const all: Placed[] = [];
  const part = reading(sql, shard, range);
  for await (const { block, transactions, strays } of part.blocks()) {
    const report = (about: string, message: string): void => {
      findings.push({ shard, block: block.number, invariant: 'chain', about, message });
    };
    for (const stray of strays) report(stray, 'it stands in no block');
    verifyBlock(block, transactions, tip, report);
    for (const stored of transactions) all.push({ block: block.number, stored });
  }
  for (const about of part.strays())
    findings.push({ shard, invariant: 'chain', about, message: 'it stands in no block' });
  return all;
}

interface Played {
  readonly replay: Replay;
  readonly changed: readonly ShadowRow[];
  /** What member accounts gained, by point type. */
  readonly gained: ReadonlyMap<string, bigint>;
  readonly entries: number;
}

async function replay(
  sql: Sql,
  shard: number,
  placed: readonly Placed[],
  findings: Seen[],
): Promise<Played> {
  const transactions = placed.map((each) => each.stored);
  const state = new Replay();
  const rows = await readShadows(
    sql,
    shard,
    idsNamedBy(transactions),
    countersNamedBy(transactions),
  );
  restore(state, rows);
  const earns = transactions.flatMap(({ transaction }) =>
    transaction?.kind === 'return' && transaction.subject !== null ? [transaction.subject] : [],
  );
  for (const { earn, lot } of await readLotsOfEarns(sql, shard, earns))
    state.returnedLot.set(earn, lot);
  // A return may leave the lot it returns alone: then no entry names it.
  const unnamed = [...state.returnedLot.values()].filter((lot) => !state.lots.has(lot));
  const more = await readShadows(sql, shard, unnamed, []);
  restore(state, more);
  // As text, before playing changes what was restored.
  const known = new Map(
    [...rows, ...more].map((row) => [`${row.about} ${row.what}`, JSON.stringify(row.state)]),
  );
  const before = totalsOf(state);
  let entries = 0;
  for (const { block, stored } of placed) {
    if (stored.transaction === null) continue;
    entries += stored.transaction.entries.length;
    const about = `transaction ${showId('transaction', stored.id)}`;
    for (const message of state.play(stored.transaction, stored.lotsMade, stored.marks))
      findings.push({ shard, block, invariant: 'entries', about, message });
  }
  const gained = totalsOf(state);
  for (const [pointType, total] of before)
    gained.set(pointType, (gained.get(pointType) ?? 0n) - total);
  const changed = keep(state).filter(
    (row) => known.get(`${row.about} ${row.what}`) !== JSON.stringify(row.state),
  );
  return { replay: state, changed, gained, entries };
}

function totalsOf({ accounts }: Replay): Map<string, bigint> {
  const totals = new Map<string, bigint>();
  for (const [key, { free, held, debt }] of accounts) {
    const pointType = key.slice(37);
    totals.set(pointType, (totals.get(pointType) ?? 0n) + BigInt(free + held - debt));
  }
  return totals;
}

function addTotals(
  totals: Replayed['memberTotals'],
  gained: ReadonlyMap<string, bigint>,
): Record<string, string> {
  const sums: Record<string, string> = { ...totals };
  for (const [pointType, points] of gained)
    sums[pointType] = (BigInt(sums[pointType] ?? 0) + points).toString();
  return sums;
}
