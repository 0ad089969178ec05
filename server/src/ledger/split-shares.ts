/**
 * Splits `total` by integer shares with the largest remainder, ties to the earlier part: the parts always add up to
 * the total. In integers of any size, because points times price pass what a number shows exactly.
 *
 * @throws RangeError when the shares do not have a positive sum
 */
export function splitShares(total: bigint, shares: readonly number[]): bigint[] {
  if (shares.length === 1) return [total];
  const weights = shares.map(BigInt);
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (sum <= 0n) throw new RangeError('shares must have a positive sum');
  const parts = weights.map((weight) => (total * weight) / sum);
  const rests = weights.map((weight) => (total * weight) % sum);
  const order = rests
    .map((_, place) => place)
    .sort((a, b) => compare(rests[b] as bigint, rests[a] as bigint) || a - b);
  let left = total - parts.reduce((a, b) => a + b, 0n);
  for (const place of order) {
    if (left === 0n) break;
    parts[place] = (parts[place] as bigint) + 1n;
    left -= 1n;
  }
  return parts;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}
