import { localDate, nameOf } from '../kernel/calendar.ts';
import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { PointsPart, RewardPeriod, RewardTerms, RewardVersion } from '../kernel/reward.ts';
import { problem } from '../platform/web/problem.ts';
import type { Agreed, Count } from './redemption.ts';

/** What the catalogue is asked: may this member have it at this moment, and for how much. */
export interface OfferAsked {
  readonly reward: Uuid;
  readonly member: Uuid;
  /** The place of one of the version's prices. */
  readonly option: number;
  readonly quantity: number;
  /** When it was agreed, by the clock of the programme; null: now. */
  readonly at: Instant | null;
  /** Who is to hand it out, where, and of which programme that is: nobody learns of rewards of others. */
  readonly programme: number;
  readonly merchant: Uuid;
  readonly store: string | null;
}

/** The version in force, and what one unit costs this member now. */
export interface Offer {
  readonly version: RewardVersion;
  /** The moment it was asked for, by the clock of the reward's programme. */
  readonly at: Instant;
  /** After the promotion that is best for the member. */
  readonly points: readonly PointsPart[];
  readonly cashFen: number;
  readonly promotion: Uuid | null;
  /** What one unit spends of the promotion's budget: points, of a counter that has `max` in all. */
  readonly spending: readonly {
    readonly counter: string;
    readonly points: number;
    readonly max: number;
  }[];
}

/** Answered by the catalogue; a refusal says why this member cannot have it, or not there ({@link refusedAt}, before all else). */
export type OfferOf = (asked: OfferAsked) => Promise<Offer | Refusal>;

/** The version in force of what a merchant hands out, and the moment by its programme's clock; a refusal says why there is none. */
export type VersionOf = (
  asked: Pick<OfferAsked, 'reward' | 'programme' | 'merchant' | 'store'> &
    Partial<Pick<OfferAsked, 'at'>>,
) => Promise<Pick<Offer, 'version' | 'at'> | Refusal>;

/** Why the reward is not handed out there; null: it is. */
export function refusedAt(
  { stores }: Pick<RewardTerms, 'stores'>,
  merchant: Uuid,
  store: string | null,
): Refusal | null {
  const here = stores.find((each) => each.merchant === merchant);
  // What somebody else hands out, a merchant learns nothing of.
  if (here === undefined) return problem('reward_not_found');
  if (here.stores === undefined || (store !== null && here.stores.includes(store))) return null;
  return problem('reward_elsewhere', 'the reward is handed out at other stores of the merchant');
}

/** Whether a member's limits of a reward are counted over time. */
export const isLimited = ({ limits = [] }: RewardTerms): boolean =>
  limits.some(({ per }) => per !== 'order');

/** What a redemption counts on, by the limits and quotas of its terms and its promotion's budget, or why it is of too many units at once. */
export function countsOf(
  { version: { reward, body }, at, spending }: Pick<Offer, 'version' | 'at' | 'spending'>,
  who: { readonly member: Uuid; readonly absorbed: readonly Uuid[]; readonly merchant: Uuid },
  units: number,
  timeZone: string,
): Count[] | Refusal {
  const date = localDate(at, timeZone);
  const counts: Count[] = [];
  for (const { per, times } of body.limits ?? []) {
    if (per === 'order') {
      if (units > times)
        return refusal('redemption_limit_reached', `at most ${times} at once`, { left: times });
    } else {
      const name = limitName(reward, who.member, per, date);
      const others = who.absorbed.map((each) => limitName(reward, each, per, date));
      const beside = others.length === 0 ? {} : { beside: others };
      counts.push({ name, of: 'member', units, max: times, ...beside });
    }
  }
  for (const { merchant = who.merchant, per, times } of body.quotas ?? []) {
    if (merchant !== who.merchant) continue;
    const name = quotaName(reward, merchant, per, date);
    counts.push({ name, of: 'merchant', units, max: times });
  }
  for (const { counter, points, max } of spending)
    counts.push({ name: counter, of: 'budget', units: points * units, max });
  return strictest(counts);
}

const periodOf = (per: RewardPeriod, date: string): string =>
  `${per}/${per === 'ever' ? per : nameOf(per, date)}`;

/** The counter of what a member gets of a reward in the period that a day is in. */
export const limitName = (reward: Uuid, member: Uuid, per: RewardPeriod, date: string): string =>
  `${reward}/member/${member}/${periodOf(per, date)}`;

/** The counter of what a merchant gives out of a reward in the period that a day is in. */
export const quotaName = (reward: Uuid, merchant: Uuid, per: RewardPeriod, date: string): string =>
  `${reward}/merchant/${merchant}/${periodOf(per, date)}`;

/** A period is counted once, however often it is named; the least of its maxima holds. */
function strictest(counts: readonly Count[]): Count[] {
  const byName = new Map<string, Count>();
  for (const count of counts) {
    const known = byName.get(count.name);
    if (known === undefined || count.max < known.max) byName.set(count.name, count);
  }
  return [...byName.values()];
}

const agreed = new WeakMap<RewardTerms, Agreed>();

/** What of the terms a redemption keeps; of one version always the same object. */
export function agreedOf(body: RewardTerms): Agreed {
  const known = agreed.get(body);
  if (known !== undefined) return known;
  const { kind, name, cashValueFen, stores, fulfilment, cancellation, afterSales } = body;
  const { offered, compensation } = body;
  const made = {
    ...{ kind, name, cashValueFen, stores, fulfilment, cancellation, afterSales },
    ...(offered === undefined ? {} : { offered }),
    ...(compensation === undefined ? {} : { compensation }),
  };
  agreed.set(body, made);
  return made;
}
