import { crc32, inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { renderIcon } from './icon.ts';

/** A PNG read back, as far as ours go: checksums, and the colour of a pixel. */
function read(png: Buffer) {
  expect(png.subarray(1, 4).toString('latin1')).toBe('PNG');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const named = png.subarray(at + 4, at + 8 + length);
    expect(png.readUInt32BE(at + 8 + length)).toBe(crc32(named));
    chunks.set(named.subarray(0, 4).toString('latin1'), named.subarray(4));
    at += length + 12;
  }
  const side = chunks.get('IHDR')?.readUInt32BE(0) ?? 0;
  const rows = inflateSync(chunks.get('IDAT') ?? Buffer.alloc(0));
  expect(rows).toHaveLength(side * (1 + side * 4));
  const pixel = (x: number, y: number): number[] => {
    const at = Math.floor(y * side) * (1 + side * 4) + 1 + Math.floor(x * side) * 4;
    return [...rows.subarray(at, at + 4)];
  };
  return { side, pixel };
}
const GROUND = [0xb3, 0x31, 0x2b, 255];

test('an icon has round corners, the ground, and both grains', () => {
  const { side, pixel } = read(renderIcon(64));
  expect(side).toBe(64);
  expect(pixel(0, 0)).toEqual([0, 0, 0, 0]);
  expect(pixel(0.5, 0.04)).toEqual(GROUND);
  expect(pixel(0.38, 0.53)).toEqual([255, 255, 255, 255]);
  expect(pixel(0.66, 0.5)).toEqual([0xf6, 0xc7, 0xa6, 255]);
});

test('one that is cut by the system reaches the edges, and keeps the grains away from them', () => {
  const { pixel } = read(renderIcon(64, { maskable: true }));
  for (const [x, y] of [
    [0, 0],
    [0.99, 0],
    [0, 0.99],
    [0.5, 0.9],
    [0.9, 0.5],
  ] as const)
    expect(pixel(x, y)).toEqual(GROUND);
  expect(pixel(0.41, 0.52)).toEqual([255, 255, 255, 255]);
});
