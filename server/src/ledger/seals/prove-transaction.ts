import { shardOf, type Uuid } from '../../kernel/id.ts';
import { type Refusal, refusal } from '../../kernel/refusal.ts';
import type { Sql } from '../../platform/database.ts';
import { headerBytes, leafBytes } from '../encode.ts';
import { readIdentity } from '../open.ts';
import { auditPath } from './merkle-path.ts';
import { readHeaders, readLeaf } from './read-leaf.ts';
import { headLeaves, SEAL_FORMAT } from './seal.ts';
import { type SealShown, showSeal } from './seal-json.ts';
import { findCovering } from './store.ts';

/**
 * That a transaction stands in the ledger, for someone who has a public key and nothing else. All
 * bytes in hex, in the encodings of docs/ledger.md; {@link checkProof} shows what to do with them.
 */
export interface Proof {
  readonly ledgerId: Uuid;
  readonly format: number;
  /** The transaction with its entries and lots. */
  readonly leaf: string;
  /** Its place in the block, from 0. */
  readonly position: number;
  /** Hashes beside it, from the leaf up to the block's Merkle root. */
  readonly path: readonly string[];
  /** Headers of its block and of those after it, up to the sealed one. */
  readonly blocks: readonly string[];
  /** The first seal after it; null until it is made, within a minute. */
  readonly seal: Omit<SealShown, 'heads'> | null;
  /** How many shards the seal is over, and the hashes beside the head of this one. */
  readonly shards: number;
  readonly headPath: readonly string[];
}

/** 100 bytes each. Seals come every minute; more than this only pile up while nobody seals. */
export const PROOF_BLOCKS_MAX = 20_000;

/** Proves a transaction; undefined when there is none. Refused: `proof_too_long`. */
export async function proveTransaction(sql: Sql, id: Uuid): Promise<Proof | Refusal | undefined> {
  const [identity, found] = [await readIdentity(sql), await readLeaf(sql, id)];
  if (identity === undefined || found === undefined) return undefined;
  const shard = shardOf(id);
  const seal = await findCovering(sql, shard, found.block);
  const last = seal?.heads[shard]?.block ?? found.block;
  if (last - found.block >= PROOF_BLOCKS_MAX)
    return refusal('proof_too_long', `its seal is ${last - found.block} blocks away`, {
      blocks: last - found.block,
    });
  const headers = await readHeaders(sql, shard, found.block, last);
  const hex = (bytes: Buffer): string => bytes.toString('hex');
  let shown: Proof['seal'] = null;
  if (seal !== undefined) {
    const { heads: _, ...rest } = showSeal(seal);
    shown = rest;
  }
  return {
    ledgerId: identity.ledgerId,
    format: SEAL_FORMAT,
    leaf: hex(leafBytes(found.leaf)),
    position: found.position,
    path: auditPath(found.leaves, found.position).map(hex),
    blocks: headers.map((header) => hex(headerBytes(header))),
    seal: shown,
    shards: identity.shards,
    headPath: seal === undefined ? [] : auditPath(headLeaves(seal.heads), shard).map(hex),
  };
}
