import type { Instant } from '../../kernel/clock.ts';
import { asUuid, type Uuid } from '../../kernel/id.ts';
import { int32, int64 } from '../../platform/copy-rows.ts';
import { KINDS, type Kind } from '../command.ts';
import { ENTRY_KINDS, type EntryKind, ROLES, type Role } from '../transaction.ts';

/**
 * Where things stand in the bytes of a leaf (docs/ledger.md, "The chain"). Verify reads a transaction
 * out of the very bytes it hashes, so nothing can be replayed that the chain does not hold.
 */
export const LEAF = {
  id: 2,
  kind: 18,
  programme: 19,
  pointType: 23,
  member: 27,
  points: 43,
  effectiveAt: 51,
  merchant: 59,
  subject: 75,
  sourceKind: 91,
  source: 92,
  balanceAfter: 108,
  commitment: 116,
  refusalLength: 148,
  refusal: 150,
} as const;

export const ENTRY = {
  kind: 0,
  pointType: 1,
  fromRole: 5,
  fromOwner: 6,
  toRole: 22,
  toOwner: 23,
  points: 39,
  lot: 47,
  ref: 63,
  expiresAt: 79,
  bytes: 87,
} as const;

export const LOT = {
  id: 0,
  issuer: 16,
  availableAt: 32,
  expiresAt: 40,
  issued: 48,
  amount: 56,
  unitCost: 64,
  ruleVersion: 72,
  evidence: 88,
  funders: 120,
  bytes: 122,
  funderBytes: 24,
} as const;

const NO_INSTANT_HIGH = -0x8000_0000;

/** An absent instant or value is the smallest 64-bit integer. */
export function int64OrNull(bytes: Uint8Array, at: number): number | null {
  if (int32(bytes, at) === NO_INSTANT_HIGH && int32(bytes, at + 4) === 0) return null;
  return int64(bytes, at);
}

export function int16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

export function isNil(bytes: Uint8Array, at: number): boolean {
  return (
    (int32(bytes, at) | int32(bytes, at + 4) | int32(bytes, at + 8) | int32(bytes, at + 12)) === 0
  );
}

export function equal(
  a: Uint8Array,
  aAt: number,
  b: Uint8Array,
  bAt: number,
  length: number,
): boolean {
  for (let byte = 0; byte < length; byte += 1) if (a[aAt + byte] !== b[bAt + byte]) return false;
  return true;
}

