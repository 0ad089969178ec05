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
  erasure: 'ers',
  cut: 'cut',
  budget: 'bud',
  rule: 'rul',
  ruleVersion: 'rver',
  simulation: 'sim',
  reward: 'rwd',
  rewardVersion: 'rwv',
  promotion: 'pro',
  promotionVersion: 'prv',
  activity: 'act',
  certificate: 'cert',
  carbonMethod: 'cbm',
  store: 'sto',
  transfer: 'trf',
  merge: 'mrg',
  move: 'mov',
  message: 'msg',
  serviceUse: 'use',
  redemption: 'rdm',
  voucherUse: 'vus',
  billReturn: 'bir',
  afterSalesCase: 'asc',
  supplierCancellation: 'scl',
  fund: 'fnd',
  donation: 'dnt',
  fundPayment: 'fpy',
  settlementTerms: 'stm',
  clearingPeriod: 'clp',
  clearingAdjustment: 'cadj',
  dispute: 'dsp',
  dossier: 'dos',
  fundingAccount: 'fda',
  fundingEntry: 'fde',
  paymentRun: 'prn',
  invoice: 'inv',
  breakageEstimate: 'bke',
  bookPeriod: 'bkp',
  staff: 'stf',
  session: 'ses',
  passkey: 'psk',
  auditEntry: 'aud',
} as const;
export type IdKind = keyof typeof ID_PREFIXES;

/** Every byte of randomness is drawn in large pulls: a system call per id costs more than the id. */
const POOL_BYTES = 16 * 1024;
const pool = Buffer.alloc(POOL_BYTES);
let poolAt = POOL_BYTES;

/** Gives `count` random bytes, as a view that must be copied or used at once. */
export type Random = (count: number) => Buffer;

/** `count` bytes of strong randomness, as a view that must be copied or used at once. */
export function randomSlice(count: number): Buffer {
  if (count > POOL_BYTES) return randomFillSync(Buffer.allocUnsafe(count));
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
export function newId(nowMs: number, shard?: number, draw: Random = randomSlice): Uuid {
  const random = draw(10);
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
  return suffixToUuid(shown, prefix.length + 1);
}

// The TypeID alphabet is Crockford's base32 in lower case; 26 characters carry 130 bits, the first two
// of them zero. Written out over 32-bit quarters and pairs of characters, because every answer shows an
// id several times: a loop over single digits took five times as long.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const PAIRS = Array.from(
  { length: 1024 },
  (_, pair) => `${ALPHABET[pair >> 5]}${ALPHABET[pair & 31]}`,
);
const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
const NO_DIGIT = 255;
const DIGITS = new Uint8Array(128);
for (let digit = 0; digit < 16; digit += 1) DIGITS[digit.toString(16).charCodeAt(0)] = digit;
const VALUES = new Uint8Array(128).fill(NO_DIGIT);
for (let value = 0; value < 32; value += 1) VALUES[ALPHABET.charCodeAt(value)] = value;

/** Four hexadecimal digits. */
function word(hex: string, at: number): number {
  const digit = (index: number): number => DIGITS[hex.charCodeAt(index)] as number;
  return (digit(at) << 12) | (digit(at + 1) << 8) | (digit(at + 2) << 4) | digit(at + 3);
}

/** Ten bits of which the last stands `shift` bits from the end. */
const pairOf = (bits: number, shift: number): string => PAIRS[(bits >>> shift) & 1023] as string;

function uuidToSuffix(id: Uuid): string {
  const a = (word(id, 0) << 16) | word(id, 4);
  const b = (word(id, 9) << 16) | word(id, 14);
  const c = (word(id, 19) << 16) | word(id, 24);
  const d = (word(id, 28) << 16) | word(id, 32);
  return (
    (PAIRS[a >>> 24] as string) +
    pairOf(a, 14) +
    pairOf(a, 4) +
    PAIRS[((a & 15) << 6) | (b >>> 26)] +
    pairOf(b, 16) +
    pairOf(b, 6) +
    PAIRS[((b & 63) << 4) | (c >>> 28)] +
    pairOf(c, 18) +
    pairOf(c, 8) +
    PAIRS[((c & 255) << 2) | (d >>> 30)] +
    pairOf(d, 20) +
    pairOf(d, 10) +
    pairOf(d, 0)
  );
}

/** Ten bits from two characters; at least 1024 when one of them is not in the alphabet. */
function bitsOf(text: string, at: number): number {
  const first = VALUES[text.charCodeAt(at)] ?? NO_DIGIT;
  const second = VALUES[text.charCodeAt(at + 1)] ?? NO_DIGIT;
  return (first | second) > 31 ? 1024 : (first << 5) | second;
}

const hex16 = (bits: number): string => `${BYTES[(bits >>> 8) & 255]}${BYTES[bits & 255]}`;

function suffixToUuid(text: string, at: number): Uuid | undefined {
  const [p, q, r, s] = [
    bitsOf(text, at),
    bitsOf(text, at + 2),
    bitsOf(text, at + 4),
    bitsOf(text, at + 6),
  ];
  const [t, u, v, w] = [
    bitsOf(text, at + 8),
    bitsOf(text, at + 10),
    bitsOf(text, at + 12),
    bitsOf(text, at + 14),
  ];
  const [x, y, z] = [bitsOf(text, at + 16), bitsOf(text, at + 18), bitsOf(text, at + 20)];
  const [last, least] = [bitsOf(text, at + 22), bitsOf(text, at + 24)];
  // The first pair holds eight bits, so that 128 are not exceeded.
  if (p > 255 || (q | r | s | t | u | v | w | x | y | z | last | least) > 1023) return undefined;
  const a = (p << 24) | (q << 14) | (r << 4) | (s >>> 6);
  const b = ((s & 63) << 26) | (t << 16) | (u << 6) | (v >>> 4);
  const c = ((v & 15) << 28) | (w << 18) | (x << 8) | (y >>> 2);
  const d = ((y & 3) << 30) | (z << 20) | (last << 10) | least;
  const head = `${hex16(a >>> 16)}${hex16(a)}-${hex16(b >>> 16)}-${hex16(b)}`;
  return `${head}-${hex16(c >>> 16)}-${hex16(c)}${hex16(d >>> 16)}${hex16(d)}` as Uuid;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether text is an id in the form it has inside. */
export function isUuid(text: string): text is Uuid {
  return UUID.test(text);
}

/** Narrows text that must be a UUID (a value read back from the database). */
export function asUuid(text: string): Uuid {
  if (!isUuid(text)) throw new Error('not a UUID in canonical form');
  return text;
}

/** The member's shard: the last 32 bits of the id, which are random, modulo the number of shards. */
export function shardOfMember(member: Uuid, shards: number): number {
  return Number.parseInt(member.slice(28), 16) % shards;
}
