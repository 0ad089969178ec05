import type { Uuid } from '../../kernel/id.ts';
import { int32 } from '../../platform/copy-rows.ts';
import { readUuid } from './leaf.ts';

/** A key is a UUID and one more number (a point type, or 0): five words. */
const WORDS = 5;
const PAGE_BITS = 12;
const PAGE = 1 << PAGE_BITS;

/**
 * Numbers ids in the order they come, from 0. A `Map` keyed by text takes some 300 bytes per id and
 * gives the collector work for as long as it lives; this takes 28 to 36, outside the heap.
 */
export class IdTable {
  count = 0;
  private readonly pages: Int32Array[] = [];
  private slots = new Int32Array(1024);

  /** The number of an id; −1 when it is not known. */
  find(bytes: Uint8Array, at: number, extra = 0): number {
    return (this.slots[this.slotOf(bytes, at, extra)] as number) - 1;
  }

  /** The number of an id, which is given one when it has none. */
  add(bytes: Uint8Array, at: number, extra = 0): number {
    let slot = this.slotOf(bytes, at, extra);
    const known = (this.slots[slot] as number) - 1;
    if (known >= 0) return known;
    if (this.count * 2 >= this.slots.length) {
      this.grow();
      slot = this.slotOf(bytes, at, extra);
    }
    const number = this.count;
    this.count += 1;
    this.slots[slot] = this.count;
    const inPage = (number & (PAGE - 1)) * WORDS;
    let page = this.pages[number >> PAGE_BITS];
    if (page === undefined) {
      page = new Int32Array(PAGE * WORDS);
      this.pages.push(page);
    }
    for (let word = 0; word < 4; word += 1) page[inPage + word] = int32(bytes, at + 4 * word);
    page[inPage + 4] = extra;
    return number;
  }

  /** Forgets all ids, and keeps the memory. */
  clear(): void {
    this.count = 0;
    this.slots.fill(0);
  }

  /** The bytes of an id that has a number. */
  idOf(number: number): Buffer {
    const page = this.pages[number >> PAGE_BITS] as Int32Array;
    const bytes = Buffer.allocUnsafe(16);
    for (let word = 0; word < 4; word += 1)
      bytes.writeInt32BE(page[(number & (PAGE - 1)) * WORDS + word] as number, 4 * word);
    return bytes;
  }

  uuidOf(number: number): Uuid {
    return readUuid(this.idOf(number), 0);
  }

  extraOf(number: number): number {
    const page = this.pages[number >> PAGE_BITS] as Int32Array;
    return page[(number & (PAGE - 1)) * WORDS + 4] as number;
  }

  /** The slot that holds a key, or the free one where it belongs. */
  private slotOf(bytes: Uint8Array, at: number, extra: number): number {
    const w0 = int32(bytes, at);
    const w1 = int32(bytes, at + 4);
    const w2 = int32(bytes, at + 8);
    const w3 = int32(bytes, at + 12);
    const mask = this.slots.length - 1;
    let slot = hash(w0, w1, w2, w3, extra) & mask;
    for (;;) {
      const number = (this.slots[slot] as number) - 1;
      if (number < 0) return slot;
      const page = this.pages[number >> PAGE_BITS] as Int32Array;
      const first = (number & (PAGE - 1)) * WORDS;
      if (
        page[first + 3] === w3 &&
        page[first + 2] === w2 &&
        page[first + 1] === w1 &&
        page[first] === w0 &&
        page[first + 4] === extra
      )
        return slot;
      slot = (slot + 1) & mask;
    }
  }

  private grow(): void {
    const slots = new Int32Array(this.slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 0; number < this.count; number += 1) {
      const page = this.pages[number >> PAGE_BITS] as Int32Array;
      const first = (number & (PAGE - 1)) * WORDS;
      let slot =
        hash(
          page[first] as number,
          page[first + 1] as number,
          page[first + 2] as number,
          page[first + 3] as number,
          page[first + 4] as number,
        ) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = number + 1;
    }
    this.slots = slots;
  }
}

/** The random half of an id is spread already; mixing keeps ids that someone chose from piling up. */
function hash(w0: number, w1: number, w2: number, w3: number, extra: number): number {
  let mixed = Math.imul(w3 ^ Math.imul(w2, 0x9e37_79b1), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15) ^ w1, 0xc2b2_ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 13) ^ w0 ^ Math.imul(extra, 0x27d4_eb2f), 0x85eb_ca6b);
  return mixed ^ (mixed >>> 16);
}
