import { LRUCache } from 'lru-cache';
import type { Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';
import { createLane } from '../platform/lane.ts';
import { readExisting } from './store.ts';

/** About 20 MB when full. Members are never removed, so what is known stays true. */
const KNOWN_MAX = 250_000;
const LOOKUPS_MAX = 1_000;
const WAITING_MAX = 50_000;

/** Tells whether members exist, for the hot paths: at once for those seen before, else with whatever other look-ups wait. */
export interface Members {
  has(id: Uuid): boolean | Promise<boolean>;
  /** Those of `ids` that exist. */
  exists(ids: readonly Uuid[]): Promise<ReadonlySet<Uuid>>;
  /** A member just registered. */
  remember(id: Uuid): void;
}

export function createMembers(sql: Sql): Members {
  const known = new LRUCache<Uuid, true>({ max: KNOWN_MAX });
  const lane = createLane<Uuid, boolean>({
    maxBatch: LOOKUPS_MAX,
    maxQueue: WAITING_MAX,
    async run(ids) {
      const found = new Set(await readExisting(sql, [...new Set(ids)]));
      for (const id of found) known.set(id, true);
      return ids.map((id) => found.has(id));
    },
  });
  return {
    // Not `get`, which would move it to the front of the cache: that costs more than the look-up.
    has: (id) => known.has(id) || lane.push(id),
    async exists(ids) {
      const unknown = ids.filter((id) => !known.has(id));
      const found = await Promise.all(unknown.map((id) => lane.push(id)));
      const missing = new Set(unknown.filter((_, index) => found[index] !== true));
      return new Set(ids.filter((id) => !missing.has(id)));
    },
    remember: (id) => void known.set(id, true),
  };
}
