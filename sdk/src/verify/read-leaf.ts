import { hex, Unencodable } from './bytes.ts';
import type { Leaf, LeafEntry, LeafLot } from './leaf.ts';

const SMALLEST = -(2n ** 63n);
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * What the bytes of a leaf say: the inverse of `leafBytes`.
 *
 * @throws {Unencodable} when they are no leaf of format 1
 */
export function readLeaf(bytes: Uint8Array): Leaf {
  try {
    const from = new Reader(bytes);
    if (from.u8() !== 0 || from.u8() !== 1) throw new Unencodable('no leaf of format 1');
    const leaf: Leaf = {
      id: from.uuid(),
      kind: from.u8(),
      programme: from.u32(),
      pointType: from.u32(),
      member: from.uuid(),
      points: from.i64(),
      effectiveAt: from.i64(),
      merchant: from.uuid(),
      subject: from.uuid(),
      sourceKind: from.u8(),
      source: from.uuid(),
      balanceAfter: from.i64(),
      commitment: from.hex(32),
      refusal: from.text(),
      entryFirst: from.i64(),
      entries: from.many(from.u32(), readEntry),
      lots: from.many(from.u16(), readLot),
      marks: from.many(from.u16(), (each) => each.text()),
    };
    if (!from.isDone) throw new Unencodable('a leaf and something after it');
    return leaf;
  } catch (error) {
    // Past the end of the bytes, or text that is no UTF-8.
    if (error instanceof RangeError || error instanceof TypeError) throw new Unencodable('no leaf');
    throw error;
  }
}

function readEntry(from: Reader): LeafEntry {
  const head = [from.u8(), from.u32()] as const;
  const sides = [from.u8(), from.uuid(), from.u8(), from.uuid()] as const;
  return [...head, ...sides, from.i64() ?? 0, from.uuid(), from.uuid(), from.i64()];
}

function readLot(from: Reader): LeafLot {
  const lot = {
    id: from.uuid(),
    issuer: from.uuid(),
    availableAt: from.i64(),
    expiresAt: from.i64(),
    issued: from.i64(),
    amount: from.i64(),
    unitCost: from.i64(),
    ruleVersion: from.uuid(),
  };
  const evidence = from.hex(32);
  const funders = from.many(from.u16(), (each) => [each.uuid(), each.i64()] as const);
  return { ...lot, evidence: /^0+$/.test(evidence) ? null : evidence, funders };
}

class Reader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get isDone(): boolean {
    return this.at === this.bytes.length;
  }

  u8 = (): number => this.view.getUint8(this.pass(1));
  u16 = (): number => this.view.getUint16(this.pass(2));
  u32 = (): number => this.view.getUint32(this.pass(4));

  i64(): number | null {
    const value = this.view.getBigInt64(this.pass(8));
    return value === SMALLEST ? null : Number(value);
  }

  hex(length: number): string {
    return hex(this.take(length));
  }

  uuid(): string | null {
    const text = this.hex(16);
    const parts = [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20)];
    return /^0+$/.test(text) ? null : [...parts, text.slice(20)].join('-');
  }

  text(): string {
    return decoder.decode(this.take(this.u16()));
  }

  many<T>(count: number, read: (from: Reader) => T): T[] {
    const found: T[] = [];
    for (let each = 0; each < count; each += 1) found.push(read(this));
    return found;
  }

  private take(length: number): Uint8Array {
    const at = this.pass(length);
    return this.bytes.subarray(at, at + length);
  }

  private pass(length: number): number {
    const { at } = this;
    if (at + length > this.bytes.length) throw new RangeError('past the end');
    this.at += length;
    return at;
  }
}
