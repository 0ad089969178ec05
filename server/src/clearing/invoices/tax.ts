/** Hundredths of a per cent. */
export const BASIS_POINTS = 10_000;

/** VAT rates of a programme, in basis points. */
export interface TaxRates {
  /** Goods. */
  readonly standard: number;
  /** Goods of the lower rate (food, water, books …). */
  readonly reduced: number;
  /** Services, so the platform's own. */
  readonly service: number;
}

/** 增值税法, in force since 2026-01-01, article 10: 13 %, 9 %, 6 %. */
export const USUAL_RATES: TaxRates = { standard: 1_300, reduced: 900, service: 600 };

export interface Taxed {
  /** With tax, fen. */
  readonly grossFen: number;
  readonly netFen: number;
  readonly taxFen: number;
}

/**
 * Takes the tax out of amounts that contain it: net = gross / (1 + rate), their sum rounded half up (away from zero) and
 * each line by the largest remainder, so that the lines add up to the sum to the fen.
 */
export function withoutTax(grosses: readonly number[], rateBp: number): readonly Taxed[] {
  const of = BigInt(BASIS_POINTS + rateBp);
  const total = grosses.reduce((sum, each) => sum + BigInt(each), 0n);
  const parts = grosses.map((gross, place) => {
    const scaled = BigInt(gross) * BigInt(BASIS_POINTS);
    const net = floorDiv(scaled, of);
    return { place, gross, net, rest: scaled - net * of };
  });
  const netTotal = roundDiv(total * BigInt(BASIS_POINTS), of);
  let missing = netTotal - parts.reduce((sum, { net }) => sum + net, 0n);
  const byRest = [...parts].sort((a, b) =>
    a.rest === b.rest ? a.place - b.place : a.rest > b.rest ? -1 : 1,
  );
  const more = new Set<number>();
  for (const { place } of byRest) {
    if (missing <= 0n) break;
    more.add(place);
    missing -= 1n;
  }
  return parts.map(({ place, gross, net }) => {
    const netFen = Number(net) + (more.has(place) ? 1 : 0);
    return { grossFen: gross, netFen, taxFen: gross - netFen };
  });
}

export function sumOf(lines: readonly Taxed[]): Taxed {
  return lines.reduce(
    (sum, line) => ({
      grossFen: sum.grossFen + line.grossFen,
      netFen: sum.netFen + line.netFen,
      taxFen: sum.taxFen + line.taxFen,
    }),
    { grossFen: 0, netFen: 0, taxFen: 0 },
  );
}

function floorDiv(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

function roundDiv(value: bigint, by: bigint): bigint {
  const half = value < 0n ? -by : by;
  return (2n * value + half) / (2n * by);
}

/**
 * How redeemed points are taxed at the merchant that takes them. `same_invoice_discount`: its own points, beside cash, stand as
 * a discount on the invoice of the cash (国税函〔2010〕56号); `deemed_sale`: its own points for the whole, goods given away;
 * `service`: points of others, for which they pay it through the platform.
 */
export type Treatment = 'same_invoice_discount' | 'deemed_sale' | 'service';

/** Of points that the same merchant pays for, or others. */
export function treatmentOf(isOwn: boolean, cashFen: number): Treatment {
  if (!isOwn) return 'service';
  return cashFen > 0 ? 'same_invoice_discount' : 'deemed_sale';
}

const MICRO_FEN = 1_000_000n;

/** What of a redemption is worth what, in micro-fen, with the cash beside it. */
export interface Redeemed {
  /** Points that the taker pays for itself, by their cost. */
  readonly own: bigint;
  /** What others pay for the rest. */
  readonly others: bigint;
  readonly cashFen: number;
}

export interface TaxPart extends Taxed {
  readonly treatment: Treatment;
  /** Worth of the points, rounded half up to the fen. */
  readonly pointsFen: number;
  readonly cashFen: number;
}

/**
 * The parts of a redemption by how they are taxed. A discount is not taxed, but the cash it stands beside is; the cash goes with
 * the taker's own points where there are any, else with the others'.
 */
export function taxPartsOf({ own, others, cashFen }: Redeemed, rateBp: number): TaxPart[] {
  const parts: TaxPart[] = [];
  const add = (isOwn: boolean, value: bigint, cash: number): void => {
    const treatment = treatmentOf(isOwn, cash);
    const pointsFen = Number(roundDiv(value, MICRO_FEN));
    const gross = treatment === 'same_invoice_discount' ? cash : pointsFen + cash;
    const [taxed] = withoutTax([gross], rateBp);
    if (taxed !== undefined) parts.push({ treatment, pointsFen, cashFen: cash, ...taxed });
  };
  if (own !== 0n) add(true, own, cashFen);
  if (others !== 0n) add(false, others, own === 0n ? cashFen : 0);
  return parts;
}
