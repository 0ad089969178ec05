import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { PriceRow } from '../../ledger/price-list.ts';
import { type Document, lackAt, type Requirement } from '../dossiers/dossier.ts';
import { feeOf, inForceAt, needsFunding, pointTermsOf, type TermsVersion } from './terms.ts';

/** A budget that points taken in a month draw on. */
export interface Quota {
  /** The first instant of the month. */
  readonly from: Instant;
  readonly budget: Uuid;
}

/** What holds for all merchants of a programme. */
export interface ProgrammeFacts {
  /** Those that are not withdrawn. */
  readonly standard: readonly TermsVersion[];
  readonly requirements: readonly Requirement[];
  /** Numbers of point types by their codes. */
  readonly pointTypes: ReadonlyMap<string, number>;
}

/** What a merchant has of its own. The standard terms' row is that of a merchant that has nothing. */
export interface MerchantFacts {
  /** Those that are not withdrawn. */
  readonly terms: readonly TermsVersion[];
  readonly documents: readonly Document[];
  /** From when on it has left. */
  readonly leavesAt: Instant | null;
  readonly account: { readonly budget: Uuid; readonly from: Instant } | null;
  /** By point type; of each the months in order. */
  readonly quotas: ReadonlyMap<number, readonly Quota[]>;
}

export const NOTHING_OWN: MerchantFacts = {
  terms: [],
  documents: [],
  leavesAt: null,
  account: null,
  quotas: new Map(),
};

/**
 * The rows of the price list of a merchant from `first` on, by point type and time: a row wherever something changes. Rows before
 * `first` are in force or were, and are not this function's. Nothing has to run at any of these instants: what lapses, begins or
 * leaves stands in the list beforehand.
 */
export function derivePrices(
  programme: ProgrammeFacts,
  merchant: MerchantFacts,
  first: Instant,
): PriceRow[] {
  const instants = changesAfter(programme, merchant, first);
  const rows: PriceRow[] = [];
  for (const [code, pointType] of programme.pointTypes) {
    let last: PriceRow | undefined;
    for (const from of instants) {
      const row = priceAt(programme, merchant, code, pointType, from);
      if (row === null || (last !== undefined && isSamePrice(last, row))) continue;
      rows.push(row);
      last = row;
    }
  }
  return rows;
}

/** Whether two rows say the same from whenever they count. */
export function isSamePrice(a: PriceRow, b: PriceRow): boolean {
  return (
    a.issuePrice === b.issuePrice &&
    a.reimbursement === b.reimbursement &&
    a.fee === b.fee &&
    a.issuing === b.issuing &&
    a.accepting === b.accepting &&
    a.funding === b.funding &&
    a.quota === b.quota
  );
}

/** `first`, and every later instant at which anything may change, in order. */
function changesAfter(
  { standard, requirements }: ProgrammeFacts,
  { terms, documents, leavesAt, account, quotas }: MerchantFacts,
  first: Instant,
): Instant[] {
  const instants = new Set<Instant>();
  for (const { from } of [...standard, ...requirements, ...terms]) instants.add(from);
  for (const { validFrom, validUntil } of documents) instants.add(validFrom).add(validUntil);
  if (leavesAt !== null) instants.add(leavesAt);
  if (account !== null) instants.add(account.from);
  for (const months of quotas.values()) for (const { from } of months) instants.add(from);
  const later = [...instants].filter((at) => at > first);
  return [first, ...later.sort((a, b) => a - b)];
}

/** What the price list says of a merchant and point type at an instant; null: the programme is not cleared for it by then. */
export function priceAt(
  { standard, requirements }: ProgrammeFacts,
  merchant: MerchantFacts,
  code: string,
  pointType: number,
  at: Instant,
): PriceRow | null {
  const general = inForceAt(standard, at);
  const usual = general === undefined ? undefined : pointTermsOf(general.body, code);
  if (general === undefined || usual === undefined) return null;
  // Its own terms stand in for the standard ones whole; of a point type they do not name, the standard prices count.
  const own = inForceAt(merchant.terms, at);
  const { body } = own ?? general;
  const price = pointTermsOf(body, code) ?? usual;
  const hasLeft = merchant.leavesAt !== null && merchant.leavesAt <= at;
  const account =
    merchant.account !== null && merchant.account.from <= at ? merchant.account : null;
  const kinds = inForceAt(requirements, at)?.kinds ?? [];
  const isFunded = needsFunding(body);
  const unfunded = isFunded && account === null ? 'funding_missing' : null;
  return {
    pointType,
    from: at,
    issuePrice: price.issuePriceMicroFen,
    reimbursement: price.reimbursementMicroFen,
    fee: feeOf(price),
    issuing: hasLeft ? 'merchant_left' : (lackAt(kinds, merchant.documents, at) ?? unfunded),
    accepting: hasLeft ? 'merchant_left' : null,
    funding: isFunded ? (account?.budget ?? null) : null,
    quota:
      price.acceptedPointsMax === undefined
        ? null
        : quotaAt(merchant.quotas.get(pointType) ?? [], at),
  };
}

/**
 * The budget of the month of an instant. Budgets are made months ahead; should that ever stop, the last one goes on counting: taking
 * points then ends with it, and never goes on without limit.
 */
function quotaAt(months: readonly Quota[], at: Instant): Uuid | null {
  return months.findLast(({ from }) => from <= at)?.budget ?? null;
}
