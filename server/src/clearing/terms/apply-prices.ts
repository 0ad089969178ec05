import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { type PriceRow, writePrices } from '../../ledger/price-list.ts';
import { PLATFORM } from '../../ledger/transaction.ts';
import type { Transaction } from '../../platform/database.ts';
import { readDossiers, readRequirements } from '../dossiers/store.ts';
import { readFundingAccounts } from '../funding/read-accounts.ts';
import { readDepartures } from './departure-store.ts';
import {
  derivePrices,
  isSamePrice,
  type MerchantFacts,
  NOTHING_OWN,
  type ProgrammeFacts,
} from './derive-prices.ts';
import { keepQuotas } from './quotas.ts';
import { groupByMerchant, readPointTypes, readStanding, readTimeZone } from './store.ts';
import type { TermsVersion } from './terms.ts';

/**
 * Derives the price list of a programme anew, from terms, dossiers, departures, funding accounts and quotas as they stand in this
 * transaction, and writes what is different from `now` on. Whoever changed one of those calls it in the same transaction:
 *
 *     await lockPrices(tx);                  // ledger/price-list.ts: before the clock is read, and before any lock on budgets
 *     const now = programmeClock(programme);
 *     … the change …
 *     await applyPrices(tx, programme, now, [merchant]);
 *
 * `changed`: the merchants that something changed for; null: everybody, because standard terms or requirements did. Answers for how
 * many merchants (the standard terms among them) rows were written. Applied twice, it writes nothing the second time.
 */
export async function applyPrices(
  tx: Transaction,
  programme: number,
  now: Instant,
  changed: readonly Uuid[] | null,
): Promise<number> {
  const standing = await readStanding(tx, programme);
  const facts: ProgrammeFacts = {
    standard: standing.filter(({ merchant }) => merchant === null),
    requirements: await readRequirements(tx, programme),
    pointTypes: await readPointTypes(tx, programme),
  };
  const known = await readKnown(tx, programme, changed, now);
  // Rows without standard terms are those of terms that were withdrawn before they began: they must go.
  if (facts.standard.length === 0 && known.size === 0) return 0;
  const owners = await readOwners(tx, programme, standing, facts, changed, now);
  if (changed === null) owners.set(PLATFORM, NOTHING_OWN);
  // Who has rows keeps having some, by the standard terms when nothing else is left.
  for (const merchant of known.keys()) if (!owners.has(merchant)) owners.set(merchant, NOTHING_OWN);
  let written = 0;
  for (const [merchant, own] of owners) {
    const rows = derivePrices(facts, own, now);
    if (isAsKnown(rows, known.get(merchant) ?? [], now)) continue;
    await writePrices(tx, programme, merchant === PLATFORM ? null : merchant, rows, now);
    written += 1;
  }
  return written;
}

/** What each of these merchants has of its own. */
async function readOwners(
  tx: Transaction,
  programme: number,
  standing: readonly TermsVersion[],
  { pointTypes }: ProgrammeFacts,
  only: readonly Uuid[] | null,
  now: Instant,
): Promise<Map<Uuid, MerchantFacts>> {
  const isMeant = (merchant: Uuid): boolean => only === null || only.includes(merchant);
  const terms = groupByMerchant(
    standing.filter(({ merchant }) => merchant !== null && isMeant(merchant)),
  );
  const documents = groupByMerchant(await readDossiers(tx, programme, only));
  const departures = new Map(
    (await readDepartures(tx, programme, only)).map(({ merchant, at }) => [merchant, at]),
  );
  const accounts = new Map(
    (await readFundingAccounts(tx, programme))
      .filter(({ merchant }) => isMeant(merchant))
      .map((account) => [account.merchant, account]),
  );
  const timeZone = await readTimeZone(tx, programme);
  const quotas = await keepQuotas(tx, { programme, timeZone, terms, pointTypes }, now);
  const merchants = new Set(
    [terms, documents, departures, accounts].flatMap((each) => [...each.keys()]),
  );
  return new Map(
    [...merchants].sort().map((merchant) => [
      merchant,
      {
        terms: terms.get(merchant) ?? [],
        documents: documents.get(merchant) ?? [],
        leavesAt: departures.get(merchant) ?? null,
        account: accounts.get(merchant) ?? null,
        quotas: quotas.get(merchant) ?? new Map(),
      },
    ]),
  );
}

/** The rows that count at `now` or later, of these merchants or (null) of all with rows, the standard terms' among them. */
async function readKnown(
  tx: Transaction,
  programme: number,
  merchants: readonly Uuid[] | null,
  now: Instant,
): Promise<Map<Uuid, PriceRow[]>> {
  const { rows } = await tx.query<PriceRow & { merchant: Uuid }>(
    `select p.merchant, p.point_type as "pointType", p.from_ms as "from", p.issue_price as "issuePrice", p.reimbursement, p.fee,
        p.issuing, p.accepting, p.funding, p.quota
      from ledger.price p where p.programme = $1 and ($2::uuid[] is null or p.merchant = any ($2))
        and p.from_ms >= (select coalesce(max(l.from_ms), 0) from ledger.price l
          where l.programme = p.programme and l.point_type = p.point_type and l.merchant = p.merchant and l.from_ms <= $3)
      order by p.merchant, p.point_type, p.from_ms`,
    [programme, merchants, now],
  );
  return groupByMerchant(rows);
}

/** Whether the list says so already: what counts at `now`, and everything after it. Both are in order of point type and time. */
export function isAsKnown(
  derived: readonly PriceRow[],
  known: readonly PriceRow[],
  now: Instant,
): boolean {
  return (
    derived.length === known.length &&
    derived.every((row, place) => {
      const other = known[place] as PriceRow;
      return (
        row.pointType === other.pointType &&
        isSamePrice(row, other) &&
        Math.max(row.from, now) === Math.max(other.from, now)
      );
    })
  );
}
