import type { Instant } from '../../kernel/clock.ts';
import { showId, type Uuid } from '../../kernel/id.ts';
import { int64 } from '../../platform/copy-rows.ts';
import { PLATFORM } from '../transaction.ts';
import { priceOf, split } from './accruals.ts';
import { type Problem, problem } from './finding.ts';
import { ENTRY, int16, int64OrNull, type LeafView, LOT, readUuid } from './leaf.ts';

/** A row of `ledger.price`; see migrations/0085. */
export interface PriceRow {
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

/** Who decided so shortly after a change may not have seen it yet: processes' clocks differ, and commits take time. */
const LEEWAY_MS = 60_000;

const MICRO_PER_MILLI = 1000n;

/**
 * Holds what transactions were marked with, and what the lots they made cost, against the price list. The list is not in the
 * chain: what it says of the past must agree with what was decided by it.
 */
export class PriceList {
  private readonly rows = new Map<string, PriceRow[]>();

  constructor(rows: readonly PriceRow[]) {
    for (const row of rows) {
      const key = keyOf(row.programme, row.pointType, row.merchant);
      const same = this.rows.get(key);
      if (same === undefined) this.rows.set(key, [row]);
      else same.push(row);
    }
    for (const same of this.rows.values()) same.sort((a, b) => a.from - b.from);
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
    const refused = rows.map((row) => row?.issuing ?? null);
    if (!refused.includes(null))
      wrong.push(problem('price_refused', facts(issuer, { code: String(refused[0]) })));
    if (unitCost === null || rows.includes(null)) return wrong;
    const drawn = this.funding(transaction, lot.at, BigInt(unitCost));
    for (const { merchant, either } of drawn) {
      const found = marks.findIndex((mark) => either.includes(mark));
      if (found >= 0) marks.splice(found, 1);
      else if (!either.includes(''))
        wrong.push(problem('funding_undrawn', facts(merchant, { mark: either.join(' / ') })));
    }
    for (const mark of marks) wrong.push(problem('funding_otherwise', { mark }));
    return wrong;
  }

  /** What each who pays for a lot should have drawn on which budget, as marks; '' where it has none. */
  private funding(
    transaction: LeafView,
    at: number,
    unitCost: bigint,
  ): { merchant: Uuid; either: string[] }[] {
    const { bytes } = transaction;
    const merchants: Uuid[] = [];
    const shares: bigint[] = [];
    for (let place = 0; place < int16(bytes, at + LOT.funders); place += 1) {
      const funder = at + LOT.bytes + place * LOT.funderBytes;
      merchants.push(readUuid(bytes, funder));
      shares.push(BigInt(int64(bytes, funder + 16)));
    }
    if (merchants.length === 0) {
      merchants.push(readUuid(bytes, at + LOT.issuer));
      shares.push(1n);
    }
    const parts = split(BigInt(transaction.points), shares);
    return merchants.map((merchant, place) => {
      const cost = (parts[place] as bigint) * unitCost;
      const milli = (cost + MICRO_PER_MILLI - 1n) / MICRO_PER_MILLI;
      const either = this.around(transaction, merchant).map((row) =>
        row === null || row.funding === null || milli === 0n
          ? ''
          : `funding ${row.funding} ${milli}`,
      );
      return { merchant, either };
    });
  }

  /** The rows that may have counted for a merchant when a transaction took effect; null where nothing was cleared. */
  private around(
    { programme, pointType, effectiveAt }: LeafView,
    merchant: Uuid,
  ): (PriceRow | null)[] {
    const own = this.rows.get(keyOf(programme, pointType, merchant)) ?? [];
    const standard = this.rows.get(keyOf(programme, pointType, PLATFORM)) ?? [];
    const changes = [...own, ...standard]
      .map(({ from }) => from)
      .filter((from) => Math.abs(from - effectiveAt) <= LEEWAY_MS);
    const times = [effectiveAt, effectiveAt - LEEWAY_MS, ...changes];
    const found = times.map((at) => {
      const cleared = latest(standard, at);
      return cleared === null ? null : (latest(own, at) ?? cleared);
    });
    return [...new Set(found)];
  }
}

function latest(rows: readonly PriceRow[], at: Instant): PriceRow | null {
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
