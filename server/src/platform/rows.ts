import { int8s, texts, uuids, writeInt64, writeUuid } from './columns.ts';

/**
 * Rows as one parameter: an array of a composite type in PostgreSQL's binary format, for
 * `insert into t select * from unnest($1::t[])`. One array per column, unnested side by side, costs the
 * server a set-returning function per column and batch; one array of rows costs it one.
 */
export type Field<Row> = (row: Row) => void;

const OIDS = { bool: 16, bytea: 17, int8: 20, int2: 21, int4: 23, text: 25, uuid: 2950 };
const ARRAY_OIDS = { uuid: 2951, int8: 1016, text: 1009 };
/** What a field of fixed width takes at most: type, length, value. */
const FIELD_BYTES_MAX = 24;

let buffer = Buffer.allocUnsafe(256 * 1024);
let at = 0;

function room(bytes: number): void {
  if (at + bytes <= buffer.length) return;
  const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, at + bytes));
  buffer.copy(larger, 0, 0, at);
  buffer = larger;
}

function put32(value: number): void {
  buffer[at] = value >>> 24;
  buffer[at + 1] = value >>> 16;
  buffer[at + 2] = value >>> 8;
  buffer[at + 3] = value;
  at += 4;
}

/** Type and length of a field; answers whether a value follows. */
function head(oid: number, value: unknown, length: number): boolean {
  room(FIELD_BYTES_MAX);
  put32(oid);
  if (value === null) {
    put32(-1);
    return false;
  }
  put32(length);
  return true;
}

export const int2 =
  <Row>(pick: (row: Row) => number | null): Field<Row> =>
  (row) => {
    const value = pick(row);
    if (!head(OIDS.int2, value, 2)) return;
    buffer[at] = (value as number) >>> 8;
    buffer[at + 1] = value as number;
    at += 2;
  };

export const int4 =
  <Row>(pick: (row: Row) => number | null): Field<Row> =>
  (row) => {
    const value = pick(row);
    if (head(OIDS.int4, value, 4)) put32(value as number);
  };

/** A safe integer as `int8`. */
export const int8 =
  <Row>(pick: (row: Row) => number | null): Field<Row> =>
  (row) => {
    const value = pick(row);
    if (!head(OIDS.int8, value, 8)) return;
    writeInt64(value as number, buffer, at);
    at += 8;
  };

/** A big integer that fits `int8`; one that does not throws. */
export const bigint8 =
  <Row>(pick: (row: Row) => bigint): Field<Row> =>
  (row) => {
    head(OIDS.int8, undefined, 8);
    at = buffer.writeBigInt64BE(pick(row), at);
  };

export const bool =
  <Row>(pick: (row: Row) => boolean): Field<Row> =>
  (row) => {
    head(OIDS.bool, undefined, 1);
    buffer[at] = pick(row) ? 1 : 0;
    at += 1;
  };

export const uuid =
  <Row>(pick: (row: Row) => string | null): Field<Row> =>
  (row) => {
    const value = pick(row);
    if (!head(OIDS.uuid, value, 16)) return;
    writeUuid(value as string, buffer, at);
    at += 16;
  };

export const text =
  <Row>(pick: (row: Row) => string | null): Field<Row> =>
  (row) => {
    const value = pick(row);
    if (!head(OIDS.text, value, 0)) return;
    // UTF-8 takes at most three bytes for one unit of UTF-16.
    room(3 * (value as string).length);
    const length = buffer.write(value as string, at);
    at -= 4;
    put32(length);
    at += length;
  };

export const bytea =
  <Row>(pick: (row: Row) => Uint8Array | null): Field<Row> =>
  (row) => {
    const value = pick(row);
    if (head(OIDS.bytea, value, value?.length ?? 0)) put(value as Uint8Array);
  };

export const uuidList =
  <Row>(pick: (row: Row) => readonly string[] | null): Field<Row> =>
  (row) => {
    const values = pick(row);
    nested(ARRAY_OIDS.uuid, values === null ? null : uuids(values));
  };

/** Safe integers as `int8[]`. */
export const int8List =
  <Row>(pick: (row: Row) => readonly number[] | null): Field<Row> =>
  (row) => {
    const values = pick(row);
    nested(ARRAY_OIDS.int8, values === null ? null : int8s(values));
  };

export const textList =
  <Row>(pick: (row: Row) => readonly string[] | null): Field<Row> =>
  (row) => {
    const values = pick(row);
    nested(ARRAY_OIDS.text, values === null ? null : texts(values));
  };

function nested(oid: number, encoded: Buffer | null): void {
  if (head(oid, encoded, encoded?.length ?? 0)) put(encoded as Buffer);
}

function put(value: Uint8Array): void {
  room(value.length);
  buffer.set(value, at);
  at += value.length;
}

/**
 * The rows as a parameter of type `t[]`.
 *
 * @param type the OID of `t` in this database; its fields in order are `fields`
 */
export function encodeRows<Row>(
  type: number,
  fields: readonly Field<Row>[],
  rows: readonly Row[],
): Buffer {
  at = 0;
  put32(rows.length === 0 ? 0 : 1);
  put32(0);
  put32(type);
  if (rows.length > 0) {
    put32(rows.length);
    put32(1);
  }
  for (const row of rows) {
    room(8);
    const start = at;
    at += 4;
    put32(fields.length);
    for (const field of fields) field(row);
    const end = at;
    at = start;
    put32(end - start - 4);
    at = end;
  }
  return Buffer.from(buffer.subarray(0, at));
}
