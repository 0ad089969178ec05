import type { Instant } from '../kernel/clock.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readTermsOfLots } from '../ledger/read-terms.ts';
import type { Pool } from '../platform/database.ts';
import { endTransfer, readOpenTransfers } from './store.ts';
import { inCommand, outCommand, returnCommand, type Transfer } from './transfer.ts';

export interface AdvanceDeps {
  readonly pool: Pool;
  readonly ledger: Ledger;
}

/** Attempts at giving back in one go; the settle job goes on in the next minute. */
const RETURNS_MAX = 20;

/**
 * Brings a transfer to its end from wherever it is: it leaves the giver, and arrives or comes back. Every
 * step is a command whose key is that of the transfer, so whoever begins again from the start, after a
 * crash between any two steps or beside another process, is answered what was done. Never ended by time.
 */
export async function advance(deps: AdvanceDeps, transfer: Transfer): Promise<Transfer> {
  if (transfer.status !== 'open') return transfer;
  const { pool, ledger } = deps;
  const sent = await ledger.submit(outCommand(transfer));
  if (sent.status === 'refused') return end(deps, transfer, 'refused', sent.refusal);
  const { entries } = sent.transaction;
  const terms = await readTermsOfLots(
    pool,
    entries.map((entry) => entry.lot),
  );
  const arrived = await ledger.submit(inCommand(transfer, entries, terms));
  if (arrived.status === 'applied') return end(deps, transfer, 'arrived', null);
  for (let attempt = 0; attempt < RETURNS_MAX; attempt += 1) {
    const returned = await ledger.submit(returnCommand(transfer, attempt));
    if (returned.status === 'applied') return end(deps, transfer, 'returned', arrived.refusal);
    // Refused just now: what stands in the way is still there.
    if (!returned.replayed) return transfer;
  }
  return transfer;
}

async function end(
  { pool }: AdvanceDeps,
  transfer: Transfer,
  status: 'refused' | 'arrived' | 'returned',
  refusal: Refusal | null,
): Promise<Transfer> {
  await endTransfer(pool, transfer.id, status, refusal);
  return { ...transfer, status, refusal };
}

/** Goes on with what a crash left open since before `before`; answers how many ended. */
export async function resumeTransfers(
  deps: AdvanceDeps,
  before: Instant,
  limit: number,
): Promise<number> {
  const open = await readOpenTransfers(deps.pool, before, limit);
  const done = await Promise.all(open.map((transfer) => advance(deps, transfer)));
  return done.filter((transfer) => transfer.status !== 'open').length;
}
