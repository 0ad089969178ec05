import type Type from 'typebox';
import { addToDate } from '../kernel/calendar.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Transaction } from '../platform/database.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import type { Ladder } from './ladder.ts';
import { lockMembers } from './member-store.ts';
import { momentOf, reviewLocked, type TierDeps } from './review-members.ts';
import { rankOf } from './scheme.ts';
import { readVersionAt } from './scheme-store.ts';
import { showMemberTier } from './show-member-tier.ts';
import type { GivenTier, MemberTierShown } from './tier-schema.ts';

/** A tier given by hand is for a while, not for good. */
const YEARS_MAX = 10;

/**
 * Gives a member a higher tier until a day, whatever they did. What they do meanwhile counts as ever, and what it
 * brings beyond that stays; the tier then ends as any other does, with grace and notice.
 *
 * Refused: `tiers_not_found`, `tier_not_found`, `tier_not_higher`, `tier_until_invalid`.
 */
export async function giveTier(
  tx: Transaction,
  ladder: Ladder,
  member: Uuid,
  asked: Omit<Type.Static<typeof GivenTier>, 'programme' | 'merchantId'>,
  deps: Omit<TierDeps, 'deeds'> & { readonly by: Uuid },
): Promise<Outcome<Type.Static<typeof MemberTierShown>>> {
  const found = deps.programmes.byId(ladder.programme);
  if (found === undefined) throw new Error('whose tiers are given is known');
  const { programme, ladder: own } = ladder;
  const key = { programme, ladder: own, member };
  const [kept] = await lockMembers(tx, [key]);
  if (kept === undefined) throw new Error('a member that is locked is there');
  const now = deps.programmes.programmeClock(found.id);
  const version = await readVersionAt(tx, ladder, now);
  if (version === undefined) return { refusal: problem('tiers_not_found') };
  const moment = momentOf(deps, found, [version], now);
  // What is due is done first: it may have been lost just now, or reached.
  const [current] = await reviewLocked(tx, moment, [kept]);
  if (current === undefined) throw new Error('everybody is reviewed');
  const rank = rankOf(version.scheme, asked.tier);
  if (rank < 0) return { refusal: problem('tier_not_found') };
  const refusal = untilRefusal(asked.until, moment.today);
  if (refusal !== null) return { refusal };
  if (rank <= rankOf(version.scheme, current.tier)) {
    const facts = { tier: current.tier ?? '' };
    return { refusal: problem('tier_not_higher', undefined, facts) };
  }
  const floor = { tier: asked.tier, until: addToDate(asked.until, { days: 1 }) };
  const given = { reason: asked.reason, actor: asked.actor, by: deps.by };
  const [reviewed] = await reviewLocked(tx, moment, [{ ...current, floor }], { given });
  if (reviewed === undefined) throw new Error('everybody is reviewed');
  return { status: 200, body: await showMemberTier(tx, moment, reviewed) };
}

function untilRefusal(until: string, today: string): Refusal | null {
  if (until >= today && until < addToDate(today, { years: YEARS_MAX })) return null;
  const message = `a tier is given until today at the earliest, and for less than ${YEARS_MAX} years`;
  return problem('tier_until_invalid', message);
}
