import type { Clock } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type OpenAccount, readOpenAccounts, readSent } from '../ledger/read-sent.ts';
import type { Members } from '../members/registry.ts';
import type { Pool } from '../platform/database.ts';
import { inCommand, type Move, outCommand, returnCommand, type Way } from './merge.ts';
import { endMove, findMergeOf, findOpenMove, openMove } from './store.ts';

export interface MoveDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  /** The ledger itself, not the one that follows merges: that one moves accounts by what is here. */
  readonly ledger: Ledger;
  readonly members: Members;
}

/** Attempts at giving back in one go; the settle job goes on in the next minute. */
const RETURNS_MAX = 20;

/** What moving an account would move. */
export interface Planned {
  readonly points: number;
  readonly debt: number;
  /** What lapsed and is booked as expired first. */
  readonly expired: number;
}

/** What would move now, or why it cannot: holds are open, or the survivor's account has no room. Null: it is empty. */
export async function planMove(deps: MoveDeps, way: Way): Promise<Planned | Refusal | null> {
  const { pool, ledger } = deps;
  const [out] = await ledger.preview([outCommand(way)]);
  if (out === undefined) throw new Error('every command has an answer');
  if (out.status === 'refused')
    return out.refusal.code === 'nothing_to_transfer' ? null : out.refusal;
  const { entries, points } = out.transaction;
  const sent = await readSent(pool, out.transaction);
  const [arrival] = await ledger.preview([inCommand(way, sent)]);
  if (arrival?.status === 'refused') return arrival.refusal;
  const lapsed = entries.filter((entry) => entry.kind === 'expire');
  const expired = lapsed.reduce((sum, entry) => sum + entry.points, 0);
  return { points, debt: sent.debt, expired };
}

/**
 * Moves all that an absorbed member's accounts hold to whom it has become; answers whether they are empty
 * now. What is held stays until its hold ends, what the survivor has no room for until there is. Anyone may
 * do so at any time, also several at once.
 */
export async function emptyAccounts(deps: MoveDeps, absorbed: Uuid): Promise<boolean> {
  const { pool, ledger, members } = deps;
  const survivor = (await members.survivors(absorbed)).at(-1);
  if (survivor === undefined) return true;
  for (;;) {
    const open = await readOpenAccounts(pool, ledger.shardOf(absorbed), [absorbed]);
    if (open.length === 0) return true;
    let hasMoved = false;
    for (const account of open) hasMoved = (await moveAccount(deps, account, survivor)) || hasMoved;
    // An account with very many lots takes several rounds.
    if (!hasMoved) return false;
  }
}

/** Whether anything was moved. */
async function moveAccount(deps: MoveDeps, account: OpenAccount, survivor: Uuid): Promise<boolean> {
  const { pool, clock, ledger } = deps;
  const { member: absorbed, programme, pointType } = account;
  const underWay = await findOpenMove(pool, { absorbed, pointType });
  if (underWay !== undefined) return advanceMove(deps, underWay);
  const merge = await findMergeOf(pool, absorbed);
  if (merge === undefined) throw new Error(`member ${absorbed} was absorbed without a merge`);
  const id = ledger.newId(absorbed);
  const way = { id, merge: merge.id, absorbed, survivor, programme, pointType };
  // Found out before, so that what cannot be moved is not sent to and fro every minute.
  const planned = await planMove(deps, way);
  if (planned === null || 'code' in planned) return false;
  const fresh = { ...way, points: null, debt: null, recordedAt: clock.now() };
  return advanceMove(deps, await openMove(pool, fresh));
}

/**
 * Brings a move to its end from wherever it is. Every step is a command whose key is that of the move, so
 * whoever begins again from the start, after a crash between any two steps or beside another process, is
 * answered what was done. Answers whether it arrived.
 */
export async function advanceMove(deps: MoveDeps, move: Move): Promise<boolean> {
  if (move.status !== 'open') return false;
  const { pool, ledger, members } = deps;
  const out = await ledger.submit(outCommand(move));
  if (out.status === 'refused') {
    await endMove(pool, move.id, 'idle', null);
    return false;
  }
  const sent = await readSent(pool, out.transaction);
  const arrived = await ledger.submit(inCommand(move, sent));
  if (arrived.status === 'applied') {
    await endMove(pool, move.id, 'arrived', { points: out.transaction.points, debt: sent.debt });
    // The receiver may have been absorbed meanwhile: then it was not the last stop.
    if ((await members.survivors(move.survivor)).length > 0)
      await emptyAccounts(deps, move.survivor);
    return true;
  }
  for (let attempt = 0; attempt < RETURNS_MAX; attempt += 1) {
    const returned = await ledger.submit(returnCommand(move, attempt));
    // Refused just now: what stands in the way is still there.
    if (returned.status === 'refused' && !returned.replayed) return false;
    if (returned.status === 'refused') continue;
    await endMove(pool, move.id, 'returned', null);
    return false;
  }
  return false;
}
