import type { Uuid } from '../../kernel/id.ts';
import type { Limit } from '../../ledger/command.ts';

/**
 * What the ledger's limits would have left, order after order: counters of each member that begin at nothing,
 * budgets that begin full. It says again, for limits that rules make, what ledger/limits.ts does within a transaction.
 */
export class LimitsInMemory {
  /** By counter, then by the member's number: a year of daily caps is many of them. */
  readonly #counters = new Map<string, Map<number, number>>();
  readonly #budgets: Map<Uuid, number>;

  constructor(budgets: ReadonlyMap<Uuid, number>) {
    this.#budgets = new Map(budgets);
  }

  /** Grants what every limit leaves of some points, and counts it. */
  grant(member: number, points: number, limits: readonly Limit[]): number {
    let granted = points;
    for (const limit of limits) {
      const left = this.#leftOf(member, limit);
      if (left <= 0) return 0;
      if ('mode' in limit) granted = Math.min(granted, left);
    }
    for (const limit of limits) this.#count(member, granted, limit);
    return granted;
  }

  /** The points that one award could be granted within all of these. */
  left(member: number, limits: readonly Limit[]): number {
    const left = limits.map((limit) => {
      const rest = Math.max(0, this.#leftOf(member, limit));
      return 'unit' in limit && rest > 0 ? Infinity : rest;
    });
    return Math.min(...left);
  }

  #leftOf(member: number, limit: Limit): number {
    if ('budget' in limit) return this.#budgets.get(limit.budget) ?? 0;
    return limit.max - (this.#counters.get(limit.counter)?.get(member) ?? 0);
  }

  #count(member: number, points: number, limit: Limit): void {
    if ('budget' in limit) {
      this.#budgets.set(limit.budget, (this.#budgets.get(limit.budget) ?? 0) - points);
      return;
    }
    let members = this.#counters.get(limit.counter);
    if (members === undefined) {
      members = new Map();
      this.#counters.set(limit.counter, members);
    }
    members.set(member, (members.get(member) ?? 0) + ('unit' in limit ? 1 : points));
  }
}
