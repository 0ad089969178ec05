import type { PoolClient, Submittable } from 'pg';

/** COPY's binary format begins with a signature (11), flags (4) and the length of an extension (4). */
const HEADER_BYTES = 19;

interface CopyConnection {
  query(text: string): void;
  readonly stream: { pause(): void; resume(): void };
}

/**
 * Runs `copy (<select>) to stdout (format binary)` and hands over each row as PostgreSQL sent it, for
 * {@link readFields}: a number of fields (int16), then length (int32, −1 for null) and bytes of each.
 * A cursor's rows become a string per field in node-postgres; these cost a fifth of that.
 *
 * @param select takes no parameters (COPY has none): callers put nothing into it but integers
 * @param onRow called as rows arrive, with bytes that must be read or copied at once; while what it
 *   returned is pending the server is kept waiting, but for the few rows that are here already
 */
export function copyOut(
  client: PoolClient,
  select: string,
  onRow: (row: Buffer) => unknown,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let failed: Error | undefined;
    let isFirst = true;
    let waiting = 0;
    const take = (chunk: Buffer, connection: CopyConnection): void => {
      const row = isFirst ? chunk.subarray(HEADER_BYTES + chunk.readUInt32BE(15)) : chunk;
      isFirst = false;
      // The header may come alone; the end is a row of −1 fields.
      const slow = row.length > 2 ? onRow(row) : undefined;
      if (!(slow instanceof Promise)) return;
      waiting += 1;
      connection.stream.pause();
      void slow
        .catch((error: Error) => {
          failed ??= error;
        })
        .finally(() => {
          waiting -= 1;
          if (waiting === 0) connection.stream.resume();
        });
    };
    const statement = {
      submit: (connection: CopyConnection) =>
        connection.query(`copy (${select}) to stdout (format binary)`),
      handleCopyData({ chunk }: { chunk: Buffer }, connection: CopyConnection) {
        if (failed !== undefined) return;
        try {
          take(chunk, connection);
        } catch (error) {
          failed = error as Error;
        }
      },
      handleError(error: Error) {
        reject(error);
      },
      handleReadyForQuery() {
        if (failed === undefined) resolve();
        else reject(failed);
      },
      handleCommandComplete() {},
      handleRowDescription() {},
      handleDataRow() {},
      handleEmptyQuery() {},
    };
    client.query(statement as unknown as Submittable);
  });
}

/** Rows kept: node-postgres uses the bytes it hands out again. */
export class RowStore {
  bytes: Buffer = Buffer.allocUnsafe(64 * 1024);
  private used = 0;
  private starts: number[] = [];
  private next = 0;

  readonly add = (row: Buffer): void => {
    if (this.used + row.length > this.bytes.length) this.grow(row.length);
    this.starts.push(this.used);
    this.used += row.copy(this.bytes, this.used);
  };

  /** Where the next row stands in {@link bytes}; undefined after the last. */
  peek(): number | undefined {
    return this.starts[this.next];
  }

  take(): void {
    this.next += 1;
  }

  /** Forgets the rows that were taken; places told before are no longer right. */
  trim(): void {
    const first = this.peek() ?? this.used;
    this.bytes.copy(this.bytes, 0, first, this.used);
    this.starts = this.starts.slice(this.next).map((start) => start - first);
    this.used -= first;
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

  constructor(count: number) {
    this.at = new Int32Array(count);
    this.length = new Int32Array(count);
  }

  /** Reads the row that stands at a place of these bytes. */
  read(row: Buffer, start = 0): this {
    this.row = row;
    const count = ((row[start] as number) << 8) | (row[start + 1] as number);
    if (count !== this.at.length) throw new Error(`a row of ${count} fields was not asked for`);
    let at = start + 2;
    for (let field = 0; field < count; field += 1) {
      const length = int32(row, at);
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
    const at = this.at[field] as number;
    return (((this.row[at] as number) << 24) >> 16) | (this.row[at + 1] as number);
  }

  int4(field: number): number {
    return int32(this.row, this.at[field] as number);
  }

  /** Of an int8: exact inside the safe range, outside it some number that is outside too. */
  int8(field: number): number {
    return int64(this.row, this.at[field] as number);
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
