import type { Instant } from '../../kernel/clock.ts';
import { showId, type Uuid } from '../../kernel/id.ts';
import { int64 } from '../../platform/copy-rows.ts';
import { PLATFORM } from '../transaction.ts';
import { priceOf, split } from './accruals.ts';
import { type Problem, problem } from './finding.ts';
import { ENTRY, int16, int64OrNull, type LeafView, LOT, readUuid } from './leaf.ts';

/** A row of `ledger.price`; see migrations/0085. */
export interface ListedPrice {
  readonly programme: number;
  readonly pointType: number;
  readonly merchant: Uuid;
  readonly from: Instant;
  readonly issuePrice: number;
  readonly reimbursement: number;
  readonly fee: number;
  readonly issuing: string | null;
  readonly accepting: string | null;
  readonly funding: Uuid | null;
}

/** How far the clocks of processes may differ: who decided so shortly beside a change may have seen another price. */
const LEEWAY_MS = 60_000;

const MICRO_PER_MILLI = 1000n;

/**
 * Holds what transactions were marked with, and what the lots they made cost, against the price list. The list is not in the
 * chain: what it says of the past must agree with what was decided by it.
 */
export class PriceList {
  private readonly rows = new Map<string, ListedPrice[]>();

  constructor(rows: readonly ListedPrice[]) {
    for (const row of rows) {
      const key = keyOf(row.programme, row.pointType, row.merchant);
      const same = this.rows.get(key);
      if (same === undefined) this.rows.set(key, [row]);
      else same.push(row);
    }
    for (const same of this.rows.values()) same.sort((a, b) => a.from - b.from);
  }

  /** Of each point type that has standard terms, from when on. */
  *cleared(): Generator<ListedPrice> {
    for (const [row] of this.rows.values())
      if (row !== undefined && row.merchant === PLATFORM) yield row;
  }

  /** What is wrong with a transaction's prices. */
  check(transaction: LeafView): Problem[] {
    if (transaction.isRefused) return [];
    switch (transaction.kind) {
      case 'burn':
      case 'capture':
        return this.checkUse(transaction);
      case 'issue':
      case 'adjust':
        return transaction.lotCount > 0 ? this.checkMade(transaction) : [];
      case 'refund':
        return transaction.lotCount > 0 ? this.checkGivenBack(transaction) : [];
      default:
        return [];
    }
  }

  private checkUse(transaction: LeafView): Problem[] {
    const price = priceOf(transaction.marks());
    if (this.rows.size === 0 && price === undefined) return [];
    const { bytes, at } = transaction.entryAt(0);
    const taker = readUuid(bytes, at + ENTRY.toOwner);
    const rows = this.around(transaction, taker);
    const said = price === undefined ? 'none' : `${price.reimbursement} ${price.fee}`;
    const listed = rows.map((row) => (row === null ? 'none' : `${row.reimbursement} ${row.fee}`));
    const wrong: Problem[] = [];
    if (!listed.includes(said)) wrong.push(otherwise(taker, said, listed));
    const refused = rows.map((row) => row?.accepting ?? null);
    if (transaction.kind === 'burn' && !refused.includes(null))
      wrong.push(problem('price_refused', facts(taker, { code: String(refused[0]) })));
    return wrong;
  }

  private checkMade(transaction: LeafView): Problem[] {
    const marks = transaction.marks().filter((mark) => mark.startsWith('funding '));
    if (this.rows.size === 0 && marks.length === 0) return [];
    const { bytes } = transaction;
    const lot = transaction.firstLot();
    if (lot === undefined) return [];
    const issuer = readUuid(bytes, lot.at + LOT.issuer);
    const unitCost = int64OrNull(bytes, lot.at + LOT.unitCost);
    const rows = this.around(transaction, issuer);
    const wrong: Problem[] = [];
    const listed = rows.map((row) => (row === null ? 'none' : String(row.issuePrice)));
    const said = unitCost === null ? 'none' : String(unitCost);
    // Where nothing is cleared whoever issues may say what a point costs.
    if (!listed.includes(said) && !rows.includes(null)) wrong.push(otherwise(issuer, said, listed));
    const { merchants, shares } = payersOf(bytes, lot.at);
    const paying = merchants.filter((_, place) => shares[place] !== 0n);
    for (const merchant of new Set([issuer, ...paying])) {
      const refused = this.around(transaction, merchant).map((row) => row?.issuing ?? null);
      if (!refused.includes(null))
        wrong.push(problem('price_refused', facts(merchant, { code: String(refused[0]) })));
    }
    if (unitCost === null || rows.includes(null)) return wrong;
    const drawn = this.funding(transaction, lot.at, BigInt(unitCost));
    if (!drawn.some((each) => isSame(each, marks)))
      wrong.push(
        problem('funding_otherwise', {
          said: marks.join(', ') || 'none',
          listed: drawn.map((each) => each.join(', ') || 'none').join(' / '),
        }),
      );
    return wrong;
  }

