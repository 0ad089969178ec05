import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { readLeft } from '../ledger/read-left.ts';
import { readJoinedAt } from '../members/invitations/store.ts';
import type { Cap, RuleVersion } from '../rules/rule.ts';
import { type ActivityAward, type Awarded, fingerprintOfActivity } from './activity.ts';
import type { CandidateDeps } from './candidates.ts';
import { rateActivities } from './rate-activity.ts';
import { toldItself } from './told-itself.ts';

/** Whose sharing, in which programme, and when by its clock. */
export interface Sharing {
  readonly member: Uuid;
  readonly programme: number;
  readonly at: Instant;
}

/** What a member is given for somebody who comes by them, and the merchant who issues it. */
export interface ReferralOffer {
  readonly merchant: Uuid;
  readonly awards: readonly ActivityAward[];
}

/** Merchants that are asked, at the most: one of the first gives something, or none does. */
const MERCHANTS_MAX = 20;

/**
 * What the rules in force give a member for a referral, by the rule that comes first; undefined: nothing. A member invites into a
 * programme, but points have an issuer: the merchant whose rule it is, one that the operator's rule names, or else the one
 * where the member joined.
 */
export async function referralOffer(
  deps: CandidateDeps,
  sharing: Sharing,
): Promise<ReferralOffer | undefined> {
  for (const merchant of await issuersOf(deps, sharing)) {
    const awards = await awardsAt(deps, sharing, merchant);
    if (awards.length > 0) return { merchant, awards };
  }
  return undefined;
}

async function issuersOf(
  { pool, ruleBookOf }: CandidateDeps,
  { member, programme, at }: Sharing,
): Promise<Uuid[]> {
  const book = await ruleBookOf(programme, at);
  const rules = book.inForce(at).rules.filter(({ version }) => version.body.on === 'referral');
  if (rules.length === 0) return [];
  const own = await readJoinedAt(pool, member, programme);
  const found = new Set<Uuid>();
  for (const { version } of rules) {
    const named = version.merchant === null ? version.body.when.merchants : [version.merchant];
    for (const each of named ?? (own === null ? [] : [own])) found.add(each);
  }
  return [...found].slice(0, MERCHANTS_MAX);
}

/** As a referral would be rated that was verified at this moment. */
async function awardsAt(
  deps: CandidateDeps,
  { member, programme, at }: Sharing,
  id: Uuid,
): Promise<Awarded['awards']> {
  const merchant = await deps.merchants.find(id);
  if (merchant === undefined || merchant.programme !== programme) return [];
  const [facts] = await deps.factsOf([{ programme, merchant: id, member, at }]);
  if (facts === undefined) throw new Error('everyone is answered');
  const { told, requestKey } = toldItself({
    ...{ merchant: id, member, at },
    kind: 'referral',
    activityNo: 'what it would be worth',
  });
  const activity = {
    ...{ ...told, id: deps.ledger.newId(member), programme, requestKey },
    ...{ effectiveAt: null, certificate: null, saving: null, verifiedBy: null, ratedAt: null },
    ...{ facts: null, noPointsReason: null, once: null },
    fingerprint: fingerprintOfActivity(told),
  };
  const [rated] = await rateActivities(deps, [{ told: activity, merchant, facts, at }]);
  return rated !== undefined && 'awards' in rated ? rated.awards : [];
}

/** What is given for one referral, and how far what limits it is used up. */
export interface OfferedReward extends Pick<ActivityAward, 'pointType' | 'points'> {
  readonly pendingDays: number;
  /** In the smallest unit of the point type. */
  readonly caps: readonly (Pick<Cap, 'per' | 'points'> & { readonly counted: number })[];
  /** Whether nothing more would be given at this moment. */
  readonly isUsedUp: boolean;
}

/** The same with what the member was given so far. */
export async function rewardsOf(
  { pool, ruleBookOf }: CandidateDeps,
  { member, programme, at }: Sharing,
  { awards }: ReferralOffer,
): Promise<OfferedReward[]> {
  const book = await ruleBookOf(programme, at);
  const left = await readLeft(
    pool,
    awards.flatMap(({ limits }) => limits.map((limit) => ({ member, limits: [limit] }))),
  );
  const rest = left.values();
  return awards.map(({ pointType, points, limits, ruleVersion }) => {
    const own = limits.map(() => rest.next().value ?? 0);
    const version = ruleVersion === null ? undefined : book.byVersion.get(ruleVersion)?.version;
    return {
      ...{ pointType, points },
      pendingDays: version?.body.terms?.pendingDays ?? 0,
      // Caps come first among the limits, in their order (limitsOf).
      caps: capsOf(version).map(({ per, points: most }, place) => {
        return { per, points: most, counted: most - (own[place] ?? 0) };
      }),
      isUsedUp: own.some((each) => each === 0),
    };
  });
}

const capsOf = (version: RuleVersion | undefined): readonly Cap[] =>
  version?.body.terms?.caps?.filter(({ per }) => per !== 'order') ?? [];
