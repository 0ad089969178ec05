import { inflateSync } from 'node:zlib';

const SIGNATURE = 0x774f4646;
const HEAD_BYTES = 44;
const ENTRY_BYTES = 20;
const SFNT_HEAD_BYTES = 12;
const SFNT_ENTRY_BYTES = 16;

/**
 * The font inside a WOFF 1.0 file, as an ordinary sfnt (W3C Recommendation of 2012-12-13). The PDF writer reads WOFF too, but unpacks
 * the table of glyphs, 2 MB, anew for each glyph: a page of Chinese took it twenty seconds.
 */
export function unpackWoff(woff: Buffer): Buffer {
  if (woff.length < HEAD_BYTES || woff.readUInt32BE(0) !== SIGNATURE)
    throw new Error('this is no WOFF font');
  const count = woff.readUInt16BE(12);
  const tables = Array.from({ length: count }, (_, index) => {
    const entry = HEAD_BYTES + index * ENTRY_BYTES;
    const [at, packed, length] = [4, 8, 12].map((field) => woff.readUInt32BE(entry + field));
    const bytes = woff.subarray(at, (at ?? 0) + (packed ?? 0));
    const data = packed === length ? bytes : inflateSync(bytes);
    if (data.length !== length) throw new Error('a table of the WOFF font is damaged');
    return { tag: woff.readUInt32BE(entry), checksum: woff.readUInt32BE(entry + 16), data };
  });
  const head = Buffer.alloc(SFNT_HEAD_BYTES + count * SFNT_ENTRY_BYTES);
  head.writeUInt32BE(woff.readUInt32BE(4), 0);
  // What lets readers search the directory by halves.
  const exponent = Math.floor(Math.log2(count));
  head.writeUInt16BE(count, 4);
  head.writeUInt16BE(16 * 2 ** exponent, 6);
  head.writeUInt16BE(exponent, 8);
  head.writeUInt16BE(16 * (count - 2 ** exponent), 10);
  const parts: Buffer[] = [head];
  let at = head.length;
  for (const [index, { tag, checksum, data }] of tables.entries()) {
    const entry = SFNT_HEAD_BYTES + index * SFNT_ENTRY_BYTES;
    for (const [field, value] of [tag, checksum, at, data.length].entries())
      head.writeUInt32BE(value, entry + field * 4);
    // Tables begin at multiples of four.
    const padding = -data.length & 3;
    parts.push(data, Buffer.alloc(padding));
    at += data.length + padding;
  }
  return Buffer.concat(parts);
}
