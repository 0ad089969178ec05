import type { Instant } from '../../kernel/clock.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import type { Seal, SealKey } from './seal.ts';
import { SEAL_FORMAT } from './seal.ts';

// Any number; all who seal take the same.
const LOCK = [0x686d, 0x7365];

/** Makes this transaction the only one that seals; false when another one is at it. */
export async function takeSealLock(tx: Transaction): Promise<boolean> {
  const { rows } = await tx.query<{ taken: boolean }>(
    'select pg_try_advisory_xact_lock($1, $2) as taken',
    LOCK,
  );
  return rows[0]?.taken === true;
}

const SEAL = `select s.number, s.sealed_at_ms as "sealedAt", s.previous_hash as "previousHash", s.root, s.hash,
  encode(k.id, 'hex') as "keyId", s.signature, s.blocks, s.hashes
  from ledger.seal s join ledger.seal_key k on k.number = s.key`;

type SealRow = Omit<Seal, 'heads'> & {
  readonly blocks: readonly number[];
  readonly hashes: readonly Buffer[];
};

function readSeal({ blocks, hashes, ...seal }: SealRow): Seal {
  return {
    ...seal,
    heads: blocks.map((block, shard) => ({ block, hash: hashes[shard] ?? Buffer.alloc(0) })),
  };
}

/** Seals in order, after number `after`. */
export async function readSeals(sql: Sql, after: number, limit: number): Promise<Seal[]> {
  const { rows } = await sql.query<SealRow>(
    `${SEAL} where s.number > $1 order by s.number limit $2`,
    [after, limit],
  );
  return rows.map(readSeal);
}

export async function readLastSeal(sql: Sql): Promise<Seal | undefined> {
  const { rows } = await sql.query<SealRow>(`${SEAL} order by s.number desc limit 1`);
  return rows[0] && readSeal(rows[0]);
}

/** When the newest seal was made, and when the oldest block was recorded that it does not cover; null: there is none. */
export async function readSealLag(
  sql: Sql,
): Promise<{ readonly sealedAt: Instant | null; readonly unsealedSince: Instant | null }> {
  const { rows } = await sql.query<{ sealedAt: Instant | null; unsealedSince: Instant | null }>({
    name: 'seal-lag',
    text: `select s.sealed_at_ms as "sealedAt",
        (select min(b.recorded_at_ms) from ledger.head h
          cross join lateral (select b.recorded_at_ms from ledger.block b
            where b.shard = h.shard and b.number = coalesce(s.blocks[h.shard + 1], 0) + 1 offset 0) b) as "unsealedSince"
      from (values (1)) as one
      left join (select sealed_at_ms, blocks from ledger.seal order by number desc limit 1) s on true`,
  });
  return rows[0] ?? { sealedAt: null, unsealedSince: null };
}

/** The last seal made before an instant. */
export async function readSealBefore(sql: Sql, before: Instant): Promise<Seal | undefined> {
  const { rows } = await sql.query<SealRow>(
    `${SEAL} where s.sealed_at_ms < $1 order by s.sealed_at_ms desc, s.number desc limit 1`,
    [before],
  );
  return rows[0] && readSeal(rows[0]);
}

/**
 * The first seal that covers a block, or undefined when none does yet. Heads never go back, so it is
 * found by halving: some twenty looks among a year's seals, where an index on one shard's place in the
 * array would need one per shard.
 */
export async function findCovering(
  sql: Sql,
  shard: number,
  block: number,
): Promise<Seal | undefined> {
  const last = await readLastSeal(sql);
  if (last === undefined || (last.heads[shard]?.block ?? 0) < block) return undefined;
  let found = last;
  let low = 0;
  while (found.number - low > 1) {
    const middle = low + Math.floor((found.number - low) / 2);
    const [seal] = await readSeals(sql, middle - 1, 1);
    if (seal === undefined || seal.number >= found.number) break;
    if ((seal.heads[shard]?.block ?? 0) >= block) found = seal;
    else low = seal.number;
  }
  return found;
}

/** Halvings that find any of 2^53 seals; fewer seals need fewer. */
const HALVINGS_MAX = 53;

/**
 * The numbers of the first seals that cover blocks of a shard; a block that none covers yet is left out. Found
 * as in {@link findCovering}, by halving for all blocks together: one small query per halving, however many they are.
 */
export async function findCoveringEach(
  sql: Sql,
  shard: number,
  blocks: readonly number[],
): Promise<ReadonlyMap<number, number>> {
  const last = await readLastSeal(sql);
  const reached = last?.heads[shard]?.block ?? 0;
  const places = blocks
    .filter((block) => block <= reached)
    .map((block) => ({ block, low: 0, high: last?.number ?? 0 }));
  for (let halving = 0; halving < HALVINGS_MAX; halving += 1) {
    const open = places.filter(({ low, high }) => high - low > 1);
    if (open.length === 0) break;
    const middleOf = ({ low, high }: (typeof places)[number]): number =>
      low + Math.floor((high - low) / 2);
    const { rows } = await sql.query<{ number: number; block: number }>({
      name: 'seal-heads-at',
      text: 'select number, blocks[$1] as block from ledger.seal where number = any ($2::bigint[])',
      values: [shard + 1, [...new Set(open.map(middleOf))]],
    });
    const blockAt = new Map(rows.map(({ number, block }) => [number, block]));
    for (const place of open) {
      const middle = middleOf(place);
      // A seal that is missing covers nothing.
      if ((blockAt.get(middle) ?? 0) >= place.block) place.high = middle;
      else place.low = middle;
    }
  }
  return new Map(places.map(({ block, high }) => [block, high]));
}

export async function insertSeal(tx: Transaction, seal: Seal, key: SealKey): Promise<void> {
  await tx.query(
    `insert into ledger.seal (number, format, sealed_at_ms, previous_hash, root, hash, key, signature, blocks, hashes)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      seal.number,
      SEAL_FORMAT,
      seal.sealedAt,
      seal.previousHash,
      seal.root,
      seal.hash,
      key.number,
      seal.signature,
      seal.heads.map((head) => head.block),
      seal.heads.map((head) => head.hash),
    ],
  );
}

/** Every key there ever was, by number. */
export async function readSealKeys(sql: Sql): Promise<SealKey[]> {
  const { rows } = await sql.query<SealKey>(
    `select number, encode(id, 'hex') as id, public_key as "publicKey", first_seal as "firstSeal",
      made_at_ms as "madeAt", signature from ledger.seal_key order by number`,
  );
  return rows;
}

export async function insertSealKey(tx: Transaction, key: SealKey): Promise<void> {
  await tx.query(
    `insert into ledger.seal_key (number, id, public_key, first_seal, made_at_ms, signature)
      values ($1, $2, $3, $4, $5, $6)`,
    [
      key.number,
      Buffer.from(key.id, 'hex'),
      key.publicKey,
      key.firstSeal,
      key.madeAt,
      key.signature,
    ],
  );
}
