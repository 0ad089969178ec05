import { writeInt64 } from '../../platform/columns.ts';

/** Writes the fixed-width fields of a leaf one after the other into bytes that are used again. */
export class LeafWriter {
  private bytes = Buffer.alloc(4096);
  private at = 0;

  begin(): this {
    this.at = 0;
    return this;
  }

  /** What was written; valid until the next {@link begin}. */
  written(): Buffer {
    return this.bytes.subarray(0, this.at);
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
    this.u16(value >>> 16);
    this.u16(value);
  }

  /** A safe integer; null as the smallest number there is. */
  i64(value: number | null): void {
    this.room(8);
    if (value === null) {
      this.u8(0x80);
      this.zeros(7);
      return;
    }
    writeInt64(value, this.bytes, this.at);
    this.at += 8;
  }

  /** Part of other bytes. */
  raw(from: Uint8Array, at: number, length: number): void {
    this.room(length);
    const { bytes } = this;
    for (let byte = 0; byte < length; byte += 1) bytes[this.at + byte] = from[at + byte] as number;
    this.at += length;
  }

  zeros(length: number): void {
    this.room(length);
    // Few bytes: a call of the engine's own `fill` costs more than they do.
    for (let byte = 0; byte < length; byte += 1) this.bytes[this.at + byte] = 0;
    this.at += length;
  }

  private room(length: number): void {
    if (this.at + length <= this.bytes.length) return;
    const larger = Buffer.alloc(Math.max(this.bytes.length * 2, this.at + length));
    this.bytes.copy(larger, 0, 0, this.at);
    this.bytes = larger;
  }
}
