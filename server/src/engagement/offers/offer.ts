import type { MemberFacts } from '../../catalogue/eligibility.ts';
import { holdsNow, type Occasion } from '../../catalogue/pricing.ts';
import type { PromotionTerms, PromotionVersion } from '../../catalogue/promotion.ts';
import { addToDate, daysBetween, firstDayAfter, localDate } from '../../kernel/calendar.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { RuleBody, RuleVersion } from '../../rules/rule.ts';
import { tierFor } from '../../rules/tier-asked.ts';
import { type Days, firstDay, isOnDay, lastDay } from './days.ts';

/** For whom offers are looked for. */
export type Whom = Pick<Occasion, 'birthday' | 'joinedAt'> & {
  /** Bands and segments only as far as they agreed to be told offers by them. */
  readonly member: Pick<MemberFacts, 'tier' | 'merchantTiers' | 'creditBand' | 'segments'>;
  /** Merchants at which they have an order already, of those that an offer asks about. */
  readonly boughtAt: ReadonlySet<Uuid>;
};

/** Why somebody is shown what not everybody is; segments by their codes. */
export interface Because {
  readonly kind: 'segment' | 'tier' | 'credit_band' | 'new_member';
  readonly codes: readonly string[];
}

/** What counts for a member now, or soon. */
export interface MemberOffer {
  readonly of: Uuid;
  readonly version: Uuid;
  readonly merchant: Uuid | null;
  readonly what: { readonly rule: RuleBody } | { readonly promotion: PromotionTerms };
  /** Of the programme's days: the first from today on, and the last that is known. */
  readonly on: string;
  readonly until: string | null;
  readonly because: readonly Because[];
  /** A rule asks for more than forms say; what that is its description tells. */
  readonly asksMore: boolean;
  /** As long as a budget lasts. */
  readonly isLimited: boolean;
}

/** What everybody gets without doing anything for it, and what has a page of its own (referrals), is no offer. */
const PASSED_OVER = new Set<RuleBody['on']>(['registration', 'referral']);

/**
 * What a rule offers a member; undefined: nothing, or to others. Conditions on who they are decide whether they are shown it, those
 * on what they buy are told. What others pay for it, and how its members were chosen, is taken out.
 */
export function offerOfRule(
  { id, rule, merchant, body, from, until }: RuleVersion,
  whom: Whom,
  days: Days,
): MemberOffer | undefined {
  if (body.earn.kind === 'base' || PASSED_OVER.has(body.on)) return undefined;
  const because = becauseOf(body, merchant, whom);
  if (because === undefined) return undefined;
  const firsts = firstOrdersAt(body, merchant);
  if (firsts?.every((each) => whom.boughtAt.has(each))) return undefined;
  const within = body.when.member?.joinedWithinDays;
  const joined = localDate(whom.joinedAt, days.timeZone);
  const on = firstDay(
    { from, until },
    days,
    (day) =>
      isOnDay(body.when, day) && (within === undefined || daysBetween(joined, day.date) <= within),
  );
  if (on === undefined) return undefined;
  return {
    ...{ of: rule, version: id, merchant, on, because },
    what: { rule: withoutInner(body) },
    // How new somebody has to be is not told: until when they are is.
    until: lastDay(
      { from, until },
      days.timeZone,
      body.when.dates?.to,
      within === undefined ? undefined : addToDate(joined, { days: within }),
    ),
    asksMore: body.when.expression !== undefined,
    isLimited: body.terms?.budget !== undefined,
  };
}

/** The merchants at one of which it must be the member's first order; null: it need not be the first, or is at any merchant. */
export function firstOrdersAt({ when }: RuleBody, merchant: Uuid | null): readonly Uuid[] | null {
  if (when.member?.firstOrder !== true) return null;
  return merchant === null ? (when.merchants ?? null) : [merchant];
}

/** Undefined: it is not for this member. */
function becauseOf(
  { when: { member: asked = {} } }: RuleBody,
  merchant: Uuid | null,
  { member }: Whom,
): readonly Because[] | undefined {
  const { tiers, creditBands, segments, joinedWithinDays } = asked;
  const because: Because[] = [];
  if (segments !== undefined) {
    const codes = segments.filter((code) => member.segments.includes(code));
    if (codes.length === 0) return undefined;
    because.push({ kind: 'segment', codes });
  }
  if (creditBands !== undefined) {
    if (member.creditBand === null || !creditBands.includes(member.creditBand)) return undefined;
    because.push({ kind: 'credit_band', codes: [] });
  }
  if (tiers !== undefined) {
    const own = merchant === null ? undefined : member.merchantTiers.get(merchant);
    const merchantTier = own === undefined ? {} : { merchantTier: own };
    const tier = tierFor({ tier: member.tier, ...merchantTier }, merchant !== null);
    if (tier === null || !tiers.includes(tier)) return undefined;
    because.push({ kind: 'tier', codes: [] });
  }
  if (joinedWithinDays !== undefined) because.push({ kind: 'new_member', codes: [] });
  return because;
}

function withoutInner({ when, terms, ...body }: RuleBody): RuleBody {
  const { expression: _, member, ...conditions } = when;
  const { firstOrder, birthday } = member ?? {};
  const own = { ...(firstOrder && { firstOrder }), ...(birthday && { birthday }) };
  const { funders: _f, budget: _b, ...shown } = terms ?? {};
  const caps = shown.caps?.map(({ campaign: _c, ...cap }) => cap);
  const { group: _g, priority: _p, ...rest } = body;
  const kept = { ...shown, ...(caps && { caps }) };
  return {
    ...rest,
    when: { ...conditions, ...(Object.keys(own).length > 0 && { member: own }) },
    ...(Object.keys(kept).length > 0 && { terms: kept }),
  };
}

/** What a promotion offers a member; undefined: it holds on none of the days. */
export function offerOfPromotion(
  { id, promotion, merchant, body, from, until }: PromotionVersion,
  { birthday, joinedAt }: Whom,
  days: Days,
): MemberOffer | undefined {
  const { timeZone } = days;
  const on = firstDay({ from, until }, days, (local) =>
    holdsNow(body, { local, timeZone, birthday, joinedAt, creditBand: null }),
  );
  if (on === undefined) return undefined;
  const seasons = body.when.dates;
  const season = seasons?.find(
    ({ from: first = '', to = '9999-12-31' }) => first <= on && on <= to,
  );
  const { budget, priority: _, ...terms } = body;
  return {
    ...{ of: promotion, version: id, merchant, on, because: [], asksMore: false },
    what: { promotion: terms },
    until: lastDay(
      { from, until },
      timeZone,
      season?.to,
      // A month of the member's own ends with it.
      body.when.memberMonth && addToDate(firstDayAfter('month', on), { days: -1 }),
    ),
    isLimited: budget !== undefined,
  };
}

/** One of each, the version that counts first; those of today first, then by day. */
export function inOrder(offers: readonly MemberOffer[]): MemberOffer[] {
  const found = new Map<Uuid, MemberOffer>();
  for (const each of [...offers].sort(byDay)) if (!found.has(each.of)) found.set(each.of, each);
  return [...found.values()];
}

function byDay(a: MemberOffer, b: MemberOffer): number {
  if (a.on !== b.on) return a.on < b.on ? -1 : 1;
  // What is meant for somebody comes before what is for all.
  return b.because.length - a.because.length || (a.of < b.of ? -1 : 1);
}
