import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { PriceRow } from './price-list.ts';
import { PLATFORM } from './transaction.ts';

/** What who takes a point receives and pays of it as a fee, in micro-fen. */
export type TakerPrice = Pick<PriceRow, 'reimbursement' | 'fee'>;

/**
 * The part of the price list that a batch is decided by: rows of merchants and the standard ones, from what counts when the batch
 * begins. A point type belongs to one programme, so it is enough to tell them apart.
 */
export class Prices {
  readonly #rows = new Map<number, Map<Uuid, PriceRow[]>>();

  /** Puts a row among those of the same merchant (the platform: the standard terms) and point type, by time. */
  add(merchant: Uuid, row: PriceRow): void {
    let merchants = this.#rows.get(row.pointType);
    if (merchants === undefined) {
      merchants = new Map();
      this.#rows.set(row.pointType, merchants);
    }
    const rows = merchants.get(merchant);
    if (rows === undefined) merchants.set(merchant, [row]);
    else rows.splice(rows.findLastIndex((each) => each.from <= row.from) + 1, 0, row);
  }

  /** A price that was in force stays on the list: where there is none, nothing ever had one. */
  get isEmpty(): boolean {
    return this.#rows.size === 0;
  }

  has(merchant: Uuid, pointType: number): boolean {
    return this.#rows.get(pointType)?.has(merchant) === true;
  }

  /** Whether points of this type had a price at all at `at`. */
  isCleared(pointType: number, at: Instant): boolean {
    return lastAt(this.#rows.get(pointType)?.get(PLATFORM), at) !== null;
  }

  /**
   * The price of a merchant at `at`: its own, or the standard one before it had any. Null where the point type is not cleared,
   * and of nobody.
   */
  at(merchant: Uuid | null, pointType: number, at: Instant): PriceRow | null {
    const merchants = this.#rows.get(pointType);
    if (merchants === undefined || merchant === null) return null;
    const standard = lastAt(merchants.get(PLATFORM), at);
    return standard === null ? null : (lastAt(merchants.get(merchant), at) ?? standard);
  }
}

function lastAt(rows: readonly PriceRow[] | undefined, at: Instant): PriceRow | null {
  if (rows === undefined) return null;
  for (let place = rows.length - 1; place >= 0; place -= 1) {
    const row = rows[place] as PriceRow;
    if (row.from <= at) return row;
  }
  return null;
}

/** How a transaction in which points were used says in the chain by which price. */
export function markOfPrice({ reimbursement, fee }: TakerPrice): string {
  return `price ${reimbursement} ${fee}`;
}

/** The price a transaction is marked with; null: none, so nothing was owed for its points. */
export function priceMarked(marks: readonly string[]): TakerPrice | null {
  const mark = marks.find((each) => each.startsWith('price '));
  if (mark === undefined) return null;
  const [, reimbursement, fee] = mark.split(' ');
  return { reimbursement: Number(reimbursement), fee: Number(fee) };
}

/** How a transaction says what it drew on what is paid ahead, in thousandths of a fen. */
export function markOfFunding(budget: Uuid, milliFen: number): string {
  return `funding ${budget} ${milliFen}`;
}

/** The quota that a burn or a hold drew its points on; what makes lots counts on budgets of other kinds. */
export function quotaMarked(marks: readonly string[]): Uuid | null {
  const mark = marks.find((each) => each.startsWith('budget '));
  return mark === undefined ? null : (mark.slice('budget '.length) as Uuid);
}
