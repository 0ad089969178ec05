/** Chance that is the same whenever it is asked for by the same words. */
export interface Dice {
  /** 0 ≤ x < 1 */
  next(): number;
  /** A whole number, both ends included. */
  int(least: number, most: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** One of these, the more often the heavier it is. */
  weigh<T extends { readonly weight: number }>(from: readonly T[]): T;
}

/** A die of its own for every seed, so that one more throw here changes nothing elsewhere. */
export function diceOf(seed: string): Dice {
  const next = sfc32(seed);
  return {
    next,
    int: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (probability) => next() < probability,
    pick(from) {
      const found = from[Math.floor(next() * from.length)];
      if (found === undefined) throw new Error('there is nothing to pick from');
      return found;
    },
    weigh(from) {
      let left = next() * from.reduce((sum, { weight }) => sum + weight, 0);
      for (const each of from) {
        left -= each.weight;
        if (left < 0) return each;
      }
      const last = from.at(-1);
      if (last === undefined) throw new Error('there is nothing to weigh');
      return last;
    },
  };
}

/** Small fast counter (C. Doty-Humphrey's sfc32, public domain), seeded with four FNV-1a hashes of the text. */
function sfc32(seed: string): () => number {
  let [a, b, c, d] = [0, 1, 2, 3].map((part) => fnv1a(`${part} ${seed}`)) as [
    number,
    number,
    number,
    number,
  ];
  const next = (): number => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  // The first words still resemble the seed.
  for (let round = 0; round < 12; round += 1) next();
  return next;
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let place = 0; place < text.length; place += 1)
    hash = Math.imul(hash ^ text.charCodeAt(place), 0x01000193);
  return hash | 0;
}
