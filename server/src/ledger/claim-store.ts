import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { byteas, int2s, int4s, texts, uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';
import type { Claimant } from './claim.ts';
import type { IssueCommand } from './command.ts';

/** A fact that was not to be had, and the claim that has it: open, applied, or gone again meanwhile. */
export interface Missed {
  readonly hash: string;
  readonly command: IssueCommand | null;
  readonly transaction: Uuid | null;
}

interface FactRow {
  readonly number: number;
  readonly claimant: Claimant;
  readonly hash: Buffer;
}

function factsOf(claimants: readonly Claimant[]): FactRow[] {
  return claimants.flatMap((claimant, number) =>
    claimant.hashes.map((hash) => ({ number, claimant, hash: Buffer.from(hash, 'hex') })),
  );
}

/** Claims all facts of each, or none of them; answers per claimant what it could not have. */
export async function claimFacts(
  sql: Sql,
  claimants: readonly Claimant[],
  now: Instant,
): Promise<Missed[][]> {
  const facts = factsOf(claimants);
  const { rows } = await sql.query<{
    claimant: number;
    hash: Buffer;
    owner_command: string | null;
    owner_transaction: Uuid | null;
  }>({
    name: 'ledger-claim',
    text: 'select claimant, hash, owner_command, owner_transaction from ledger.claim_facts($1, $2, $3, $4, $5, $6, $7)',
    values: [
      int4s(facts, (row) => row.number),
      byteas(facts, (row) => row.hash),
      int2s(facts, (row) => row.claimant.shard),
      texts(facts, (row) => row.claimant.command.key),
      byteas(facts, (row) => row.claimant.fingerprint),
      texts(facts, (row) => JSON.stringify(row.claimant.command)),
      now,
    ],
  });
  const missed: Missed[][] = claimants.map(() => []);
  for (const row of rows) {
    missed[row.claimant]?.push({
      hash: row.hash.toString('hex'),
      command: row.owner_command === null ? null : (JSON.parse(row.owner_command) as IssueCommand),
      transaction: row.owner_transaction,
    });
  }
  return missed;
}

/** What the ledger said to a claimant: its transaction, or null when it was refused. */
export interface Settled {
  readonly claimant: Claimant;
  readonly transaction: Uuid | null;
}

/** Confirms the claims of what was applied, frees those of what was refused. */
export async function settleClaims(sql: Sql, settled: readonly Settled[]): Promise<void> {
  const facts = factsOf(settled.map((each) => each.claimant));
  await sql.query({
    name: 'ledger-claims-settled',
    text: 'select ledger.settle_claims($1, $2, $3, $4, $5)',
    values: [
      byteas(facts, (row) => row.hash),
      int2s(facts, (row) => row.claimant.shard),
      texts(facts, (row) => row.claimant.command.key),
      byteas(facts, (row) => row.claimant.fingerprint),
      uuids(facts, (row) => settled[row.number]?.transaction ?? null),
    ],
  });
}

/** A command whose claims are open. */
export interface OpenClaim {
  /** As JSON, an {@link IssueCommand}. */
  readonly command: string;
  readonly since: Instant;
}

/** Commands whose claims are open since before `before`, the oldest first, behind `after`. */
export async function readOpenClaims(
  sql: Sql,
  before: Instant,
  after: OpenClaim | null,
  limit: number,
): Promise<OpenClaim[]> {
  const { rows } = await sql.query<OpenClaim>(
    `select command, min(claimed_at_ms) as since from ledger.claim where command is not null and claimed_at_ms < $1
      group by command having $2::int8 is null or (min(claimed_at_ms), command) > ($2, $3)
      order by since, command limit $4`,
    [before, after?.since ?? null, after?.command ?? null, limit],
  );
  return rows;
}

/** The claims among `hashes` that exist, with the command and the transaction they belong to. */
export async function readClaims(
  sql: Sql,
  hashes: readonly string[],
): Promise<{ hash: string; key: string; fingerprint: Buffer; transaction: Uuid | null }[]> {
  const { rows } = await sql.query<{
    hash: string;
    key: string;
    fingerprint: Buffer;
    transaction: Uuid | null;
  }>({
    name: 'ledger-claims',
    text: `select encode(c.hash, 'hex') as hash, c.key, c.fingerprint, c.transaction from unnest($1::bytea[]) as w (hash)
      cross join lateral (select * from ledger.claim c where c.hash = w.hash offset 0) c`,
    values: [byteas(hashes, (hash) => Buffer.from(hash, 'hex'))],
  });
  return rows;
}
