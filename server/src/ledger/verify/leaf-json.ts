import { asUuid, type Uuid } from '../../kernel/id.ts';
import { int32, int64 } from '../../platform/copy-rows.ts';
import { FORMAT } from '../encode.ts';
import { ENTRY, int16, int64OrNull, isNil, LEAF, LeafView, LOT, readUuid } from './leaf.ts';
import type { LeafWriter } from './leaf-writer.ts';

/** kind, pointType, fromRole, fromOwner, toRole, toOwner, points, lot, ref, expiresAt. */
export type EntryJson = readonly [
  kind: number,
  pointType: number,
  fromRole: number,
  fromOwner: Uuid | null,
  toRole: number,
  toOwner: Uuid | null,
  points: number,
  lot: Uuid | null,
  ref: Uuid | null,
  expiresAt: number | null,
];

export interface LotJson {
  readonly id: Uuid | null;
  readonly issuer: Uuid | null;
  readonly availableAt: number | null;
  readonly expiresAt: number | null;
  readonly issued: number | null;
  readonly amount: number | null;
  readonly unitCost: number | null;
  readonly ruleVersion: Uuid | null;
  readonly evidence: string | null;
  readonly funders: readonly (readonly [merchant: Uuid | null, share: number | null])[];
}

/** Everything that a leaf says, with the numbers of docs/ledger.md for kinds and roles. */
export interface LeafJson {
  readonly id: Uuid | null;
  readonly kind: number;
  readonly programme: number;
  readonly pointType: number;
  readonly member: Uuid | null;
  readonly points: number | null;
  readonly effectiveAt: number | null;
  readonly merchant: Uuid | null;
  readonly subject: Uuid | null;
  readonly sourceKind: number;
  readonly source: Uuid | null;
  readonly balanceAfter: number | null;
  readonly commitment: string;
  readonly refusal: string;
  readonly entryFirst: number | null;
  readonly entries: readonly EntryJson[];
  readonly lots: readonly LotJson[];
  readonly marks: readonly string[];
}

const view = new LeafView();

/** A leaf's bytes as JSON, from which {@link writeLeaf} makes the same bytes again. */
export function showLeaf(bytes: Uint8Array): LeafJson {
  const leaf = view.read(bytes);
  const uuid = (at: number): Uuid | null => (isNil(bytes, at) ? null : readUuid(bytes, at));
  const entries: EntryJson[] = [];
  for (let index = 0; index < leaf.entryCount; index += 1) {
    const { at } = leaf.entryAt(index);
    entries.push([
      bytes[at] as number,
      int32(bytes, at + ENTRY.pointType),
      bytes[at + ENTRY.fromRole] as number,
      uuid(at + ENTRY.fromOwner),
      bytes[at + ENTRY.toRole] as number,
      uuid(at + ENTRY.toOwner),
      int64(bytes, at + ENTRY.points),
      uuid(at + ENTRY.lot),
      uuid(at + ENTRY.ref),
      int64OrNull(bytes, at + ENTRY.expiresAt),
    ]);
  }
  const lots: LotJson[] = [];
  for (let lot = leaf.firstLot(); lot !== undefined; lot = leaf.nextLot())
    lots.push(showLot(bytes, lot.at, uuid));
  const refusal = int16(bytes, LEAF.refusalLength);
  return {
    id: uuid(LEAF.id),
    kind: bytes[LEAF.kind] as number,
    programme: int32(bytes, LEAF.programme),
    pointType: int32(bytes, LEAF.pointType),
    member: uuid(LEAF.member),
    points: int64OrNull(bytes, LEAF.points),
    effectiveAt: int64OrNull(bytes, LEAF.effectiveAt),
    merchant: uuid(LEAF.merchant),
    subject: uuid(LEAF.subject),
    sourceKind: bytes[LEAF.sourceKind] as number,
    source: uuid(LEAF.source),
    balanceAfter: int64OrNull(bytes, LEAF.balanceAfter),
    commitment: hex(bytes, LEAF.commitment, 32),
    refusal: Buffer.from(bytes.buffer, bytes.byteOffset + LEAF.refusal, refusal).toString(),
    entryFirst: leaf.entryFirst,
    entries,
    lots,
    marks: leaf.marks(),
  };
}

