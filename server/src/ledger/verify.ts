import { shardOf } from '../kernel/id.ts';
import type { Pool } from '../platform/database.ts';
import { KINDS } from './command.ts';
import { readIdentity } from './open.ts';
import { type Evidence, type Pinned, readEvidence } from './seals/evidence.ts';
import type { ShardPins } from './seals/pins.ts';
import { type Later, meet } from './verify/between.ts';
import type { CodedFinding } from './verify/finding.ts';
import { withShards } from './verify/read.ts';
import { FINDINGS_MAX, type ShardVerification, verifyShard } from './verify/shard.ts';
import type { LedgerIdentity } from './verify/source.ts';

export interface Verification {
  readonly ok: boolean;
  readonly ledgerId: string;
  readonly shards: number;
  readonly blocks: number;
  readonly transactions: number;
  readonly entries: number;
  readonly lots: number;
  readonly accounts: number;
  /** Transactions whose free text was erased, as the register says. */
  readonly erased: number;
  /** How many seals it was held against. */
  readonly seals: number;
  /** At most {@link FINDINGS_MAX} per shard, in chain order, causes before consequences. */
  readonly findings: readonly CodedFinding[];
}

/** Told after every shard: how many are done, and their entries together. */
export type OnProgress = (done: { shard: number; shards: number; entries: number }) => void;

/**
 * Replays the whole ledger from its first block and compares: every transaction's leaf, every Merkle
 * root and block hash, the links between blocks, and then accounts, lots, holds, debts and sums with
 * what the entries say. Finds whatever was changed, deleted, inserted or reordered inside the chain. A
 * tail that was cut off or rewritten consistently is found against the seals and the evidence.
 * Each shard is read in one snapshot, so it may run beside writes.
 */
export async function verifyLedger(
  pool: Pool,
  onProgress?: OnProgress,
  evidence: Evidence = {},
): Promise<Verification> {
  const identity = await ledgerIdentity(pool);
  // Read before the chains, which may only grow meanwhile.
  const pinned = await readEvidence(identity.ledgerId, identity.shards, evidence, pool);
  const verifyOne = (shard: number, pins: ShardPins): Promise<ShardVerification> =>
    verifyShardOf(pool, identity, shard, pins);
  const later = laterIn(pool);
  return verifyShards({ identity, pinned, verifyOne, later, atOnce: 1, onProgress });
}

/** Which ledger a database holds. */
export async function ledgerIdentity(pool: Pool): Promise<LedgerIdentity> {
  const identity = await readIdentity(pool);
  if (identity === undefined) throw new Error('there is no ledger in this database');
  return identity;
}

/** Verifies one shard of a database, in one snapshot. */
export function verifyShardOf(
  pool: Pool,
  identity: LedgerIdentity,
  shard: number,
  pins: ShardPins,
): Promise<ShardVerification> {
  return withShards(pool, (source) => verifyShard(identity, shard, source(shard), pins));
}

/** By the database as it is now. */
export function laterIn(pool: Pool): Later {
  return {
    async wasSent(transfer) {
      const { rowCount } = await pool.query(
        'select from ledger.transaction where shard = $1 and id = $2 and kind = $3 and refusal is null',
        [shardOf(transfer), transfer, KINDS.transfer_out],
      );
      return rowCount === 1;
    },
    async leftOf(earn) {
      const { rows } = await pool.query<{ left: number }>(
        `select coalesce(sum(t.points - e.points), 0)::int8 as left from ledger.transaction t
          cross join lateral (select coalesce(sum(e.points), 0) as points from ledger.entry e
            where e.shard = t.shard and e.seq >= t.entry_first and e.seq < t.entry_first + t.entries) e
          where t.shard = $1 and t.subject = $2 and t.kind = $3 and t.refusal is null`,
        [shardOf(earn), earn, KINDS.return],
      );
      return rows[0]?.left ?? 0;
    },
  };
}

/** Verifies every shard, `atOnce` at a time, and adds up what was found. */
export async function verifyShards({
  identity: { ledgerId, shards },
  pinned,
  verifyOne,
  later,
  atOnce,
  onProgress = () => {},
}: {
  readonly identity: LedgerIdentity;
  readonly pinned: Pinned;
  readonly verifyOne: (shard: number, pins: ShardPins) => Promise<ShardVerification>;
  readonly later: Later;
  readonly atOnce: number;
  readonly onProgress?: OnProgress | undefined;
}): Promise<Verification> {
  const done: ShardVerification[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < shards) {
      const shard = next;
      next += 1;
      done.push(await verifyOne(shard, pinned.pins[shard] as ShardPins));
      onProgress({ shard: done.length, shards, entries: sumOf(done, 'entries') });
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, shards) }, work));
  done.sort((a, b) => a.shard - b.shard);
  const findings = [...pinned.findings, ...done.flatMap((each) => each.findings)];
  findings.push(...(await meet(done, later)).slice(0, FINDINGS_MAX));
  return {
    ok: findings.length === 0,
    ledgerId,
    shards,
    blocks: sumOf(done, 'blocks'),
    transactions: sumOf(done, 'transactions'),
    entries: sumOf(done, 'entries'),
    lots: sumOf(done, 'lots'),
    accounts: sumOf(done, 'accounts'),
    erased: sumOf(done, 'erased'),
    seals: pinned.seals,
    findings,
  };
}

function sumOf(
  done: readonly ShardVerification[],
  what: 'blocks' | 'transactions' | 'entries' | 'lots' | 'accounts' | 'erased',
): number {
  return done.reduce((sum, each) => sum + each[what], 0);
}
