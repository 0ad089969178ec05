import { readJoined } from '../members/joined.ts';
import type { FactsOf } from '../orders/occasion.ts';
import { countEarlierOrders } from '../orders/store.ts';
import type { Sql } from '../platform/database.ts';

/** What rules may ask about members, gathered from whoever knows: two statements, however many are asked about. */
export function createFactsOf(sql: Sql): FactsOf {
  return async (asked) => {
    const joined = await readJoined(sql, asked);
    // Who became part of a member bought for them.
    const shelves = asked.map(({ member, merchant }, index) => ({
      merchant,
      members: [member, ...(joined[index]?.absorbed ?? [])],
    }));
    const earlier = await countEarlierOrders(sql, shelves);
    return joined.map(({ joinedAt }, index) => ({
      tier: null,
      creditBand: null,
      segments: [],
      earlierOrders: earlier[index] ?? 0,
      joinedAt,
      birthday: null,
    }));
  };
}
