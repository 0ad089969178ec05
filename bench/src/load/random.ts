/** Numbers from 0 to below 1, the same for the same seed (Mulberry32): a run can be repeated. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** Picks one of `count` places, each as likely as the others. */
export function uniformPick(count: number, random: () => number): () => number {
  return () => Math.floor(random() * count);
}

/**
 * Picks one of `count` places by Zipf's law: place k with a weight of 1 / (k + 1)^exponent. With
 * exponent 1 and 100,000 places the first is picked 8 % of the time.
 */
export function zipfPick(count: number, exponent: number, random: () => number): () => number {
  const upTo = new Float64Array(count);
  let sum = 0;
  for (let place = 0; place < count; place += 1) {
    sum += (place + 1) ** -exponent;
    upTo[place] = sum;
  }
  return () => {
    const wanted = random() * sum;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((upTo[middle] ?? 0) > wanted) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
