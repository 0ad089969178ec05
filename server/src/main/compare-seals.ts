import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Instant } from '../kernel/clock.ts';
import type { Seal } from '../ledger/seals/seal.ts';
import { readSealShown } from '../ledger/seals/seal-json.ts';
import type { Sql } from '../platform/database.ts';

/** What a ledger lacks of what was sealed, or has otherwise. */
export interface SealGap {
  readonly shard: number;
  /** The first and the last sealed block that is not there; the same block when it is another one. */
  readonly from: number;
  readonly to: number;
  readonly kind: 'missing' | 'different';
}

export interface SealComparison {
  readonly seal: number;
  readonly sealedAt: Instant;
  readonly gaps: readonly SealGap[];
}

/**
 * Holds a ledger against the last seal of a seal file. Signatures are not looked at here: `hongmi verify`
 * does that with the public key.
 */
export async function compareSeals(
  sql: Sql,
  ledgerId: string,
  file: string,
): Promise<SealComparison | undefined> {
  const seal = await readLastSeal(ledgerId, file);
  if (seal === undefined) return undefined;
  const { rows } = await sql.query<{ shard: number; block: number; sealed: string | null }>(
    `select h.shard, h.block, encode(b.hash, 'hex') as sealed
     from ledger.head h
     left join ledger.block b on b.shard = h.shard and b.number = ($1::bigint[])[h.shard + 1]
     order by h.shard`,
    [seal.heads.map((head) => head.block)],
  );
  const own = new Map(rows.map((row) => [row.shard, row]));
  const gaps = seal.heads.flatMap(({ block, hash }, shard): SealGap[] => {
    const there = own.get(shard)?.block ?? 0;
    if (there < block) return [{ shard, from: there + 1, to: block, kind: 'missing' }];
    if (block === 0 || own.get(shard)?.sealed === hash.toString('hex')) return [];
    return [{ shard, from: block, to: block, kind: 'different' }];
  });
  return { seal: seal.number, sealedAt: seal.sealedAt, gaps };
}

/** The newest seal of this ledger in the file; lines that are none (torn by a crash, keys) are passed over. */
async function readLastSeal(ledgerId: string, file: string): Promise<Seal | undefined> {
  let last: Seal | undefined;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const seal = sealOf(line, ledgerId);
    if (seal !== undefined && seal.number > (last?.number ?? 0)) last = seal;
  }
  return last;
}

function sealOf(line: string, ledgerId: string): Seal | undefined {
  try {
    const told = JSON.parse(line) as { ledgerId?: unknown; seal?: unknown };
    return told.ledgerId === ledgerId ? readSealShown(told.seal) : undefined;
  } catch {
    return undefined;
  }
}
