import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asUuid, newId, readId, shardOf, showId } from './id.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** The same by big integers: slow, and obviously right. */
function suffixOf(id: string): string {
  let bits = BigInt(`0x${id.replaceAll('-', '')}`);
  let out = '';
  for (let place = 0; place < 26; place += 1) {
    out = `${ALPHABET[Number(bits & 31n)]}${out}`;
    bits >>= 5n;
  }
  return out;
}

const uuid = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString('hex'))
  .map((hex) => asUuid(hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')));

describe('shown ids', () => {
  it('are base32 of the 128 bits, and read back as they were', () => {
    fc.assert(
      fc.property(uuid, (id) => {
        expect(showId('lot', id)).toBe(`lot_${suffixOf(id)}`);
        expect(readId('lot', showId('lot', id))).toBe(id);
        expect(readId('hold', showId('lot', id))).toBeUndefined();
      }),
    );
  });

  it('with a wrong character anywhere are not ids', () => {
    const wrong = fc.constantFrom(
      'i',
      'l',
      'o',
      'u',
      'A',
      'Z',
      '-',
      ' ',
      '\u0161',
      '\ufeff',
      '\u6c34',
    );
    fc.assert(
      fc.property(uuid, fc.integer({ min: 4, max: 29 }), wrong, (id, place, letter) => {
        const shown = showId('member', id);
        const broken = `${shown.slice(0, place)}${letter}${shown.slice(place + 1)}`;
        expect(readId('member', broken)).toBeUndefined();
      }),
    );
  });

  it('beyond 128 bits, or of another length, are not ids', () => {
    const largest = `mem_7${'z'.repeat(25)}`;
    expect(readId('member', largest)).toBe('ffffffff-ffff-ffff-ffff-ffffffffffff');
    expect(readId('member', `mem_8${'0'.repeat(25)}`)).toBeUndefined();
    for (const text of [largest.slice(0, -1), `${largest}0`, '', 'mem_']) {
      expect(readId('member', text)).toBeUndefined();
    }
  });
});

it('new ids are version 7, carry the shard, and sort by time', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2 ** 47 }),
      fc.integer({ min: 0, max: 255 }),
      (now, shard) => {
        const id = newId(now, shard);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(shardOf(id)).toBe(shard);
        expect(newId(now + 1, shard) > id).toBe(true);
      },
    ),
  );
});
