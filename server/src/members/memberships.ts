import { LRUCache } from 'lru-cache';
import type { Uuid } from '../kernel/id.ts';
import { uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';
import { createLane } from '../platform/lane.ts';
import { readAbsorbed } from './merged.ts';

/** About 20 MB when full. */
const KNOWN_MAX = 100_000;
/** How late it may be noticed that a member joined another programme, or absorbed another member. */
const FRESH_MS = 10_000;
const TTL_STEP_MS = 500;
const LOOKUPS_MAX = 1_000;
const WAITING_MAX = 50_000;

/** The numbers of a member's programmes, and who has become part of them; nothing for an unknown member. */
export interface Belonging {
  readonly programmes: readonly number[];
  readonly absorbed: readonly Uuid[];
}

export interface Memberships {
  of(member: Uuid): Belonging | Promise<Belonging>;
}

const NOTHING: Belonging = { programmes: [], absorbed: [] };

export function createMemberships(sql: Sql): Memberships {
  const known = new LRUCache<Uuid, Belonging>({
    max: KNOWN_MAX,
    ttl: FRESH_MS,
    ttlResolution: TTL_STEP_MS,
  });
  const lane = createLane<Uuid, Belonging>({
    maxBatch: LOOKUPS_MAX,
    maxQueue: WAITING_MAX,
    async run(members) {
      const found = await readMemberships(sql, [...new Set(members)]);
      // Only those found are remembered: a member may be registered in the next moment.
      for (const [member, belonging] of found) known.set(member, belonging);
      return members.map((member) => found.get(member) ?? NOTHING);
    },
  });
  return { of: (member) => known.get(member) ?? lane.push(member) };
}

async function readMemberships(sql: Sql, members: readonly Uuid[]): Promise<Map<Uuid, Belonging>> {
  const { rows } = await sql.query<{ member: Uuid; programmes: number[]; absorbs: boolean }>({
    name: 'memberships',
    text: `select s.member, array_agg(s.programme order by s.programme) as programmes,
        exists (select from member a where a.merged_into = s.member) as absorbs
      from membership s where s.member = any ($1::uuid[]) group by s.member`,
    values: [uuids(members)],
  });
  const survivors = rows.flatMap(({ member, absorbs }) => (absorbs ? [member] : []));
  const parts = survivors.length === 0 ? [] : await readAbsorbed(sql, survivors);
  return new Map(
    rows.map(({ member, programmes }) => {
      const own = parts.filter(({ survivor }) => survivor === member);
      return [member, { programmes, absorbed: own.map(({ absorbed }) => absorbed) }];
    }),
  );
}
