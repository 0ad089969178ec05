import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';

/** The owner of the standard terms. */
export const NOBODY = '00000000-0000-0000-0000-000000000000' as Uuid;

/** The most that the points of one lot may be worth, in micro-fen. */
const WORTH_MAX = 4n * 10n ** 18n;

/** What a point is worth at a merchant from an instant on, as the price list has it. */
export interface ModelPrice {
  readonly pointType: number;
  readonly merchant: Uuid;
  readonly from: Instant;
  readonly issuePrice: number;
  readonly reimbursement: number;
  readonly fee: number;
  readonly issuing: string | null;
  readonly accepting: string | null;
  readonly funding: Uuid | null;
  readonly quota: Uuid | null;
}

/** What a point of a lot costs, and who pays for it by how many shares. */
export interface ModelCost {
  readonly unit: number;
  readonly funders: readonly { readonly merchant: Uuid; readonly share: number }[] | null;
}

/** What who takes a point is due and pays. */
export type ModelTaking = Pick<ModelPrice, 'reimbursement' | 'fee'>;

/** Who owes whom, of one transaction; amounts of the same two add up. */
export class ModelAccruals {
  readonly #sums = new Map<string, [points: bigint, owed: bigint, due: bigint, fee: bigint]>();

  /** `sign` −1: it is taken back. */
  add(kind: 1 | 2 | 3, pointType: number, taker: Uuid, parts: readonly Part[], sign = 1n): void {
    for (const { payer, points, owed, due, fee } of parts) {
      const key = `${kind} ${pointType} ${payer} ${taker}`;
      const had = this.#sums.get(key) ?? [0n, 0n, 0n, 0n];
      const more = [points, owed, due, fee].map((amount) => amount * sign);
      this.#sums.set(key, had.map((sum, at) => sum + (more[at] as bigint)) as typeof had);
    }
  }

  /** As the witness reads them: kind, point type, payer, taker, points, owed, due, fee. */
  lines(): string[] {
    return [...this.#sums]
      .filter(([, amounts]) => amounts.some((amount) => amount !== 0n))
      .map(([key, amounts]) => `${key} ${amounts.join(' ')}`)
      .sort();
  }
}

/** What one of those who pay for a lot owes for some of its points. */
interface Part {
  readonly payer: Uuid;
  readonly points: bigint;
  readonly owed: bigint;
  readonly due: bigint;
  readonly fee: bigint;
}

export function priceOf(
  prices: readonly ModelPrice[],
  pointType: number,
  merchant: Uuid,
  at: Instant,
): ModelPrice | null {
  const of = (owner: string): ModelPrice | null =>
    prices
      .filter((row) => row.pointType === pointType && row.merchant === owner && row.from <= at)
      .reduce<ModelPrice | null>((a, b) => (a === null || b.from > a.from ? b : a), null);
  const standard = of(NOBODY);
  return standard === null ? null : (of(merchant) ?? standard);
}

/** What `points` of a lot that `issuer` made are worth to those who pay for them, where `taker` takes them. */
export function worthOf(
  { unit, funders }: ModelCost,
  issuer: Uuid,
  points: number,
  taker: Uuid,
  price: ModelTaking,
): Part[] {
  const payers = funders ?? [{ merchant: issuer, share: 1 }];
  const shares = payers.map(({ share }) => share);
  const times = (price: number): bigint[] => shareOut(BigInt(points) * BigInt(price), shares);
  const [count, owed, due, fee] = [
    times(1),
    times(unit),
    times(price.reimbursement),
    times(price.fee),
  ];
  return payers.map(({ merchant: payer }, place) => {
    const at = (amounts: readonly bigint[]): bigint => amounts[place] ?? 0n;
    return payer === taker
      ? { payer, points: at(count), owed: at(owed), due: at(owed), fee: 0n }
      : { payer, points: at(count), owed: at(owed), due: at(due), fee: at(fee) };
  });
}

/** What each who pays for a new lot draws on what it funds ahead, by budget. */
export function drawnFor(
  prices: readonly ModelPrice[],
  { unit, funders }: ModelCost,
  lot: { readonly issuer: Uuid; readonly pointType: number; readonly points: number },
  at: Instant,
): Map<Uuid, number> {
  const draws = new Map<Uuid, number>();
  const payers = funders ?? [{ merchant: lot.issuer, share: 1 }];
  const parts = shareOut(
    BigInt(lot.points),
    payers.map(({ share }) => share),
  );
  for (const [place, { merchant }] of payers.entries()) {
    const budget = priceOf(prices, lot.pointType, merchant, at)?.funding ?? null;
    const microFen = (parts[place] ?? 0n) * BigInt(unit);
    if (budget === null || microFen === 0n) continue;
    draws.set(budget, (draws.get(budget) ?? 0) + Number((microFen - 1n) / 1000n) + 1);
  }
  return draws;
}

export function isWorthTooMuch(points: number | bigint, price: number | bigint): boolean {
  return BigInt(points) * BigInt(price) > WORTH_MAX;
}

/** Parts of a whole that add up: what rounding down leaves goes to who lost most by it. */
function shareOut(whole: bigint, shares: readonly number[]): bigint[] {
  const all = BigInt(shares.reduce((sum, share) => sum + share, 0));
  const parts = shares.map((share) => (whole * BigInt(share)) / all);
  const lost = shares.map((share, place) => whole * BigInt(share) - (parts[place] ?? 0n) * all);
  while (parts.reduce((sum, part) => sum + part, 0n) < whole) {
    // Who lost most is first; of equals the earlier.
    let place = 0;
    for (let other = 1; other < lost.length; other += 1)
      if ((lost[other] ?? 0n) > (lost[place] ?? 0n)) place = other;
    parts[place] = (parts[place] ?? 0n) + 1n;
    lost[place] = -1n;
  }
  return parts;
}
