import { LRUCache } from 'lru-cache';
import { type Budget, findBudgetByName } from '../ledger/budget.ts';
import type { Sql } from '../platform/database.ts';

const KNOWN_MAX = 10_000;

/** Budgets by name, for commands that spend them. All of a budget but its figures stays as it was made. */
export interface Budgets {
  find(programme: number, name: string): Budget | undefined | Promise<Budget | undefined>;
}

export function createBudgets(sql: Sql): Budgets {
  const known = new LRUCache<string, Budget>({ max: KNOWN_MAX });
  // One bulk request may name a budget a thousand times before it is known: it is read once.
  const reading = new Map<string, Promise<Budget | undefined>>();

  async function read(key: string, programme: number, name: string): Promise<Budget | undefined> {
    try {
      const found = await findBudgetByName(sql, programme, name);
      if (found !== undefined) known.set(key, found);
      return found;
    } finally {
      reading.delete(key);
    }
  }

  return {
    find(programme, name) {
      const key = `${programme} ${name}`;
      const budget = known.get(key);
      if (budget !== undefined) return budget;
      let found = reading.get(key);
      if (found === undefined) {
        found = read(key, programme, name);
        reading.set(key, found);
      }
      return found;
    },
  };
}