export function readUuid(bytes: Uint8Array, at: number): Uuid {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset + at, 16).toString('hex');
  return asUuid(
    `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
  );
}

function byNumber<Name extends string>(table: Readonly<Record<Name, number>>): readonly Name[] {
  const names: Name[] = [];
  for (const [name, number] of Object.entries(table)) names[number as number] = name as Name;
  return names;
}
const KIND_NAMES = byNumber<Kind>(KINDS);
const ENTRY_KIND_NAMES = byNumber<EntryKind>(ENTRY_KINDS);
const ROLE_NAMES = byNumber<Role>(ROLES);

/** A place in a leaf's bytes; moved along instead of made anew for each transaction. */
class View {
  bytes: Uint8Array = new Uint8Array();
  at = 0;
}

export class EntryView extends View {
  /** Undefined for a number that names none; nobody but a forger writes one. */
  get kind(): EntryKind | undefined {
    return ENTRY_KIND_NAMES[this.bytes[this.at] as number];
  }
  get pointType(): number {
    return int32(this.bytes, this.at + ENTRY.pointType);
  }
  get fromRole(): Role | undefined {
    return ROLE_NAMES[this.bytes[this.at + ENTRY.fromRole] as number];
  }
  get toRole(): Role | undefined {
    return ROLE_NAMES[this.bytes[this.at + ENTRY.toRole] as number];
  }
  get points(): number {
    return int64(this.bytes, this.at + ENTRY.points);
  }
  get expiresAt(): Instant | null {
    return int64OrNull(this.bytes, this.at + ENTRY.expiresAt);
  }
}

export class LotView extends View {
  get availableAt(): Instant {
    return int64(this.bytes, this.at + LOT.availableAt);
  }
  get expiresAt(): Instant | null {
    return int64OrNull(this.bytes, this.at + LOT.expiresAt);
  }
  get issued(): number {
    return int64(this.bytes, this.at + LOT.issued);
  }
  get amount(): number {
    return int64(this.bytes, this.at + LOT.amount);
  }
  /** A short digest of what travels with points besides the expiry: issuer, cost, rule, evidence, funders. */
  get terms(): number {
    const { bytes, at } = this;
    const funders = int16(bytes, at + LOT.funders);
    const end = at + LOT.bytes + funders * LOT.funderBytes;
    let [low, high] = [0x811c_9dc5 ^ funders, 0x9e37_79b1];
    const mix = (from: number, to: number): void => {
      for (let place = from; place < to; place += 4) {
        const word = int32(bytes, place);
        low = Math.imul(low ^ word ^ (low >>> 15), 0x0100_0193);
        high = Math.imul(high + word, 0x85eb_ca6b) ^ (high >>> 13);
      }
    };
    mix(at + LOT.issuer, at + LOT.availableAt);
    mix(at + LOT.unitCost, at + LOT.funders);
    mix(at + LOT.bytes, end);
    return (high >>> 11) * 2 ** 32 + (low >>> 0);
  }
}

const NO_MARKS: readonly string[] = [];

/** A transaction as its leaf says it. */
export class LeafView extends View {
  readonly entry = new EntryView();
  readonly lot = new LotView();
  entryCount = 0;
  lotCount = 0;
  private entriesAt = 0;
  private lotsAt = 0;
  private lotsPassed = 0;

  read(bytes: Uint8Array): this {
    this.bytes = bytes;
    this.entriesAt = LEAF.refusal + this.refusalLength + 12;
    this.entryCount = int32(bytes, this.entriesAt - 4) >>> 0;
    this.lotsAt = this.entriesAt + this.entryCount * ENTRY.bytes + 2;
    this.lotCount = int16(bytes, this.lotsAt - 2);
    this.entry.bytes = bytes;
    this.lot.bytes = bytes;
    return this;
  }

  get kind(): Kind | undefined {
    return KIND_NAMES[this.bytes[LEAF.kind] as number];
  }
  get programme(): number {
    return int32(this.bytes, LEAF.programme);
  }
  get pointType(): number {
    return int32(this.bytes, LEAF.pointType);
  }
  get points(): number {
    return int64(this.bytes, LEAF.points);
  }
  get effectiveAt(): Instant {
    return int64(this.bytes, LEAF.effectiveAt);
  }
  get balanceAfter(): number {
    return int64(this.bytes, LEAF.balanceAfter);
  }
  get isRefused(): boolean {
    return this.refusalLength > 0;
  }
  get entryFirst(): number {
    return int64(this.bytes, this.entriesAt - 12);
  }
  private get refusalLength(): number {
    return int16(this.bytes, LEAF.refusalLength);
  }

  /** All points that its entries move. */
  get pointsMoved(): number {
    let sum = 0;
    for (let index = 0; index < this.entryCount; index += 1) sum += this.entryAt(index).points;
    return sum;
  }

  /** Moves {@link entry} to one of them. */
  entryAt(index: number): EntryView {
    this.entry.at = this.entriesAt + index * ENTRY.bytes;
    return this.entry;
  }

  /** Moves {@link lot} to the first lot made; undefined when none was. */
  firstLot(): LotView | undefined {
    this.lot.at = this.lotsAt;
    this.lotsPassed = 0;
    return this.lotCount === 0 ? undefined : this.lot;
  }

  /** Moves {@link lot} to the next one. */
  nextLot(): LotView | undefined {
    const { bytes, at } = this.lot;
    const funders = int16(bytes, at + LOT.funders);
    this.lot.at = at + LOT.bytes + funders * LOT.funderBytes;
    this.lotsPassed += 1;
    return this.lotsPassed < this.lotCount ? this.lot : undefined;
  }

  /** What the transaction was counted on. */
  marks(): readonly string[] {
    for (let lot = this.firstLot(); lot !== undefined; lot = this.nextLot());
    const { bytes } = this;
    let { at } = this.lot;
    const count = int16(bytes, at);
    if (count === 0) return NO_MARKS;
    const marks = new Array<string>(count);
    at += 2;
    for (let index = 0; index < marks.length; index += 1) {
      const length = int16(bytes, at);
      marks[index] = Buffer.from(bytes.buffer, bytes.byteOffset + at + 2, length).toString();
      at += 2 + length;
    }
    return marks;
  }
}
