import type { Random } from '../../kernel/id.ts';

/** Repeatable randomness: sfc32, so that streams made from different seeds do not meet. */
export interface Dice {
  /** An integer from 0 to `sides` − 1. */
  below(sides: number): number;
  /** True `percent` times in a hundred. */
  chance(percent: number): boolean;
  pick<T>(from: readonly T[]): T | undefined;
  readonly bytes: Random;
  /** Dice of their own for one part of a run. */
  fork(): Dice;
}

export function createDice(seed: number, stream = 0): Dice {
  let [a, b, c, counter] = [seed | 0, stream | 0, 0x9e3779b9 | 0, 1];
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 15; i += 1) next();
  const below = (sides: number): number => Math.floor((next() / 2 ** 32) * sides);
  return {
    below,
    chance: (percent) => below(10_000) < percent * 100,
    pick: (from) => from[below(from.length)],
    bytes(count) {
      const bytes = Buffer.alloc(Math.ceil(count / 4) * 4);
      for (let at = 0; at < bytes.length; at += 4) bytes.writeUInt32LE(next(), at);
      return bytes.subarray(0, count);
    },
    fork: () => createDice(next(), next()),
  };
}
