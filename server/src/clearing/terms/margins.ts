import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import { feeOf, inForceAt, type PointTerms, pointTermsOf, type TermsVersion } from './terms.ts';

/** What the platform is left with of each point of `payer` that `taker` takes, in micro-fen. The nil merchant: who goes by the standard terms. */
export interface Margin {
  readonly pointType: string;
  readonly at: Instant;
  readonly payer: Uuid;
  readonly taker: Uuid;
  /** Issue price − reimbursement + fee. */
  readonly marginMicroFen: number;
}

export function marginOf(
  payer: Pick<PointTerms, 'issuePriceMicroFen'>,
  taker: Pick<PointTerms, 'reimbursementMicroFen' | 'feeBasisPoints'>,
): number {
  return payer.issuePriceMicroFen - taker.reimbursementMicroFen + feeOf(taker);
}

/**
 * The worst margin below nothing that a version brings, of each point type: between its merchant and any other, at any instant from
 * which on it is in force. Pairs of others are theirs to answer for. `standing` holds all versions that are not withdrawn, this one among them.
 */
export function negativeMargins(
  standing: readonly TermsVersion[],
  version: Pick<TermsVersion, 'merchant' | 'from'>,
): Margin[] {
  const owner = version.merchant ?? PLATFORM;
  const byMerchant = new Map<Uuid, TermsVersion[]>();
  for (const each of standing) {
    const merchant = each.merchant ?? PLATFORM;
    byMerchant.set(merchant, [...(byMerchant.get(merchant) ?? []), each]);
  }
  const standard = byMerchant.get(PLATFORM) ?? [];
  const instants = [...new Set([version.from, ...standing.map(({ from }) => from)])]
    .filter((at) => at >= version.from)
    .sort((a, b) => a - b);
  const worst = new Map<string, Margin>();
  for (const at of instants) {
    const usual = inForceAt(standard, at);
    if (usual === undefined) continue;
    for (const { pointType } of usual.body.points) {
      const prices = new Map<Uuid, PointTerms>();
      for (const [merchant, versions] of byMerchant) {
        const body = inForceAt(versions, at)?.body ?? usual.body;
        const price = pointTermsOf(body, pointType) ?? pointTermsOf(usual.body, pointType);
        if (price !== undefined) prices.set(merchant, price);
      }
      const own = prices.get(owner);
      if (own === undefined) continue;
      for (const [merchant, price] of prices) {
        // Nobody owes themselves; of those who go by the standard terms there are many.
        if (merchant === owner && owner !== PLATFORM) continue;
        note({
          pointType,
          at,
          payer: owner,
          taker: merchant,
          marginMicroFen: marginOf(own, price),
        });
        note({
          pointType,
          at,
          payer: merchant,
          taker: owner,
          marginMicroFen: marginOf(price, own),
        });
      }
    }
  }
  return [...worst.values()];

  function note(margin: Margin): void {
    const known = worst.get(margin.pointType)?.marginMicroFen ?? 0;
    if (margin.marginMicroFen < known) worst.set(margin.pointType, margin);
  }
}

/** What who turns points into others gains or loses by it: made points cost their issuer something else than those they were made of. */
export interface ConversionGap {
  readonly from: string;
  readonly to: string;
  /** Per point that is made and used at this merchant's prices, what the platform is left with, rounded down; below nothing it pays. */
  readonly marginMicroFen: number;
}

/** The rates of a programme at which points are made that have another price than what they were made of. */
export function conversionGaps(
  conversions: readonly {
    readonly from: string;
    readonly to: string;
    readonly num: number;
    readonly den: number;
  }[],
  priceOf: (pointType: string) => PointTerms | undefined,
): ConversionGap[] {
  return conversions.flatMap(({ from, to, num, den }) => {
    const [source, target] = [priceOf(from), priceOf(to)];
    if (source === undefined || target === undefined) return [];
    // num points are made of den: they cost together what those did.
    const paid = BigInt(source.issuePriceMicroFen) * BigInt(den);
    if (paid === BigInt(target.issuePriceMicroFen) * BigInt(num)) return [];
    const issuePriceMicroFen = Number(paid / BigInt(num));
    return [{ from, to, marginMicroFen: marginOf({ issuePriceMicroFen }, target) }];
  });
}
