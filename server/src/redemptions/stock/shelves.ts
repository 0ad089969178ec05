import type { Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import { problem } from '../../platform/web/problem.ts';
import type { Count } from '../redemption.ts';
import type { Has } from '../steps.ts';

/** How much there is of a reward. */
export interface Stock {
  /** Null: without limit. */
  readonly total: number | null;
  readonly reserved: number;
  readonly sold: number;
}

/** What a redemption takes of the stock, and what it counts on. */
export interface Wish {
  readonly reward: Uuid;
  readonly quantity: number;
  readonly counts: readonly Count[];
}

const EMPTY: Stock = { total: null, reserved: 0, sold: 0 };
type Change = Omit<Stock, 'total'>;
const NO_CHANGE: Change = { reserved: 0, sold: 0 };

/** By how much stock and counts change, of a batch together. */
export class ShelfChanges {
  readonly stocks = new Map<Uuid, Change>();
  readonly counts = new Map<string, number>();

  /** A redemption has `now` of the stock what it had as `before`; it counts as long as it has anything. */
  move({ reward, quantity, counts }: Wish, before: Has, now: Has): void {
    if (before === now) return;
    if (before !== 'nothing') this.put(reward, before, -quantity);
    if (now !== 'nothing') this.put(reward, now, quantity);
    if (before !== 'nothing' && now !== 'nothing') return;
    for (const { name, units } of counts) this.count(name, now === 'nothing' ? -units : units);
  }

  count(name: string, units: number): void {
    this.counts.set(name, this.ofCount(name) + units);
  }

  /** Units that were given out came back: they count no more, and are there again if they are `fit` for it. */
  takeBack({ reward, quantity, counts }: Wish, fit: boolean): void {
    if (fit) this.put(reward, 'sold', -quantity);
    for (const { name, units } of counts) this.counts.set(name, this.ofCount(name) - units);
  }

  ofStock(reward: Uuid): Change {
    return this.stocks.get(reward) ?? NO_CHANGE;
  }

  ofCount(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  private put(reward: Uuid, what: 'reserved' | 'sold', quantity: number): void {
    const change = this.ofStock(reward);
    this.stocks.set(reward, { ...change, [what]: change[what] + quantity });
  }
}

/**
 * Stock and counts as they are read for a batch of wishes, which are decided one after the other; then what changed of them
 * is written. Pure: whoever uses it holds the locks.
 */
export class Shelves {
  readonly changes = new ShelfChanges();
  private readonly stocks: ReadonlyMap<Uuid, Stock>;
  private readonly counts: ReadonlyMap<string, number>;

  constructor(stocks: ReadonlyMap<Uuid, Stock>, counts: ReadonlyMap<string, number>) {
    this.stocks = stocks;
    this.counts = counts;
  }

  stockOf(reward: Uuid): Stock {
    const { total, reserved, sold } = this.stocks.get(reward) ?? EMPTY;
    const change = this.changes.ofStock(reward);
    return { total, reserved: reserved + change.reserved, sold: sold + change.sold };
  }

  /** Sets aside what a redemption asks for: all of it, or nothing and why. */
  reserve(wish: Wish): Refusal | null {
    const { quantity, counts } = wish;
    const { total, reserved, sold } = this.stockOf(wish.reward);
    const left = total === null ? quantity : total - reserved - sold;
    if (quantity > left) return problem('reward_out_of_stock', `only ${left} are left`, { left });
    const why = this.refusedBy(counts);
    if (why !== null) return why;
    this.changes.move(wish, 'nothing', 'reserved');
    return null;
  }

  /** Counts on these instead of those it counted on before: all of it, or nothing and why. */
  recount(before: readonly Count[], now: readonly Count[]): Refusal | null {
    for (const { name, units } of before) this.changes.count(name, -units);
    const why = this.refusedBy(now);
    for (const { name, units } of why === null ? now : before) this.changes.count(name, units);
    return why;
  }

  private refusedBy(counts: readonly Count[]): Refusal | null {
    for (const { name, of, units, max, beside = [] } of counts) {
      const used = [name, ...beside].reduce((sum, each) => sum + this.countOf(each), 0);
      const room = Math.max(0, max - used);
      if (units > room) return noRoom(of, room);
    }
    return null;
  }

  private countOf(name: string): number {
    return (this.counts.get(name) ?? 0) + this.changes.ofCount(name);
  }
}

const NO_ROOM = {
  member: 'redemption_limit_reached',
  merchant: 'redemption_quota_reached',
  budget: 'promotion_budget_spent',
  slot: 'slot_full',
  bill: 'bill_offset_exists',
  offline: 'offline_limit_reached',
} as const;

function noRoom(of: Count['of'], left: number): Refusal {
  // A bill has one place or none.
  if (of === 'bill') return problem('bill_offset_exists');
  const some = of === 'budget' || left === 0 ? undefined : `only ${left} are left for now`;
  return problem(NO_ROOM[of], some, { left });
}
