import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { type Merchant, ratioAt } from '../merchants/merchant.ts';
import type { Pool } from '../platform/database.ts';
import { lastingOf, type Programme, pointTypeOf } from '../programs/programme.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import { isAbout } from '../rules/about.ts';
import type { RuleBook } from '../rules/compile.ts';
import { readKnownLeft } from '../rules/known-left.ts';
import { rate } from '../rules/rate.ts';
import type { MemberFacts, Occasion } from '../rules/rating.ts';
import type { RuleVersion, Trigger } from '../rules/rule.ts';
import type { Activity, Awarded } from './activity.ts';

/** The published rules of a programme; at once unless they must be read. `at`: a moment that has come. */
export type RuleBookOf = (programme: number, at: Instant) => RuleBook | Promise<RuleBook>;

export interface RateDeps {
  readonly pool: Pool;
  readonly ledger: Ledger;
  readonly programmes: ProgrammeRegistry;
  readonly ruleBookOf: RuleBookOf;
}

/** Whether any rule that is in force at that moment listens to this at a merchant (null: at any). */
export function listens(book: RuleBook, on: Trigger, merchant: Uuid | null, at: Instant): boolean {
  const isHeard =
    merchant === null ? ({ body }: RuleVersion) => body.on === on : isAbout(on, merchant);
  return book.inForce(at).rules.some(({ version }) => isHeard(version));
}

/** An activity that is about to be rated. */
export interface Unrated {
  readonly told: Activity;
  readonly merchant: Merchant;
  readonly facts: MemberFacts;
  /** The moment whose rules count. */
  readonly at: Instant;
}

/** What the rules in force give for activities; answered in order. */
export async function rateActivities(
  deps: RateDeps,
  list: readonly Unrated[],
): Promise<(Awarded | Refusal)[]> {
  const rateable = await Promise.all(
    list.map(async ({ told, merchant, facts, at }) => {
      const programme = deps.programmes.byId(told.programme, at);
      if (programme === undefined) throw new Error(`there is no programme ${told.programme}`);
      const activity = { ...told, ratedAt: at, facts };
      const occasion = occasionOf(activity, merchant, programme.timeZone);
      const book = await deps.ruleBookOf(programme.id, at);
      return { activity, programme, occasion, book };
    }),
  );
  const left = await readKnownLeft(
    deps.pool,
    rateable.map(({ activity: { member }, book, occasion }) => {
      return { member, book, at: occasion.at, occasion: () => occasion };
    }),
  );
  return rateable.map(({ activity, occasion, ...by }, place) => {
    const member = { ...occasion.member, ...left[place] };
    return rateActivity(deps, { ...activity, facts: member }, { ...occasion, member }, by);
  });
}

function rateActivity(
  { ledger }: RateDeps,
  activity: Activity,
  occasion: Occasion,
  { programme, book }: { readonly programme: Programme; readonly book: RuleBook },
): Awarded | Refusal {
  const missing = missingBehind(activity);
  if (missing !== null) return { activity: { ...activity, noPointsReason: missing }, awards: [] };
  const { at } = occasion;
  const rating = rate(book, occasion);
  if ('code' in rating) return rating;
  if (rating.awards.length === 0) {
    const noPointsReason = listens(book, activity.kind, activity.merchant, at)
      ? 'no_rule_matched'
      : 'no_rule';
    return { activity: { ...activity, noPointsReason }, awards: [] };
  }
  const awards = rating.awards.map((award, place) => {
    const pointType = pointTypeOf(programme, award.pointType);
    if (pointType === undefined) throw new Error(`a rule gives unknown points ${award.pointType}`);
    return {
      place,
      transaction: ledger.newId(activity.member),
      ruleVersion: award.version,
      pointType: pointType.id,
      points: award.points,
      availableAt: award.availableAt,
      ...lastingOf(programme, pointType.id, at, award.expiresAt),
      funders: award.funders,
      limits: award.limits,
    };
  });
  return { activity, awards };
}

/** A green activity is worth something only while a certificate stands behind its evidence. */
function missingBehind({ kind, evidence, certificate }: Activity): string | null {
  if (kind !== 'green') return null;
  if (evidence === null) return 'evidence_missing';
  return certificate === null ? 'no_valid_certificate' : null;
}

/** Names of attributes that say what stands behind an activity; nobody can tell them otherwise. */
export const OWN_ATTRIBUTES = ['certified', 'behaviour'] as const;

/** What rules look at; always the same for the same activity, so that it can be explained at any time. */
export function occasionOf(activity: Activity, merchant: Merchant, timeZone: string): Occasion {
  const { kind, ratedAt, facts, evidence, certificate } = activity;
  if (ratedAt === null || facts === null) throw new Error('the activity was not rated yet');
  return {
    on: kind,
    at: ratedAt,
    timeZone,
    merchant: activity.merchant,
    merchantCategory: merchant.category,
    ratio: ratioAt(merchant, ratedAt),
    store: activity.store,
    channel: activity.channel,
    tenders: [],
    lines: [],
    member: facts,
    attributes: {
      ...activity.attributes,
      certified: certificate !== null,
      ...(evidence === null ? {} : { behaviour: evidence.behaviour }),
    },
  };
}
