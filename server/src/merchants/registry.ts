import { LRUCache } from 'lru-cache';
import type { Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';
import { createLane } from '../platform/lane.ts';
import type { Merchant } from './merchant.ts';
import { readMerchants } from './store.ts';
import { createStores } from './store-registry.ts';
import type { Store } from './stores.ts';

const MERCHANTS_MAX = 10_000;
/** How late a change of a merchant made elsewhere may be noticed. */
const FRESH_MS = 10_000;
const TTL_STEP_MS = 500;
const LOOKUPS_MAX = 1_000;
const WAITING_MAX = 50_000;

/** Looks merchants and their stores up for the hot paths: at once from memory, else with whatever other look-ups wait. */
export interface Merchants {
  find(id: Uuid): Merchant | undefined | Promise<Merchant | undefined>;
  findStore(merchant: Uuid, code: string): Store | undefined | Promise<Store | undefined>;
  /** The merchant or one of its stores was just changed. */
  forget(id: Uuid): void;
  forgetAll(): void;
}

export function createMerchants(sql: Sql): Merchants {
  const known = new LRUCache<Uuid, Merchant>({
    max: MERCHANTS_MAX,
    ttl: FRESH_MS,
    // Reading the clock for each of a bulk request's items is dearer than the look-up.
    ttlResolution: TTL_STEP_MS,
  });
  const lane = createLane<Uuid, Merchant | null>({
    maxBatch: LOOKUPS_MAX,
    maxQueue: WAITING_MAX,
    async run(ids) {
      const found = new Map(
        (await readMerchants(sql, [...new Set(ids)])).map((each) => [each.id, each]),
      );
      for (const merchant of found.values()) known.set(merchant.id, merchant);
      return ids.map((id) => found.get(id) ?? null);
    },
  });
  const stores = createStores(sql);
  return {
    find: (id) => known.get(id) ?? lane.push(id).then((merchant) => merchant ?? undefined),
    findStore: stores.find,
    forget(id) {
      known.delete(id);
      stores.forget(id);
    },
    forgetAll() {
      known.clear();
      stores.forgetAll();
    },
  };
}
