import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { createFinishing } from '../kernel/leftovers.ts';
import { readPersons } from '../members/merged.ts';
import type { MemberFacts } from '../rules/rating.ts';
import type { Activity, Awarded } from './activity.ts';
import { rateActivities } from './rate-activity.ts';
import { endReferral, readWaitingReferrals } from './referral-store.ts';
import type { ActivityDeps } from './tell-activities.ts';

/** What persons, by the members that are one, have bought in a programme. Wired to orders in http/points.ts; answers in order. */
export type PurchasesOf = (
  asked: readonly { readonly members: readonly Uuid[]; readonly programme: number }[],
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
/** Of one round, so that other jobs have their turn: the next one goes on from there. */
const PAGES_MAX = 20;

/**
 * Rates the referrals whose first purchase is verified: one above nothing, paid since the referral, of which something
 * is left after its return window. The reward is the direct referrer's, by the rules in force when that
 * purchase was paid, and a fixed amount: a referral has no lines to have a share of. Members who have become one
 * person bought together, and refer nobody among themselves. Each round answers how many ended.
 */
export function createVerifyReferrals(
  deps: ActivityDeps,
  purchasesOf: PurchasesOf,
): () => Promise<number> {
  let after: Uuid | null = null;
  return async () => {
    const { finish, end } = createFinishing((page: readonly Activity[]) =>
      verify(deps, purchasesOf, page),
    );
    for (let pages = 0; pages < PAGES_MAX; pages += 1) {
      const page: Activity[] = await readWaitingReferrals(deps.pool, after, PAGE, deps.sealer);
      // What cannot be decided is not in the way of what comes after it.
      after = page.length < PAGE ? null : (page.at(-1)?.id ?? null);
      await finish(page);
      if (after === null) break;
    }
    return end();
  };
}

async function verify(
  deps: ActivityDeps,
  purchasesOf: PurchasesOf,
  page: readonly Activity[],
): Promise<number> {
  const { pool, clock, sealer, settling } = deps;
  const referred = page.map((activity) => activity.referred as Uuid);
  const persons = await readPersons(pool, referred);
  const purchases = await purchasesOf(
    page.map(({ programme }, place) => {
      const member = referred[place] as Uuid;
      return { members: persons.get(member) ?? [member], programme };
    }),
  );
  let ended = 0;
  for (const [place, activity] of page.entries()) {
    const isOneself = persons.get(referred[place] as Uuid)?.includes(activity.member) === true;
    const end = await endOf(deps, activity, isOneself ? ONESELF : (purchases[place] as Purchases));
    if (end === null || !(await endReferral(pool, end, sealer, clock.now()))) continue;
    ended += 1;
    await settling.settle([end]);
  }
  return ended;
}

const ONESELF = 'referral_of_oneself';

/** How a referral ends by what was bought since; null: it goes on waiting. */
async function endOf(
  deps: ActivityDeps,
  activity: Activity,
  purchases: Purchases | typeof ONESELF,
): Promise<Awarded | null> {
  const now = deps.programmes.programmeClock(activity.programme);
  const end = async (reason: string): Promise<Awarded> => {
    const facts = await factsOf(deps, activity, now);
    return { activity: { ...activity, ratedAt: now, facts, noPointsReason: reason }, awards: [] };
  };
  if (purchases === ONESELF) return end(ONESELF);
  const { firstAt, kept } = purchases;
  if (firstAt !== null && firstAt < activity.occurredAt) return end('not_first_purchase');
  if (kept !== null && kept.paidAt + RETURN_WINDOW_MS <= now) return pay(deps, activity, kept);
  return activity.occurredAt + PATIENCE_MS <= now && kept === null ? end('no_purchase') : null;
}

async function pay(
  deps: ActivityDeps,
  activity: Activity,
  { order, paidAt }: NonNullable<Purchases['kept']>,
): Promise<Awarded> {
  const merchant = await deps.merchants.find(activity.merchant);
  if (merchant === undefined) throw new Error(`the merchant of activity ${activity.id} is gone`);
  const verified = { ...activity, verifiedBy: order };
  const facts = await factsOf(deps, activity, paidAt);
  const [rated] = await rateActivities(deps, [{ told: verified, merchant, facts, at: paidAt }]);
  if (rated === undefined) throw new Error('every activity is rated');
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
