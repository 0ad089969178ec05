import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { problem } from '../platform/web/problem.ts';
import type { Count } from './redemption.ts';
import type { Has } from './steps.ts';

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

/**
 * Stock and counts as they are read for a batch of wishes, which are decided one after the other; then what changed of them
 * is written. Pure: whoever uses it holds the locks.
 */
export class Shelves {
  readonly changedStocks = new Set<Uuid>();
  readonly changedCounts = new Set<string>();
  private readonly stocks: Map<Uuid, Stock>;
  private readonly counts: Map<string, number>;

  constructor(stocks: ReadonlyMap<Uuid, Stock>, counts: ReadonlyMap<string, number>) {
    this.stocks = new Map(stocks);
    this.counts = new Map(counts);
  }

  stockOf(reward: Uuid): Stock {
    return this.stocks.get(reward) ?? EMPTY;
  }

  countOf(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  /** Sets aside what a redemption asks for: all of it, or nothing and why. */
  reserve({ reward, quantity, counts }: Wish): Refusal | null {
    const { total, reserved, sold } = this.stockOf(reward);
    const left = total === null ? quantity : total - reserved - sold;
    if (quantity > left) return problem('reward_out_of_stock', `only ${left} are left`, { left });
    for (const { name, of, units, max } of counts) {
      const room = Math.max(0, max - this.countOf(name));
      if (units > room) return noRoom(of, room);
    }
    for (const { name, units } of counts) this.count(name, units);
    this.put(reward, 'reserved', quantity);
    return null;
  }

  /** A redemption has `now` of the stock what it had as `before`; with nothing left of it its counts are freed too. */
  move({ reward, quantity, counts }: Wish, before: Has, now: Has): void {
    if (before === now) return;
    if (before === 'nothing') throw new Error('what is taken of the stock is reserved first');
    this.put(reward, before, -quantity);
    if (now !== 'nothing') this.put(reward, now, quantity);
    else for (const { name, units } of counts) this.count(name, -units);
  }

  private count(name: string, units: number): void {
    const used = this.countOf(name) + units;
    if (used < 0) throw new Error(`${name} frees more than it counted`);
    this.counts.set(name, used);
    this.changedCounts.add(name);
  }

  private put(reward: Uuid, what: 'reserved' | 'sold', quantity: number): void {
    const stock = this.stockOf(reward);
    this.stocks.set(reward, { ...stock, [what]: stock[what] + quantity });
    this.changedStocks.add(reward);
  }
}

const NO_ROOM = {
  member: 'redemption_limit_reached',
  merchant: 'redemption_quota_reached',
  budget: 'promotion_budget_spent',
} as const;

function noRoom(of: Count['of'], left: number): Refusal {
  return problem(NO_ROOM[of], undefined, { left });
}
