import type { Consents } from '../consents/registry.ts';
import { readJoinedAndBorn } from '../members/joined.ts';
import type { countOrdersBefore } from '../orders/history-store.ts';
import type { FactsOf } from '../orders/occasion.ts';
import { countEarlierOrders } from '../orders/store.ts';
import type { Sql } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import { readTiersAt } from '../tiers/member-store.ts';

/**
 * What rules may ask about members, gathered from whoever knows: a few statements, however many are asked about.
 * `countEarlier`: which orders came before.
 */
export function createFactsOf(
  sql: Sql,
  { consents, sealer }: { readonly consents: Consents; readonly sealer: Sealer },
  countEarlier: typeof countOrdersBefore = countEarlierOrders,
): FactsOf {
  return async (asked) => {
    const [joined, consented, tiers, own] = await Promise.all([
      readJoinedAndBorn(sql, asked, sealer),
      Promise.all(
        asked.map(async ({ member, programme, at }) => consents.factsOf(member, programme, at)),
      ),
      readTiersAt(sql, asked),
      countEarlier(
        sql,
        asked.map(({ member, merchant, at }) => ({ at, merchant, members: [member] })),
      ),
    ]);
    // Who became part of a member bought for them.
    const shelves = asked.map(({ merchant, at }, index) => ({
      at,
      merchant,
      members: joined[index]?.absorbed ?? [],
    }));
    const hasAbsorbed = shelves.some(({ members }) => members.length > 0);
    const theirs = hasAbsorbed ? await countEarlier(sql, shelves) : [];
    return joined.map((each, index) => {
      const known = consented[index];
      if (known === undefined) throw new Error('everyone is answered');
      return {
        tier: null,
        ...tiers[index],
        ...known,
        earlierOrders: (own[index] ?? 0) + (theirs[index] ?? 0),
        joinedAt: each.joinedAt,
        birthday: each.birthday,
      };
    });
  };
}
