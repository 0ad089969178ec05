import type { Uuid } from '../kernel/id.ts';
import type {
  PointsPart,
  RewardEligibility,
  RewardTerms,
  RewardVersion,
} from '../kernel/reward.ts';

/** What is known of a member, read once for all rewards. */
export interface MemberFacts {
  /** In the tiers of the programme. */
  readonly tier: string | null;
  /** In those of merchants that have tiers of their own. */
  readonly merchantTiers: ReadonlyMap<Uuid, string | null>;
  readonly creditBand: string | null;
  readonly segments: readonly string[];
  /** Known to be under 14. */
  readonly isChild: boolean;
  /** What is available, by the code of the point type. */
  readonly available: ReadonlyMap<string, number>;
  /** Rewards the member redeemed before, and whose these were (null: the operator's). */
  readonly redeemed: ReadonlySet<Uuid>;
  readonly redeemedOf: ReadonlySet<Uuid | null>;
}

/** Why somebody may not redeem a reward: a stable code, what was asked for, what was found. Words: eligibility-words.ts. */
export interface Unmet {
  readonly code: UnmetCode;
  readonly wanted: string;
  readonly found: string;
}

export const UNMET_CODES = [
  'not_offered_yet',
  'not_offered_any_more',
  'age',
  'tier',
  'credit_band',
  'segment',
  'first_time',
  'balance_floor',
] as const;
export type UnmetCode = (typeof UNMET_CODES)[number];

const NONE = '-';
const NOTHING: readonly PointsPart[] = [];

/** The tier that a reward asks about: a merchant's own one means the merchant's tiers where it has any. */
function tierFor({ tier, merchantTiers }: MemberFacts, owner: Uuid | null): string | null {
  if (owner === null) return tier;
  const own = merchantTiers.get(owner);
  return own === undefined ? tier : own;
}

/**
 * The first thing that keeps a member from a reward in force on a day of the programme's, or null. What limits
 * and quotas have left is decided when it is redeemed, and what the member lacks of points is told beside each price.
 */
export function unmetOf(
  { body, merchant, reward }: RewardVersion,
  member: MemberFacts,
  today: string,
): Unmet | null {
  return (
    outOfDays(body.offered, today) ??
    (body.eligibility === undefined
      ? null
      : unmetBy(body.eligibility, member, { merchant, reward }))
  );
}

function outOfDays(offered: RewardTerms['offered'], today: string): Unmet | null {
  const { from = '', to = '9999-12-31' } = offered ?? {};
  if (today < from) return { code: 'not_offered_yet', wanted: from, found: today };
  return today > to ? { code: 'not_offered_any_more', wanted: to, found: today } : null;
}

function unmetBy(
  { age, tiers, creditBands, segments, firstTime, balanceFloor }: RewardEligibility,
  member: MemberFacts,
  { merchant, reward }: Pick<RewardVersion, 'merchant' | 'reward'>,
): Unmet | null {
  if (age !== undefined && member.isChild)
    return { code: 'age', wanted: String(age.from), found: `< ${age.from}` };
  const tier = tierFor(member, merchant);
  if (tiers !== undefined && (tier === null || !tiers.includes(tier)))
    return { code: 'tier', wanted: tiers.join(', '), found: tier ?? NONE };
  const { creditBand } = member;
  if (creditBands !== undefined && (creditBand === null || !creditBands.includes(creditBand)))
    return { code: 'credit_band', wanted: creditBands.join(', '), found: creditBand ?? NONE };
  if (segments?.some((each) => member.segments.includes(each)) === false)
    return {
      code: 'segment',
      wanted: segments.join(', '),
      found: member.segments.join(', ') || NONE,
    };
  const isKnown =
    firstTime === 'reward' ? member.redeemed.has(reward) : member.redeemedOf.has(merchant);
  if (firstTime !== undefined && isKnown)
    return { code: 'first_time', wanted: firstTime, found: 'redeemed before' };
  return balanceFloor === undefined ? null : belowFloor(balanceFloor, member);
}

function belowFloor({ pointType, points }: PointsPart, { available }: MemberFacts): Unmet | null {
  const has = available.get(pointType) ?? 0;
  if (has >= points) return null;
  return { code: 'balance_floor', wanted: `${points} ${pointType}`, found: `${has} ${pointType}` };
}

/** What a member lacks of a price, by type; nothing when it can be paid. */
export function missingOf(
  price: readonly PointsPart[],
  { available }: Pick<MemberFacts, 'available'>,
): readonly PointsPart[] {
  let missing: PointsPart[] | undefined;
  for (const { pointType, points } of price) {
    const lack = points - (available.get(pointType) ?? 0);
    if (lack <= 0) continue;
    missing ??= [];
    missing.push({ pointType, points: lack });
  }
  return missing ?? NOTHING;
}