  /** What was overdrawn comes back as points of its merchant, whether or not it may issue any, and without its funding. */
  private checkGivenBack(transaction: LeafView): Problem[] {
    const lot = transaction.firstLot();
    if (lot === undefined) return [];
    const issuer = readUuid(transaction.bytes, lot.at + LOT.issuer);
    const unitCost = int64OrNull(transaction.bytes, lot.at + LOT.unitCost);
    const rows = this.around(transaction, issuer);
    const listed = rows.map((row) => (row === null ? 'none' : String(row.issuePrice)));
    const said = unitCost === null ? 'none' : String(unitCost);
    return listed.includes(said) ? [] : [otherwise(issuer, said, listed)];
  }

  /** The marks that say what those who pay for a lot drew on which budgets: as it was, or may have been. */
  private funding(transaction: LeafView, at: number, unitCost: bigint): string[][] {
    const { merchants, shares } = payersOf(transaction.bytes, at);
    const parts = split(BigInt(transaction.points), shares);
    const rows = merchants.map((merchant) => this.around(transaction, merchant));
    const most = Math.max(...rows.map((each) => each.length));
    return Array.from({ length: most }, (_, which) => {
      const draws = new Map<Uuid, bigint>();
      for (const [place, part] of parts.entries()) {
        const budget = (rows[place]?.[which] ?? rows[place]?.[0])?.funding ?? null;
        if (budget === null) continue;
        const milli = (part * unitCost + MICRO_PER_MILLI - 1n) / MICRO_PER_MILLI;
        draws.set(budget, (draws.get(budget) ?? 0n) + milli);
      }
      return [...draws]
        .filter(([, drawn]) => drawn > 0n)
        .map(([budget, drawn]) => `funding ${budget} ${drawn}`);
    });
  }

  /** The rows that may have counted for a merchant when a transaction took effect; null where nothing was cleared. */
  private around(
    { programme, pointType, effectiveAt }: LeafView,
    merchant: Uuid,
  ): (ListedPrice | null)[] {
    const own = this.rows.get(keyOf(programme, pointType, merchant)) ?? [];
    const standard = this.rows.get(keyOf(programme, pointType, PLATFORM)) ?? [];
    const [from, until] = [effectiveAt - LEEWAY_MS, effectiveAt + LEEWAY_MS];
    const isQuiet = (rows: readonly ListedPrice[]): boolean =>
      latest(rows, from) === latest(rows, until);
    const rows = isQuiet(own) && isQuiet(standard) ? [] : [...own, ...standard];
    const changes = rows.map((row) => row.from).filter((at) => at >= from && at <= until);
    const times = rows.length === 0 ? [effectiveAt] : [effectiveAt, from, ...changes];
    const found = times.map((at) => {
      const cleared = latest(standard, at);
      return cleared === null ? null : (latest(own, at) ?? cleared);
    });
    return [...new Set(found)];
  }
}

/** Who pays for the lot that stands at `at`, by which shares: its funders, or its issuer alone. */
function payersOf(bytes: Uint8Array, at: number): { merchants: Uuid[]; shares: bigint[] } {
  const merchants: Uuid[] = [];
  const shares: bigint[] = [];
  for (let place = 0; place < int16(bytes, at + LOT.funders); place += 1) {
    const funder = at + LOT.bytes + place * LOT.funderBytes;
    merchants.push(readUuid(bytes, funder));
    shares.push(BigInt(int64(bytes, funder + 16)));
  }
  if (merchants.length > 0) return { merchants, shares };
  return { merchants: [readUuid(bytes, at + LOT.issuer)], shares: [1n] };
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each) => b.includes(each));
}

function latest(rows: readonly ListedPrice[], at: Instant): ListedPrice | null {
  return rows.findLast(({ from }) => from <= at) ?? null;
}

function keyOf(programme: number, pointType: number, merchant: Uuid): string {
  return `${programme} ${pointType} ${merchant}`;
}

function facts(merchant: Uuid, more: Problem['facts']): Problem['facts'] {
  return { merchant: showId('merchant', merchant), ...more };
}

function otherwise(merchant: Uuid, said: string, listed: readonly string[]): Problem {
  return problem('price_otherwise', facts(merchant, { said, listed: listed.join(' / ') }));
}
