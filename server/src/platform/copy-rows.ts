/** A row comes as a message of its own: `d`, and its length with the four bytes of it. */
export const MESSAGE_BYTES = 5;

/** Past the message that begins at a place; past all bytes when not even its length has come. */
export function endOfMessage(bytes: Buffer, at: number): number {
  if (at + MESSAGE_BYTES > bytes.length) return Number.POSITIVE_INFINITY;
  return at + 1 + (int32(bytes, at + 1) >>> 0);
}

/** Rows kept, one after the other in the same bytes. */
export class RowStore {
  bytes: Buffer = Buffer.allocUnsafe(64 * 1024);
  private used = 0;
  private starts: number[] = [];
  private next = 0;

  /** Adds a run of rows, each behind the head of its message. */
  readonly add = (run: Buffer): void => {
    if (this.used + run.length > this.bytes.length) this.grow(run.length);
    run.copy(this.bytes, this.used);
    for (let at = 0; at < run.length; at = endOfMessage(run, at))
      this.starts.push(this.used + at + MESSAGE_BYTES);
    this.used += run.length;
  };

  get count(): number {
    return this.starts.length;
  }

  /** Where a row stands in {@link bytes}; undefined after the last. */
  at(index: number): number | undefined {
    return this.starts[index];
  }

  /** Where the next row stands in {@link bytes}; undefined after the last. */
  peek(): number | undefined {
    return this.starts[this.next];
  }

  take(): void {
    this.next += 1;
  }

  /** Forgets the rows that were taken; places told before are no longer right. */
  trim(): void {
    const first = (this.peek() ?? this.used + MESSAGE_BYTES) - MESSAGE_BYTES;
    this.bytes.copyWithin(0, first, this.used);
    this.starts = this.starts.slice(this.next).map((start) => start - first);
    this.used -= first;
    this.next = 0;
  }

  /** Forgets all rows. */
  clear(): void {
    this.starts = [];
    this.used = 0;
    this.next = 0;
  }

  private grow(bytes: number): void {
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.used + bytes));
    this.bytes.copy(larger, 0, 0, this.used);
    this.bytes = larger;
  }
}

/** Where the fields of a row begin and how long they are; −1 for null. */
export class RowFields {
  readonly at: Int32Array;
  readonly length: Int32Array;
  row: Buffer = Buffer.alloc(0);
  view: DataView = new DataView(new ArrayBuffer(0));

  constructor(count: number) {
    this.at = new Int32Array(count);
    this.length = new Int32Array(count);
  }

  /** Reads the row that stands at a place of these bytes. */
  read(row: Buffer, start: number): this {
    if (row !== this.row) {
      this.row = row;
      this.view = new DataView(row.buffer, row.byteOffset, row.length);
    }
    const { view } = this;
    const count = view.getInt16(start);
    if (count !== this.at.length) throw new Error(`a row of ${count} fields was not asked for`);
    let at = start + 2;
    for (let field = 0; field < count; field += 1) {
      const length = view.getInt32(at);
      at += 4;
      this.at[field] = at;
      this.length[field] = length;
      if (length > 0) at += length;
    }
    return this;
  }

  isNull(field: number): boolean {
    return (this.length[field] as number) < 0;
  }

  /** The bytes of a field; null when it is null. */
  bytes(field: number): Buffer | null {
    const at = this.at[field] as number;
    const length = this.length[field] as number;
    return length < 0 ? null : this.row.subarray(at, at + length);
  }

  text(field: number): string | null {
    const at = this.at[field] as number;
    const length = this.length[field] as number;
    return length < 0 ? null : this.row.toString('utf8', at, at + length);
  }

  /** Of an int2. */
  int2(field: number): number {
    return this.view.getInt16(this.at[field] as number);
  }

  int4(field: number): number {
    return this.view.getInt32(this.at[field] as number);
  }

  /** Of an int8: exact inside the safe range, outside it some number that is outside too. */
  int8(field: number): number {
    const at = this.at[field] as number;
    return this.view.getInt32(at) * 0x1_0000_0000 + this.view.getUint32(at + 4);
  }

  /** An int8 that may be null. */
  int8OrNull(field: number): number | null {
    return this.isNull(field) ? null : this.int8(field);
  }

  bool(field: number): boolean {
    return this.row[this.at[field] as number] === 1;
  }
}

export function int32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  );
}

/** A signed big-endian 64-bit integer as the nearest number. */
export function int64(bytes: Uint8Array, at: number): number {
  return int32(bytes, at) * 0x1_0000_0000 + (int32(bytes, at + 4) >>> 0);
}
