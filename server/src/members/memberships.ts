import { LRUCache } from 'lru-cache';
import type { Uuid } from '../kernel/id.ts';
import { uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';
import { createLane } from '../platform/lane.ts';

/** About 20 MB when full. */
const KNOWN_MAX = 100_000;
/** How late it may be noticed that a member joined another programme. */
const FRESH_MS = 10_000;
const TTL_STEP_MS = 500;
const LOOKUPS_MAX = 1_000;
const WAITING_MAX = 50_000;

/** The numbers of a member's programmes; none for an unknown member. */
export interface Memberships {
  of(member: Uuid): readonly number[] | Promise<readonly number[]>;
}

export function createMemberships(sql: Sql): Memberships {
  const known = new LRUCache<Uuid, readonly number[]>({
    max: KNOWN_MAX,
    ttl: FRESH_MS,
    ttlResolution: TTL_STEP_MS,
  });
  const lane = createLane<Uuid, readonly number[]>({
    maxBatch: LOOKUPS_MAX,
    maxQueue: WAITING_MAX,
    async run(members) {
      const found = await readMemberships(sql, [...new Set(members)]);
      // Only those found are remembered: a member may be registered in the next moment.
      for (const [member, programmes] of found) known.set(member, programmes);
      return members.map((member) => found.get(member) ?? []);
    },
  });
  return { of: (member) => known.get(member) ?? lane.push(member) };
}

async function readMemberships(sql: Sql, members: readonly Uuid[]): Promise<Map<Uuid, number[]>> {
  const { rows } = await sql.query<{ member: Uuid; programmes: number[] }>({
    name: 'memberships',
    text: `select member, array_agg(programme order by programme) as programmes from membership
      where member = any ($1::uuid[]) group by member`,
    values: [uuids(members)],
  });
  return new Map(rows.map((row) => [row.member, row.programmes]));
}
