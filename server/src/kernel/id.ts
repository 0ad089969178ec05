import { randomFillSync } from 'node:crypto';

/**
 * A UUIDv7 in its canonical text form. Inside the server ids are bare UUIDs; outside they carry a
 * prefix (`mem_…`), which {@link showId} and {@link readId} add and remove.
 */
export type Uuid = string & { readonly __uuid: true };

/** The prefixes an id can be shown with. */
export const ID_PREFIXES = {
  member: 'mem',
  merchant: 'mer',
  order: 'ord',
  return: 'ret',
  transaction: 'txn',
  lot: 'lot',
  hold: 'hold',
  apiKey: 'key',
  proposal: 'prop',
} as const;
export type IdKind = keyof typeof ID_PREFIXES;

/** Every byte of randomness is drawn in large pulls: a system call per id costs more than the id. */
const POOL_BYTES = 16 * 1024;
const pool = Buffer.alloc(POOL_BYTES);
let poolAt = POOL_BYTES;

/** `count` bytes of strong randomness, as a view that must be copied or used at once. */
export function randomSlice(count: number): Buffer {
  if (poolAt + count > POOL_BYTES) {
    randomFillSync(pool);
    poolAt = 0;
  }
  const slice = pool.subarray(poolAt, poolAt + count);
  poolAt += count;
  return slice;
}

/**
 * A new UUIDv7 (RFC 9562) of the moment `nowMs`.
 *
 * With a `shard` (0–255), that number stands in the low eight bits of `rand_a`, so an id of
 * something a member owns leads to the member's shard without a look-up; see {@link shardOf}.
 * The other 66 random bits keep ids unguessable enough to be unique, never secret.
 */
export function newId(nowMs: number, shard?: number): Uuid {
  const random = randomSlice(10);
  const randA =
    shard === undefined
      ? random.readUInt16BE(0) & 0x0fff
      : (((random[0] ?? 0) & 0x0f) << 8) | shard;
  const time = nowMs.toString(16).padStart(12, '0');
  const tail = random.toString('hex', 2, 10);
  const variant = ((Number.parseInt(tail[0] ?? '0', 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randA.toString(16).padStart(3, '0')}-${variant}${tail.slice(1, 4)}-${tail.slice(4)}` as Uuid;
}

/** The shard number that {@link newId} stored in an id. */
export function shardOf(id: Uuid): number {
  return Number.parseInt(id.slice(16, 18), 16);
}

/** An id as the outside sees it, `mem_01h…`. */
export function showId(kind: IdKind, id: Uuid): string {
  return `${ID_PREFIXES[kind]}_${uuidToSuffix(id)}`;
}

/** The UUID inside a shown id, or undefined when it is not one of that kind. */
export function readId(kind: IdKind, shown: string): Uuid | undefined {
  const prefix = ID_PREFIXES[kind];
  if (shown.length !== prefix.length + 27 || !shown.startsWith(`${prefix}_`)) return undefined;
  return suffixToUuid(shown.slice(prefix.length + 1));
}

// The TypeID alphabet is Crockford's base32 in lower case; 26 characters carry 130 bits, the first
// directly because ids are shown several times in every answer.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const VALUES = new Map([...ALPHABET].map((letter, value) => [letter, value]));

function uuidToSuffix(id: Uuid): string {
  const hex = id.replaceAll('-', '');
  // 128 bits in groups of five from the right: one group of three, then twenty-five of five.
  let out = '';
  let bits = 2;
  let buffer = 0;
  for (let i = 0; i < 32; i += 1) {
    buffer = ((buffer << 4) | Number.parseInt(hex[i] ?? '0', 16)) & 0xfff;
    bits += 4;
    while (bits >= 5) {
      bits -= 5;
      out += ALPHABET[(buffer >> bits) & 31];
    }
  }
  return out;
}

function suffixToUuid(suffix: string): Uuid | undefined {
  let buffer = 0;
  let bits = -2;
  let hex = '';
  for (const letter of suffix) {
    const value = VALUES.get(letter);
    if (value === undefined) return undefined;
    if (bits === -2 && value > 7) return undefined;
    buffer = ((buffer << 5) | value) & 0x1ff;
    bits += 5;
    while (bits >= 4) {
      bits -= 4;
      hex += ((buffer >> bits) & 15).toString(16);
    }
  }
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as Uuid;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Narrows text that must be a UUID (a value read back from the database). */
export function asUuid(text: string): Uuid {
  if (!UUID.test(text)) throw new Error('not a UUID in canonical form');
  return text as Uuid;
}

/** The member's shard: the last 32 bits of the id, which are random, modulo the number of shards. */
export function shardOfMember(member: Uuid, shards: number): number {
  return Number.parseInt(member.slice(28), 16) % shards;
}
