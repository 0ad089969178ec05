import { sha256 } from '@noble/hashes/sha2.js';

// The encodings of docs/ledger.md, "The chain, format 1": big-endian integers of fixed width, UTF-8 text behind its
// length, absent ids as zeros, absent values as the smallest 64-bit integer.

/** A value that the chain cannot hold, so nothing that hashes to anything in it. */
export class Unencodable extends Error {
  override readonly name = 'Unencodable';
}

const encoder = new TextEncoder();
const HEX = /^(?:[0-9a-f]{2})*$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const WORD = 0x1_0000_0000;

/** The bytes of lower-case hex; `length` of them where that is given. */
export function unhex(text: string, length?: number): Uint8Array {
  if (typeof text !== 'string' || !HEX.test(text)) throw new Unencodable(`no hex: ${text}`);
  const bytes = new Uint8Array(text.length / 2);
  if (length !== undefined && bytes.length !== length)
    throw new Unencodable(`${bytes.length} bytes for ${length}`);
  for (let at = 0; at < bytes.length; at += 1)
    bytes[at] = Number.parseInt(text.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += DIGITS[byte];
  return text;
}

/** Milliseconds since 1970, of a number that is that already or of RFC 3339. */
export function instant(at: string | number): number {
  const ms = typeof at === 'number' ? at : Date.parse(at);
  if (!Number.isSafeInteger(ms)) throw new Unencodable(`no instant: ${at}`);
  return ms;
}

/** Bytes one after the other. Every method takes what the chain can hold, and throws {@link Unencodable} else. */
export class Bytes {
  private bytes = new Uint8Array(512);
  private view = new DataView(this.bytes.buffer);
  private at = 0;

  u8(value: number): this {
    const at = this.room(1);
    this.view.setUint8(at, whole(value, 0xff));
    return this;
  }

  u16(value: number): this {
    const at = this.room(2);
    this.view.setUint16(at, whole(value, 0xffff));
    return this;
  }

  u32(value: number): this {
    const at = this.room(4);
    this.view.setUint32(at, whole(value, 0xffff_ffff));
    return this;
  }

  i64(value: number): this {
    if (!Number.isSafeInteger(value)) throw new Unencodable(`no 64-bit integer: ${value}`);
    const high = Math.floor(value / WORD);
    const at = this.room(8);
    this.view.setInt32(at, high);
    this.view.setUint32(at + 4, value - high * WORD);
    return this;
  }

  /** A value that may be absent. */
  i64OrNone(value: number | null): this {
    if (value !== null) return this.i64(value);
    const at = this.room(8);
    this.view.setInt32(at, -0x8000_0000);
    this.view.setUint32(at + 4, 0);
    return this;
  }

  uuid(id: string | null): this {
    if (id === null) return this.raw(new Uint8Array(16));
    if (typeof id !== 'string' || !UUID.test(id)) throw new Unencodable(`no UUID: ${id}`);
    return this.raw(unhex(id.replaceAll('-', '')));
  }

  hex(text: string, length: number): this {
    return this.raw(unhex(text, length));
  }

  /** UTF-8, without its length. */
  utf8(text: string): this {
    return this.raw(encoder.encode(text));
  }

  /** UTF-8 behind its length in bytes, u16. */
  text(text: string): this {
    const bytes = encoder.encode(text);
    return this.u16(bytes.length).raw(bytes);
  }

  raw(bytes: Uint8Array): this {
    const at = this.room(bytes.length);
    this.bytes.set(bytes, at);
    return this;
  }

  written(): Uint8Array {
    return this.bytes.slice(0, this.at);
  }

  /** SHA-256 of what was written. */
  hash(): Uint8Array {
    return sha256(this.bytes.subarray(0, this.at));
  }

  /** Where `length` bytes may be written; the view is another one when there was no room for them. */
  private room(length: number): number {
    const { at } = this;
    this.at += length;
    if (this.at > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.at));
      larger.set(this.bytes);
      this.bytes = larger;
      this.view = new DataView(larger.buffer);
    }
    return at;
  }
}

function whole(value: number, max: number): number {
  if (!Number.isInteger(value) || value < 0 || value > max)
    throw new Unencodable(`no whole number up to ${max}: ${value}`);
  return value;
}