function showLot(bytes: Uint8Array, at: number, uuid: (at: number) => Uuid | null): LotJson {
  const evidence = hex(bytes, at + LOT.evidence, 32);
  const funders: [Uuid | null, number | null][] = [];
  for (let index = 0; index < int16(bytes, at + LOT.funders); index += 1) {
    const funder = at + LOT.bytes + index * LOT.funderBytes;
    funders.push([uuid(funder), int64OrNull(bytes, funder + 16)]);
  }
  return {
    id: uuid(at + LOT.id),
    issuer: uuid(at + LOT.issuer),
    availableAt: int64OrNull(bytes, at + LOT.availableAt),
    expiresAt: int64OrNull(bytes, at + LOT.expiresAt),
    issued: int64OrNull(bytes, at + LOT.issued),
    amount: int64OrNull(bytes, at + LOT.amount),
    unitCost: int64OrNull(bytes, at + LOT.unitCost),
    ruleVersion: uuid(at + LOT.ruleVersion),
    evidence: /^0+$/.test(evidence) ? null : evidence,
    funders,
  };
}

function hex(bytes: Uint8Array, at: number, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString('hex');
}

/** The bytes of a leaf out of what {@link showLeaf} made; throws when it is nothing of the kind. */
export function writeLeaf(json: LeafJson, out: LeafWriter): Buffer {
  out.begin();
  out.u8(0);
  out.u8(FORMAT);
  uuidInto(out, json.id);
  out.u8(byte(json.kind));
  out.u32(json.programme);
  out.u32(json.pointType);
  uuidInto(out, json.member);
  out.i64(json.points);
  out.i64(json.effectiveAt);
  uuidInto(out, json.merchant);
  uuidInto(out, json.subject);
  out.u8(byte(json.sourceKind));
  uuidInto(out, json.source);
  out.i64(json.balanceAfter);
  hexInto(out, json.commitment, 32);
  text(out, json.refusal);
  out.i64(json.entryFirst);
  out.u32(json.entries.length);
  for (const entry of json.entries) {
    const [kind, pointType, fromRole, fromOwner, toRole, toOwner, points, lot, ref, expiresAt] =
      entry;
    out.u8(byte(kind));
    out.u32(pointType);
    out.u8(byte(fromRole));
    uuidInto(out, fromOwner);
    out.u8(byte(toRole));
    uuidInto(out, toOwner);
    out.i64(points);
    uuidInto(out, lot);
    uuidInto(out, ref);
    out.i64(expiresAt);
  }
  out.u16(json.lots.length);
  for (const lot of json.lots) {
    uuidInto(out, lot.id);
    uuidInto(out, lot.issuer);
    out.i64(lot.availableAt);
    out.i64(lot.expiresAt);
    out.i64(lot.issued);
    out.i64(lot.amount);
    out.i64(lot.unitCost);
    uuidInto(out, lot.ruleVersion);
    if (lot.evidence === null) out.zeros(32);
    else hexInto(out, lot.evidence, 32);
    out.u16(lot.funders.length);
    for (const [merchant, share] of lot.funders) {
      uuidInto(out, merchant);
      out.i64(share);
    }
  }
  out.u16(json.marks.length);
  for (const mark of json.marks) text(out, mark);
  return out.written();
}

function byte(value: number): number {
  if (!Number.isInteger(value) || value < 0 || value > 255) throw new RangeError(`${value}`);
  return value;
}

function uuidInto(out: LeafWriter, id: Uuid | null): void {
  if (id === null) out.zeros(16);
  else hexInto(out, asUuid(id).replaceAll('-', ''), 16);
}

export function hexInto(out: LeafWriter, text: string, length: number): void {
  const bytes = Buffer.from(text, 'hex');
  if (bytes.length !== length) throw new RangeError(`not ${length} bytes in hex: ${text}`);
  out.raw(bytes, 0, length);
}

function text(out: LeafWriter, value: string): void {
  const bytes = Buffer.from(value);
  if (bytes.length > 0xffff) throw new RangeError('a text that is too long');
  out.u16(bytes.length);
  out.raw(bytes, 0, bytes.length);
}
