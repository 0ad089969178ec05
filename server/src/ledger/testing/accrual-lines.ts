import { ACCRUAL_KINDS, type Accrual } from '../accrual.ts';

/** Who owes whom for a transaction, in the words of the model; as witness.ts adds them up. */
export function accrualLines(accruals: readonly Accrual[]): string[] {
  const sums = new Map<string, bigint[]>();
  for (const { kind, pointType, payer, taker, points, owed, due, fee } of accruals) {
    const key = `${ACCRUAL_KINDS[kind]} ${pointType} ${payer} ${taker}`;
    const amounts = [BigInt(points), owed, due, fee];
    const had = sums.get(key);
    sums.set(key, had?.map((sum, at) => sum + (amounts[at] as bigint)) ?? amounts);
  }
  return [...sums]
    .filter(([, amounts]) => amounts.some((amount) => amount !== 0n))
    .map(([key, amounts]) => `${key} ${amounts.join(' ')}`)
    .sort();
}
