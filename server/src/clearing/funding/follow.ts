import type { Uuid } from '../../kernel/id.ts';
import { ENTRY_KINDS, ROLES } from '../../ledger/transaction.ts';
import { type Pool, type Transaction, withTransaction } from '../../platform/database.ts';
import {
  type Followed,
  type FundedRow,
  hasAccounts,
  lockFundedLots,
  moveOn,
  type Root,
  readCursors,
  readFollowed,
  readNewest,
  readPageEnd,
  readRoots,
  takeTurn,
  writeFundedLots,
} from './follow-store.ts';
import { after, fateOf, type Happening, split } from './releases.ts';
import { addFollowed, lockAccounts, settleTotal } from './store.ts';

export interface FollowOptions {
  readonly pool: Pool;
  readonly shards: number;
  /** Entries in one page. */
  readonly page?: number;
  /** Whether what another process follows at this moment is waited for: who asks needs to know all of it. */
  readonly waits?: boolean;
}

const PAGE = 2_000;
/** Of a shard in one round: twenty million entries. What is behind them waits for the next. */
const PAGES_MAX = 10_000;

/**
 * Learns from the ledger what became of points that accounts fund: what will never be owed is released, and may be drawn
 * again. Each page moves the cursor and the totals in one transaction, so that every entry counts exactly once, however
 * often this dies and whoever else follows. Answers how many entries were read.
 */
export async function followFunding(options: FollowOptions): Promise<number> {
  let total = 0;
  // Points that were sent to another shard may wait for what happened to them in this one before.
  for (let isMoving = true; isMoving; ) {
    isMoving = false;
    for (let shard = 0; shard < options.shards; shard += 1) {
      for (let page = 0; page < PAGES_MAX; page += 1) {
        const read = await followPage(options, shard);
        total += read;
        if (read === 0) break;
        isMoving = true;
      }
    }
  }
  return total;
}

/** Follows the next page of a shard; answers how many entries further that is. */
export function followPage(
  { pool, page = PAGE, waits = false }: FollowOptions,
  shard: number,
): Promise<number> {
  return withTransaction(pool, async (tx) => {
    const from = await takeTurn(tx, shard, waits);
    if (from === undefined) return 0;
    // What was issued before there was any account draws on none. Looked for after the end was: an account that is
    // opened in between has nothing before it.
    const newest = await readNewest(tx, shard, from);
    if (newest === undefined) return 0;
    if (!(await hasAccounts(tx))) {
      await moveOn(tx, shard, newest);
      return newest - from;
    }
    const until = await readPageEnd(tx, shard, from, page);
    if (until === undefined) return 0;
    const reached = await followEntries(tx, shard, from, until);
    if (reached > from) await moveOn(tx, shard, reached);
    return reached - from;
  });
}

/** Follows entries as far as those before them are known; answers how far. */
async function followEntries(
  tx: Transaction,
  shard: number,
  from: number,
  until: number,
): Promise<number> {
  const entries = await readFollowed(tx, shard, from, until);
  if (entries.length === 0) return until;
  const lots = [...new Set(entries.map(({ lot }) => lot))];
  const roots = new Map((await readRoots(tx, lots)).map((root) => [root.lot, root]));
  const cursors = await readCursors(tx);
  // What was made by converting in another shard, and not followed there yet, is nobody's so far.
  const isAhead = ({ lot }: Followed): boolean => {
    const root = roots.get(lot);
    return (
      root?.isConverted === true &&
      root.shard !== shard &&
      (cursors.get(root.shard) ?? 0) < root.seq
    );
  };
  const stop = entries.findIndex(isAhead);
  const known = stop < 0 ? entries : entries.slice(0, stop);
  const named = [...new Set(known.flatMap(({ lot }) => roots.get(lot)?.root ?? []))];
  const lotsBefore = await lockFundedLots(tx, named);
  const { changed, gained } = play(known, roots, lotsBefore);
  if (changed.length > 0) await writeFundedLots(tx, changed);
  const moved = [...gained].filter(([, { released, used }]) => released !== 0 || used !== 0);
  for (const { id } of await lockAccounts(
    tx,
    moved.map(([account]) => account),
  )) {
    const { released, used } = gained.get(id) ?? NOTHING;
    await addFollowed(tx, id, released, used);
    await settleTotal(tx, id);
  }
  return stop < 0 ? until : (entries[stop]?.seq ?? until) - 1;
}

const NOTHING = { released: 0, used: 0 };

interface Gained {
  /** Milli-fen. */
  readonly released: number;
  readonly used: number;
}

/** What entries, in order, do to funded lots and to the accounts that fund them. */
export function play(
  entries: readonly Followed[],
  roots: ReadonlyMap<Uuid, Pick<Root, 'root'>>,
  lots: readonly FundedRow[],
): { readonly changed: readonly FundedRow[]; readonly gained: ReadonlyMap<Uuid, Gained> } {
  const state = new Map<Uuid, FundedRow[]>();
  for (const row of lots) state.set(row.lot, [...(state.get(row.lot) ?? []), row]);
  const touched = new Set<Uuid>();
  const gained = new Map<Uuid, Gained>();
  const replace = (before: FundedRow | undefined, now: FundedRow): FundedRow => {
    const was = before === undefined ? { releasedMilli: 0, usedMilli: 0 } : fateOf(before);
    const is = fateOf(now);
    const { released, used } = gained.get(now.account) ?? NOTHING;
    gained.set(now.account, {
      released: released + is.releasedMilli - was.releasedMilli,
      used: used + is.usedMilli - was.usedMilli,
    });
    return now;
  };
  for (const entry of entries) {
    const root = roots.get(entry.lot)?.root;
    const rows = root === undefined ? undefined : state.get(root);
    if (root === undefined || rows === undefined) continue;
    touched.add(root);
    const { points, made, madePoints } = entry;
    if (made !== null && madePoints !== null) {
      const parts = rows.map((row) => ({ row, ...split(row, points, madePoints) }));
      const left = parts.map((part) => replace(part.row, { ...part.row, ...part.left }));
      state.set(root, left);
      state.set(
        made,
        parts.map(({ row, made: terms }) => ({ ...row, lot: made, ...terms })),
      );
      touched.add(made);
      continue;
    }
    const next = rows.map((row) => {
      const happening = happeningOf(entry, row.payer);
      return happening === null ? row : replace(row, { ...row, ...after(row, happening, points) });
    });
    state.set(root, next);
  }
  return { changed: [...touched].flatMap((lot) => state.get(lot) ?? []), gained };
}

/** What an entry means for who pays for its lot; null: nothing. */
function happeningOf({ kind, fromRole, toRole, payers }: Followed, payer: Uuid): Happening | null {
  const isOwed = payers.includes(payer);
  switch (kind) {
    case ENTRY_KINDS.take:
      if (toRole === ROLES.in_transit) return null;
      return toRole === ROLES.acquirer ? 'used' : 'released';
    case ENTRY_KINDS.capture:
      return 'used';
    case ENTRY_KINDS.expire:
      return 'released';
    case ENTRY_KINDS.recover:
      return isOwed ? 'used' : 'released';
    case ENTRY_KINDS.restore:
      return fromRole === ROLES.acquirer ? 'given_back' : null;
    case ENTRY_KINDS.repay:
      // A refund pays debts with points that were used already.
      if (fromRole === ROLES.acquirer) return isOwed ? null : 'given_back_and_released';
      return isOwed ? 'used' : 'released';
    default:
      return null;
  }
}
