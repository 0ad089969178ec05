import { type Refusal, refusal } from '../../kernel/refusal.ts';

/** The most that points may be worth together, in micro-fen: 40 billion yuan, which every column of amounts can hold twice. */
const VALUE_MAX = 4_000_000_000_000_000_000n;

export function isValueInRange(points: number, price: number): boolean {
  const value = points * price;
  return value <= Number.MAX_SAFE_INTEGER || BigInt(points) * BigInt(price) <= VALUE_MAX;
}

export function valueOutOfRange(): Refusal {
  return refusal('value_out_of_range', 'these points are worth more than a number can show');
}
