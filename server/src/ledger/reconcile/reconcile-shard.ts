import type { Clock } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Pool, Sql } from '../../platform/database.ts';
import { withTransaction } from '../../platform/database.ts';
import type { LedgerIdentity } from '../open.ts';
import { Accruals } from '../verify/accruals.ts';
import { beginning, Chain, type Tip } from '../verify/chain.ts';
import { compareAccruals } from '../verify/compare-accruals.ts';
import { about, type Problem, problem, type Subject } from '../verify/finding.ts';
import { LeafView, readUuid } from '../verify/leaf.ts';
import { DatabaseShard } from '../verify/read.ts';
import { Replay } from '../verify/replay.ts';
import { FINDINGS_MAX } from '../verify/shard.ts';
import type { StoredAccrual } from '../verify/source.ts';
import { compareReplayed, compareSums } from './compare.ts';
import { type Invariant, type Seen, seen } from './finding.ts';
import { restoreAccruals } from './read-accruals.ts';
import { addRows, rowsOf, Shadow, type ShadowRow } from './shadow.ts';
import { bytesOf, namedBy, restore, shadowOf } from './shadow-replay.ts';
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
  identity: LedgerIdentity,
  shard: number,
  limit: number,
): Promise<ReadPage> {
  const findings: Seen[] = [];
  const at: Replayed = (await readReplayed(sql, shard)) ?? {
    ...beginning(identity, shard),
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
  const { tip, transactions, placed } = await readChain(sql, shard, at, upTo, findings);
  const replayed = await replay(sql, shard, placed, at.number, findings);
  const memberTotals = addTotals(at.memberTotals, replayed.gained);
  const compared = { block: tip.number, isNewest: head.block === tip.number, findings };
  let rows = await compareReplayed(sql, shard, replayed.shadow, compared);
  if (compared.isNewest) rows += await compareSums(sql, shard, memberTotals, compared);
  return {
    from: at.number,
    reached: { ...tip, memberTotals },
    changed: replayed.changed,
    transactions,
    checked: { chain: transactions, entries: replayed.entries, state: rows },
    findings,
    done: compared.isNewest,
  };
}

/** A transaction's leaf, with its id and the block it stands in. */
interface Placed {
  readonly block: number;
  readonly id: Uuid;
  readonly leaf: Buffer;
  readonly accruals: readonly StoredAccrual[];
}

async function readChain(
  sql: Sql,
  shard: number,
  at: Tip,
  upTo: number,
  findings: Seen[],
): Promise<{ tip: Tip; transactions: number; placed: Placed[] }> {
  const placed: Placed[] = [];
  const report = (subject: Subject, what: Problem, block?: number): void => {
    findings.push(seen('chain', { shard, block }, subject, what));
  };
  const chain = new Chain(shard, at, {
    report,
    play: (leaf, { number, listed }, listedAt, accruals) => {
      const id = readUuid(listed, listedAt);
      placed.push({ block: number, id, leaf: Buffer.from(leaf), accruals });
    },
  });
  const page = { after: at.number, upTo, entryFirst: at.entries };
  const source = new DatabaseShard(sql, shard, page);
  for await (const block of source.blocks()) chain.add(block);
  for (const stray of source.strayEntries()) report(stray, problem('in_no_block'));
  return { tip: chain.tip, transactions: chain.total.transactions, placed };
}

interface Played {
  readonly shadow: Shadow;
  readonly changed: readonly ShadowRow[];
  /** What member accounts gained, by point type. */
  readonly gained: ReadonlyMap<string, bigint>;
  readonly entries: number;
}

async function replay(
  sql: Sql,
  shard: number,
  placed: readonly Placed[],
  reached: number,
  findings: Seen[],
): Promise<Played> {
  const leaves = placed.map((each) => each.leaf);
  const named = namedBy(leaves);
  const before = new Shadow();
  const rows = await readShadows(sql, shard, named.ids, named.counters);
  addRows(before, rows);
  const lotsOfEarns = await readLotsOfEarns(sql, shard, named.earns);
  // A return may leave the lot it returns alone, and a capture lots of its hold: then no entry names it.
  const concerned = new Set(lotsOfEarns.map((each) => each.lot));
  for (const hold of before.holds.values()) for (const [lot] of hold.lots) concerned.add(lot);
  const unnamed = [...concerned].filter((lot) => !before.lots.has(lot));
  const more = await readShadows(sql, shard, unnamed, []);
  addRows(before, more);
  const state = new Replay();
  restore(state, before);
  for (const { earn, lot } of lotsOfEarns) {
    const number = state.lots.ids.find(bytesOf(lot), 0);
    if (number >= 0) state.restoreEarn(bytesOf(earn), number);
  }
  const accrued = new Accruals();
  await restoreAccruals(sql, shard, accrued, leaves, reached);
  let entries = 0;
  const view = new LeafView();
  for (const { block, id, leaf, accruals } of placed) {
    entries += view.read(leaf).entryCount;
    const wrong = [...state.play(leaf), ...compareAccruals(accrued.play(view), accruals)];
    for (const each of wrong)
      findings.push(seen('entries', { shard, block }, about('transaction', id), each));
  }
  const shadow = shadowOf(state);
  const gained = totalsOf(shadow);
  for (const [pointType, total] of totalsOf(before))
    gained.set(pointType, (gained.get(pointType) ?? 0n) - total);
  const known = new Map(
    [...rows, ...more].map((row) => [`${row.about} ${row.what}`, JSON.stringify(row.state)]),
  );
  const changed = rowsOf(shadow).filter(
    (row) => known.get(`${row.about} ${row.what}`) !== JSON.stringify(row.state),
  );
  return { shadow, changed, gained, entries };
}

function totalsOf({ accounts }: Shadow): Map<string, bigint> {
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
