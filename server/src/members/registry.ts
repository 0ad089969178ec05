import { LRUCache } from 'lru-cache';
import type { Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';
import { createLane } from '../platform/lane.ts';
import { readSurvivors } from './merged.ts';
import { readStandings, type Standing } from './store.ts';

/** About 20 MB when full. */
const KNOWN_MAX = 250_000;
/** How late a merge may be noticed where the news of it did not come. */
const FRESH_MS = 60_000;
const TTL_STEP_MS = 500;
const LOOKUPS_MAX = 1_000;
const WAITING_MAX = 50_000;
const NOBODY: readonly Uuid[] = [];

/** Tells who is a member, for the hot paths: at once for those seen before, else with whatever other look-ups wait. */
export interface Members {
  /** Whether there is such a member, absorbed or not. */
  has(id: Uuid): boolean | Promise<boolean>;
  /** Those of `ids` that exist. */
  exists(ids: readonly Uuid[]): Promise<ReadonlySet<Uuid>>;
  /** Whom a member became part of, one merge after another: the last is who they are now. Nobody for all others. */
  survivors(id: Uuid): readonly Uuid[] | Promise<readonly Uuid[]>;
  /** A member just registered. */
  remember(id: Uuid): void;
  /** A member was just absorbed. */
  forget(id: Uuid): void;
  forgetAll(): void;
}

export function createMembers(sql: Sql): Members {
  // Members for themselves: who is absorbed is asked about each time.
  const known = new LRUCache<Uuid, true>({
    max: KNOWN_MAX,
    ttl: FRESH_MS,
    ttlResolution: TTL_STEP_MS,
  });
  const lane = createLane<Uuid, Standing | undefined>({
    maxBatch: LOOKUPS_MAX,
    maxQueue: WAITING_MAX,
    async run(ids) {
      const found = await readStandings(sql, [...new Set(ids)]);
      for (const [id, standing] of found) if (standing === 'member') known.set(id, true);
      return ids.map((id) => found.get(id));
    },
  });
  return {
    // Not `get`, which would move it to the front of the cache: that costs more than the look-up.
    has: (id) => known.has(id) || lane.push(id).then((found) => found !== undefined),
    async exists(ids) {
      const unknown = ids.filter((id) => !known.has(id));
      const found = await Promise.all(unknown.map((id) => lane.push(id)));
      const missing = new Set(unknown.filter((_, index) => found[index] === undefined));
      return new Set(ids.filter((id) => !missing.has(id)));
    },
    survivors: (id) =>
      known.has(id)
        ? NOBODY
        : lane.push(id).then((found) => (found === 'absorbed' ? readSurvivors(sql, id) : NOBODY)),
    remember: (id) => void known.set(id, true),
    forget: (id) => void known.delete(id),
    forgetAll: () => known.clear(),
  };
}
