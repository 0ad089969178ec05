import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { MemberFacts } from '../rules/rating.ts';
import type { Activity, Awarded } from './activity.ts';
import { type RateDeps, rateActivity } from './rate-activity.ts';
import { endReferral, readWaitingReferrals } from './referral-store.ts';
import type { ActivityDeps } from './tell-activities.ts';

/** What members have bought in a programme. Wired to orders in http/points.ts; answers in order. */
export type PurchasesOf = (
  asked: readonly { readonly member: Uuid; readonly programme: number }[],
) => Promise<readonly Purchases[]>;

export interface Purchases {
  /** When the first one was paid, whatever became of it; null: nothing was bought. */
  readonly firstAt: Instant | null;
  /** The first one of which something was kept, so far. */
  readonly kept: { readonly order: Uuid; readonly paidAt: Instant } | null;
}

/** Goods can come back for so long: whatever is left of a purchase then was bought. */
const RETURN_WINDOW_MS = 7 * 24 * 3600_000;
/** So long a referral waits for a first purchase. */
const PATIENCE_MS = 365 * 24 * 3600_000;
const PAGE = 500;

/**
 * Rates the referrals whose first purchase is verified: one above nothing, paid since the referral, of which something
 * is left after its return window. The reward is the direct referrer's, by the rules in force when that
 * purchase was paid, and a fixed amount: a referral has no lines to have a share of. Answers how many ended.
 */
export async function verifyReferrals(
  deps: ActivityDeps,
  purchasesOf: PurchasesOf,
): Promise<number> {
  const { pool, clock, sealer, settling } = deps;
  let ended = 0;
  for (let after: Uuid | null = null; ; ) {
    const page: Activity[] = await readWaitingReferrals(pool, after, PAGE, sealer);
    const purchases = await purchasesOf(
      page.map(({ referred, programme }) => ({ member: referred as Uuid, programme })),
    );
    for (const [place, activity] of page.entries()) {
      const end = await endOf(deps, activity, purchases[place] as Purchases);
      if (end === null || !(await endReferral(pool, end, sealer, clock.now()))) continue;
      ended += 1;
      await settling.settle([end]);
    }
    if (page.length < PAGE) return ended;
    after = page.at(-1)?.id ?? null;
  }
}

/** How a referral ends by what was bought since; null: it goes on waiting. */
async function endOf(
  deps: ActivityDeps,
  activity: Activity,
  { firstAt, kept }: Purchases,
): Promise<Awarded | null> {
  const now = deps.programmes.programmeClock(activity.programme);
  const end = async (reason: string): Promise<Awarded> => {
    const facts = await factsOf(deps, activity, now);
    return { activity: { ...activity, ratedAt: now, facts, noPointsReason: reason }, awards: [] };
  };
  if (firstAt !== null && firstAt < activity.occurredAt) return end('not_first_purchase');
  if (kept !== null && kept.paidAt + RETURN_WINDOW_MS <= now) return pay(deps, activity, kept);
  return activity.occurredAt + PATIENCE_MS <= now && kept === null ? end('no_purchase') : null;
}

async function pay(
  deps: ActivityDeps & RateDeps,
  activity: Activity,
  { order, paidAt }: NonNullable<Purchases['kept']>,
): Promise<Awarded> {
  const merchant = await deps.merchants.find(activity.merchant);
  if (merchant === undefined) throw new Error(`the merchant of activity ${activity.id} is gone`);
  const verified = { ...activity, verifiedBy: order };
  const facts = await factsOf(deps, activity, paidAt);
  const rated = await rateActivity(deps, verified, merchant, facts, paidAt);
  if ('activity' in rated) return rated;
  return {
    activity: { ...verified, ratedAt: paidAt, facts, noPointsReason: rated.code },
    awards: [],
  };
}

async function factsOf(
  { factsOf: read }: ActivityDeps,
  { programme, merchant, member }: Activity,
  at: Instant,
): Promise<MemberFacts> {
  const [facts] = await read([{ programme, merchant, member, at }]);
  return facts as MemberFacts;
}
