import type { Consents } from '../consents/registry.ts';
import { readJoined } from '../members/joined.ts';
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
    const [joined, consented, tiers] = await Promise.all([
      readJoined(sql, asked, sealer),
      Promise.all(
        asked.map(async ({ member, programme, at }) => consents.factsOf(member, programme, at)),
      ),
      readTiersAt(sql, asked),
    ]);
    // Who became part of a member bought for them.
    const shelves = asked.map(({ member, merchant, at }, index) => ({
      at,
      merchant,
      members: [member, ...(joined[index]?.absorbed ?? [])],
    }));
    const earlier = await countEarlier(sql, shelves);
    return joined.map((own, index) => {
      const known = consented[index];
      if (known === undefined) throw new Error('everyone is answered');
      return {
        tier: tiers[index] ?? null,
        ...known,
        earlierOrders: earlier[index] ?? 0,
        joinedAt: own.joinedAt,
        birthday: own.birthday,
      };
    });
  };
}
