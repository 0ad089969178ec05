import { deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { loadFonts } from './fonts.ts';
import { stampZip } from './stamp-zip.ts';
import { unpackWoff } from './unpack-woff.ts';

/** A WOFF of two tables, one of them packed. */
function woff(plain: Buffer, packed: Buffer, claimed = packed.length): Buffer {
  const deflated = deflateSync(packed);
  const at = 44 + 2 * 20;
  const head = Buffer.alloc(at);
  head.write('wOFF');
  head.writeUInt32BE(0x00010000, 4);
  head.writeUInt16BE(2, 12);
  const entries = [
    [0x61616161, at, plain.length, plain.length, 7],
    [0x62626262, at + plain.length, deflated.length, claimed, 8],
  ];
  for (const [index, fields] of entries.entries())
    for (const [field, value] of fields.entries())
      head.writeUInt32BE(value, 44 + index * 20 + field * 4);
  return Buffer.concat([head, plain, deflated]);
}

it('unpacks a WOFF into a font whose directory leads to its tables', () => {
  const [plain, packed] = [Buffer.from('hello'), Buffer.alloc(100, 'b')];
  const font = unpackWoff(woff(plain, packed));
  expect(font.readUInt32BE(0)).toBe(0x00010000);
  const [at, length] = [font.readUInt32BE(12 + 8), font.readUInt32BE(12 + 12)];
  expect(font.subarray(at, at + length)).toEqual(plain);
  const [second, size] = [font.readUInt32BE(28 + 8), font.readUInt32BE(28 + 12)];
  expect(second % 4).toBe(0);
  expect(font.subarray(second, second + size)).toEqual(packed);
  expect(font.readUInt32BE(28 + 4)).toBe(8);
});

it('takes nothing else for a WOFF, nor one that is damaged', () => {
  expect(() => unpackWoff(Buffer.from('wOF2'.padEnd(60)))).toThrow('no WOFF');
  expect(() => unpackWoff(Buffer.alloc(10))).toThrow('no WOFF');
  expect(() => unpackWoff(woff(Buffer.from('hello'), Buffer.alloc(100), 99))).toThrow('damaged');
});

it('reads the fonts once', async () => {
  const [first, again] = await Promise.all([loadFonts(), loadFonts()]);
  expect(again).toBe(first);
  expect(first.plain.readUInt32BE(0)).toBe(0x00010000);
  expect(first.bold.equals(first.plain)).toBe(false);
});

it('stamps nothing that is no ZIP', () => {
  expect(() => stampZip(Buffer.alloc(5), 0)).toThrow('no ZIP');
  expect(() => stampZip(Buffer.alloc(100), 0)).toThrow('no ZIP');
});
