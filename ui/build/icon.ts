import { crc32, deflateSync } from 'node:zlib';

type Rgba = readonly [red: number, green: number, blue: number, alpha: number];

/** The mark, as in src/logo.tsx: on a square of 32, the brand's ground and two grains of red rice. */
const SIDE = 32;
const CORNER = 8;
const GROUND: Rgba = [0xb3, 0x31, 0x2b, 255];
const GRAINS: readonly {
  readonly at: readonly [number, number];
  readonly radii: readonly [number, number];
  readonly turn: number;
  readonly colour: Rgba;
}[] = [
  { at: [20.6, 15.6], radii: [3.2, 6.4], turn: 22, colour: [0xf6, 0xc7, 0xa6, 255] },
  { at: [12.2, 17], radii: [3.6, 7.2], turn: -24, colour: [255, 255, 255, 255] },
];
const NOTHING: Rgba = [0, 0, 0, 0];
/** Each pixel is the mean of so many by so many points, so that edges are smooth. */
const POINTS = 4;
/** Systems cut a maskable icon to a shape of theirs; what counts lies within four fifths of it. */
const SAFE = 0.8;

/** The mark as a PNG of so many pixels a side. `maskable`: to be cut by the system, its ground reaches the edges. */
export function renderIcon(sidePx: number, { maskable = false } = {}): Buffer {
  const rows = Array.from({ length: sidePx }, (_, y) => {
    // Each row begins with its filter: none.
    const row = Buffer.alloc(1 + sidePx * 4);
    for (let x = 0; x < sidePx; x += 1) row.set(pixelAt(x, y, sidePx, maskable), 1 + x * 4);
    return row;
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(sidePx, 0);
  header.writeUInt32BE(sidePx, 4);
  // Eight bits a channel, red, green, blue and alpha.
  header.set([8, 6, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function pixelAt(x: number, y: number, sidePx: number, maskable: boolean): number[] {
  const at = (pixel: number, part: number): number =>
    ((pixel + (part + 0.5) / POINTS) / sidePx) * SIDE;
  const points = Array.from({ length: POINTS ** 2 }, (_, point) =>
    colourAt(at(x, point % POINTS), at(y, Math.floor(point / POINTS)), maskable),
  );
  // What is not there has no colour: only what is counts for it.
  const seen = points.filter(([, , , alpha]) => alpha > 0);
  const mean = (channel: 0 | 1 | 2): number =>
    Math.round(seen.reduce((sum, colour) => sum + colour[channel], 0) / Math.max(1, seen.length));
  return [mean(0), mean(1), mean(2), Math.round((255 * seen.length) / points.length)];
}

function colourAt(x: number, y: number, maskable: boolean): Rgba {
  const shrink = (value: number): number =>
    maskable ? (value - SIDE / 2) / SAFE + SIDE / 2 : value;
  for (const { at, radii, turn, colour } of GRAINS)
    if (isWithinGrain(shrink(x) - at[0], shrink(y) - at[1], radii, turn)) return colour;
  return maskable || isWithinGround(x, y) ? GROUND : NOTHING;
}

function isWithinGrain(
  dx: number,
  dy: number,
  [wide, high]: readonly [number, number],
  degrees: number,
): boolean {
  const angle = (-degrees * Math.PI) / 180;
  const along = dx * Math.cos(angle) - dy * Math.sin(angle);
  const across = dx * Math.sin(angle) + dy * Math.cos(angle);
  return (along / wide) ** 2 + (across / high) ** 2 <= 1;
}

function isWithinGround(x: number, y: number): boolean {
  const beyond = (value: number): number => Math.max(CORNER - value, value - (SIDE - CORNER), 0);
  return Math.hypot(beyond(x), beyond(y)) <= CORNER;
}

/** Length, name, contents and their checksum (PNG, section 5.3). */
function chunk(name: string, contents: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), contents]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(contents.length, 0);
  named.copy(framed, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}
