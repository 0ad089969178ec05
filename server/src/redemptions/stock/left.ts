import type { Left } from '../../catalogue/left-schema.ts';
import type { MemberDeps } from '../../catalogue/member-deps.ts';
import { localDate } from '../../kernel/calendar.ts';
import type { Uuid } from '../../kernel/id.ts';
import { REWARD_PERIODS, type RewardTerms, type RewardVersion } from '../../kernel/reward.ts';
import type { Sql } from '../../platform/database.ts';
import { createAbsorbedOf } from '../absorbed.ts';
import { limitName, quotaName } from '../offer.ts';
import { readCounts, readStock } from './stock-store.ts';

/** How much of a reward is left for a member at a moment, by its stock, its limits and its quotas. */
export function createLeftOf(sql: Sql): MemberDeps['leftOf'] {
  const absorbedOf = createAbsorbedOf(sql);
  return async (version, { member, at, timeZone }) => {
    // What they had who became part of the member counts, too.
    const whose = [member, ...(await absorbedOf(member))];
    return readLeft(sql, version, whose, localDate(at, timeZone));
  };
}

async function readLeft(
  sql: Sql,
  { reward, body }: RewardVersion,
  whose: readonly Uuid[],
  date: string,
): Promise<Left> {
  const limits = limitsOf(body).map((limit) => ({
    ...limit,
    names: whose.map((each) => limitName(reward, each, limit.per, date)),
  }));
  const quotas = quotasOf(body).map((quota) => ({
    ...quota,
    names: [quotaName(reward, quota.merchant, quota.per, date)],
  }));
  const [{ total, reserved, sold }, counts] = await Promise.all([
    readStock(sql, reward),
    readCounts(
      sql,
      [...limits, ...quotas].flatMap(({ names }) => names),
    ),
  ]);
  const leftOf = ({ times, names }: { readonly times: number; readonly names: string[] }) =>
    Math.max(0, times - names.reduce((sum, name) => sum + (counts.get(name) ?? 0), 0));
  return {
    stock: total === null ? null : Math.max(0, total - reserved - sold),
    limits: limits.map((limit) => ({ per: limit.per, left: leftOf(limit) })),
    quotas: quotas.map((quota) => ({
      ...{ merchant: quota.merchant, per: quota.per },
      left: leftOf(quota),
    })),
  };
}

/** The limits that are counted over time: of two that are of one period the lesser holds. */
const limitsOf = ({ limits = [] }: Pick<RewardTerms, 'limits'>) =>
  REWARD_PERIODS.flatMap((per) => {
    const own = limits.filter((limit) => limit.per === per);
    return own.length === 0 ? [] : [{ per, times: Math.min(...own.map(({ times }) => times)) }];
  });

/** The quotas of each merchant that hands it out: of two that are of one period the lesser holds. */
export function quotasOf({ stores, quotas = [] }: Pick<RewardTerms, 'stores' | 'quotas'>) {
  return stores.flatMap(({ merchant }) =>
    REWARD_PERIODS.flatMap((per) => {
      const own = quotas.filter(
        (quota) => quota.per === per && (quota.merchant ?? merchant) === merchant,
      );
      if (own.length === 0) return [];
      return [{ merchant, per, times: Math.min(...own.map(({ times }) => times)) }];
    }),
  );
}
