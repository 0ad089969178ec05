import type { RewardFactsOf } from '../catalogue/member-deps.ts';
import type { Consents } from '../consents/registry.ts';
import type { Uuid } from '../kernel/id.ts';
import type { BalanceReader } from '../ledger/read-balance.ts';
import { readJoinedAndBorn } from '../members/joined.ts';
import type { Sql } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import { readRedeemed } from '../redemptions/read-redeemed.ts';
import { readTiersAt } from '../tiers/member-store.ts';
import type { Display } from '../transactions/show.ts';

/** What rewards ask about a member, gathered once from whoever knows, however many rewards there are. */
export function createRewardFacts(
  sql: Sql,
  {
    consents,
    sealer,
    balances,
    display,
  }: {
    readonly consents: Consents;
    readonly sealer: Sealer;
    readonly balances: BalanceReader;
    readonly display: Display;
  },
): RewardFactsOf {
  return async ({ member, programme, merchants, at }) => {
    // The tiers of the programme come with those of any merchant: with the member's own id, which is none.
    const asked = [member, ...merchants].map((merchant) => ({ member, merchant, programme, at }));
    const [[joined], known, isChild, tiers, accounts] = await Promise.all([
      readJoinedAndBorn(sql, [{ member, programme }], sealer),
      consents.factsOf(member, programme, at),
      consents.isChild(member),
      readTiersAt(sql, asked),
      balances.balancesOf(member),
    ]);
    if (joined === undefined) throw new Error('who is asked about is there');
    const redeemed = await readRedeemed(sql, [member, ...joined.absorbed], programme);
    const own = merchants.flatMap((merchant, place): [Uuid, string | null][] => {
      const { merchantTier } = tiers[place + 1] ?? {};
      return merchantTier === undefined ? [] : [[merchant, merchantTier]];
    });
    const available = accounts
      .filter((account) => account.programme === programme)
      .map((account): [string, number] => [
        display.codes(programme, account.pointType).pointType,
        account.available,
      ]);
    return {
      birthday: joined.birthday,
      joinedAt: joined.joinedAt,
      member: {
        tier: tiers[0]?.tier ?? null,
        merchantTiers: new Map(own),
        ...known,
        isChild,
        available: new Map(available),
        redeemed: new Set(redeemed.map(({ reward }) => reward)),
        redeemedOf: new Set(redeemed.map(({ owner }) => owner)),
      },
    };
  };
}
