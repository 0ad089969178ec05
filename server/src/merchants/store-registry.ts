import { LRUCache } from 'lru-cache';
import type { Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';
import { createLane } from '../platform/lane.ts';
import { readStores } from './store.ts';
import type { Store } from './stores.ts';

const STORES_MAX = 20_000;
/** How late a change of a store made elsewhere may be noticed where the news of it did not come. */
const FRESH_MS = 10_000;
const TTL_STEP_MS = 500;
const LOOKUPS_MAX = 1_000;
const WAITING_MAX = 50_000;

/** Looks stores up for the hot paths: at once from memory, else with whatever other look-ups wait. */
export interface Stores {
  find(merchant: Uuid, code: string): Store | undefined | Promise<Store | undefined>;
  /** Stores of this merchant were just changed. */
  forget(merchant: Uuid): void;
  forgetAll(): void;
}

type Named = Pick<Store, 'merchant' | 'code'>;
const nameOf = ({ merchant, code }: Named): string => `${merchant} ${code}`;

export function createStores(sql: Sql): Stores {
  const known = new LRUCache<string, Store>({
    max: STORES_MAX,
    ttl: FRESH_MS,
    ttlResolution: TTL_STEP_MS,
  });
  const lane = createLane<Named, Store | undefined>({
    maxBatch: LOOKUPS_MAX,
    maxQueue: WAITING_MAX,
    async run(wanted) {
      const stores = await readStores(sql, wanted);
      const found = new Map(stores.map((store) => [nameOf(store), store]));
      // Only those found are remembered: a store may be opened in the next moment.
      for (const [name, store] of found) known.set(name, store);
      return wanted.map((named) => found.get(nameOf(named)));
    },
  });
  return {
    find(merchant, code) {
      const named = { merchant, code };
      return known.get(nameOf(named)) ?? lane.push(named);
    },
    forget(merchant) {
      for (const [name, store] of known.entries())
        if (store.merchant === merchant) known.delete(name);
    },
    forgetAll: () => known.clear(),
  };
}
