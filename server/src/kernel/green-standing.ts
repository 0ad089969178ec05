import type { Instant } from './clock.ts';
import type { Uuid } from './id.ts';

/** What stands behind goods that are said to be green: a certificate that covers them (`valid`), or why none does; `claimed`: the receipt was paid as evidence. */
export const GREEN_STANDINGS = [
  'valid',
  'unknown',
  'out_of_scope',
  'not_valid_yet',
  'expired',
  'revoked',
  'claimed',
] as const;
export type GreenStanding = (typeof GREEN_STANDINGS)[number];

/** Goods that a merchant says are green, and the certificate that it names for it. */
export interface SaidGreen {
  readonly merchant: Uuid;
  /** The number of the certificate, or its id as it is shown. */
  readonly certificate: string;
  /** What the goods are and how they were sold: one of these must be in its scope. */
  readonly codes: readonly string[];
  readonly at: Instant;
}

export interface Backing {
  readonly standing: GreenStanding;
  /** The one that stands behind them; only where it is `valid`. */
  readonly certificate: Uuid | null;
}

/** What stands behind goods as it is known now; answered in order. */
export type BackingOf = (asked: readonly SaidGreen[]) => Promise<readonly Backing[]>;

/** What a certificate can cover of a line: its article, brand, category or zone, or how the order was paid. */
export function codesOfLine(
  line: {
    readonly sku: string;
    readonly brand: string | null;
    readonly category: string | null;
    readonly zone: string | null;
  },
  tenders: readonly string[],
): string[] {
  const { sku, brand, category, zone } = line;
  return [sku, brand, category, zone, ...tenders].filter((code) => code !== null);
}
