import { writeInt64 } from '../../platform/columns.ts';

/** Lengths of which a view is kept: nearly all leaves are shorter. */
const VIEWS_MAX = 4096;

/** Writes the fixed-width fields of a leaf one after the other into bytes that are used again. */
export class LeafWriter {
  private bytes = Buffer.alloc(4096);
  private view = viewOf(this.bytes);
  private at = 0;
  /** What {@link written} answers, by length: making a view costs more than filling it. */
  private views: Buffer[] = [];

  begin(): this {
    this.at = 0;
    return this;
  }

  /** What was written; valid until the next {@link begin}. */
  written(): Buffer {
    const { at } = this;
    if (at >= VIEWS_MAX) return this.bytes.subarray(0, at);
    let view = this.views[at];
    if (view === undefined) {
      view = this.bytes.subarray(0, at);
      this.views[at] = view;
    }
    return view;
  }

  u8(value: number): void {
    this.room(1);
    this.bytes[this.at] = value;
    this.at += 1;
  }

  u16(value: number): void {
    this.u8(value >>> 8);
    this.u8(value);
  }

  u32(value: number): void {
    this.room(4);
    this.view.setInt32(this.at, value);
    this.at += 4;
  }

  /** A safe integer; null as the smallest number there is. */
  i64(value: number | null): void {
    this.room(8);
    if (value === null) {
      this.u32(0x8000_0000);
      this.u32(0);
      return;
    }
    writeInt64(value, this.bytes, this.at);
    this.at += 8;
  }

  /** Part of other bytes. */
  raw(from: Uint8Array, at: number, length: number): void {
    this.room(length);
    const { bytes, at: to } = this;
    for (let byte = 0; byte < length; byte += 1) bytes[to + byte] = from[at + byte] as number;
    this.at = to + length;
  }

  /** As {@link raw}, by words of four bytes. */
  words(from: DataView, at: number, words: number): void {
    this.room(4 * words);
    const { view, at: to } = this;
    for (let byte = 0; byte < 4 * words; byte += 4)
      view.setInt32(to + byte, from.getInt32(at + byte, true), true);
    this.at = to + 4 * words;
  }

  zeros(length: number): void {
    this.room(length);
    const { bytes, at: to } = this;
    // Few bytes: a call of the engine's own `fill` costs more than they do.
    for (let byte = 0; byte < length; byte += 1) bytes[to + byte] = 0;
    this.at = to + length;
  }

  private room(length: number): void {
    if (this.at + length <= this.bytes.length) return;
    const larger = Buffer.alloc(Math.max(this.bytes.length * 2, this.at + length));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
    this.view = viewOf(larger);
    this.views = [];
  }
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
