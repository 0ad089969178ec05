import { factsOf as consentedFacts, readKnown } from '../consents/known.ts';
import type { Clock } from '../kernel/clock.ts';
import { readJoined } from '../members/joined.ts';
import type { FactsOf } from '../orders/occasion.ts';
import { countEarlierOrders } from '../orders/store.ts';
import type { Sql } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import { readTiersAt } from '../tiers/member-store.ts';

/** What rules may ask about members, gathered from whoever knows: a few statements, however many are asked about. */
export function createFactsOf(
  sql: Sql,
  { clock, sealer }: { readonly clock: Clock; readonly sealer: Sealer },
): FactsOf {
  return async (asked) => {
    const [joined, known, tiers] = await Promise.all([
      readJoined(sql, asked, sealer),
      readKnown(
        sql,
        asked.map(({ member }) => member),
      ),
      readTiersAt(sql, asked),
    ]);
    // Who became part of a member bought for them.
    const shelves = asked.map(({ member, merchant }, index) => ({
      merchant,
      members: [member, ...(joined[index]?.absorbed ?? [])],
    }));
    const earlier = await countEarlierOrders(sql, shelves);
    return asked.map(({ member, programme, at }, index) => {
      const own = joined[index];
      const consented = known.get(member);
      if (own === undefined || consented === undefined) throw new Error('everyone is answered');
      return {
        tier: tiers[index] ?? null,
        ...consentedFacts(consented, { programme, now: clock.now(), at }),
        earlierOrders: earlier[index] ?? 0,
        joinedAt: own.joinedAt,
        birthday: own.birthday,
      };
    });
  };
}
