import { expect, test } from 'vitest';
import { seededRandom, uniformPick, zipfPick } from './random.ts';

const PICKS = 200_000;

function shares(pick: () => number, places: number): number[] {
  const counts = new Array<number>(places).fill(0);
  for (let index = 0; index < PICKS; index += 1) {
    const place = pick();
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts.map((count) => count / PICKS);
}

test('the same seed gives the same numbers, another seed others', () => {
  const take = (seed: number): number[] => Array.from({ length: 5 }, seededRandom(seed));
  expect(take(1)).toEqual(take(1));
  expect(take(1)).not.toEqual(take(2));
});

test('a uniform pick reaches every place about equally often', () => {
  for (const share of shares(uniformPick(10, seededRandom(3)), 10)) {
    expect(share).toBeCloseTo(0.1, 2);
  }
});

test('a Zipf pick follows 1 / rank, down to the last place', () => {
  const places = 100;
  const harmonic = Array.from({ length: places }, (_, place) => 1 / (place + 1)).reduce(
    (a, b) => a + b,
  );
  const found = shares(zipfPick(places, 1, seededRandom(4)), places);
  expect(found[0]).toBeCloseTo(1 / harmonic, 2);
  expect(found[1]).toBeCloseTo(1 / 2 / harmonic, 2);
  expect(found[99]).toBeGreaterThan(0);
});
