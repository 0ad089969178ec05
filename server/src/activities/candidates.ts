import { type Saving, savingOf } from '../carbon/method.ts';
import { readMethodsAt } from '../carbon/store.ts';
import type { Certificates } from '../certificates/registry.ts';
import type { Instant } from '../kernel/clock.ts';
import { effectiveTime } from '../kernel/effective-time.ts';
import type { Uuid } from '../kernel/id.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { mergedAway } from '../members/merged.ts';
import type { Members } from '../members/registry.ts';
import type { Merchant } from '../merchants/merchant.ts';
import type { Merchants } from '../merchants/registry.ts';
import { problem } from '../platform/web/problem.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import type { MemberFacts } from '../rules/rating.ts';
import {
  type Activity,
  type ActivityTold,
  type Awarded,
  evidenceHash,
  fingerprintOfActivity,
  onceOf,
} from './activity.ts';
import { type RateDeps, rateActivities, type Unrated } from './rate-activity.ts';
import { type Candidate, type RecordDeps, receiptsOf } from './record-activities.ts';
import { ALREADY_CLAIMED } from './settling.ts';

export interface CandidateDeps extends RecordDeps, RateDeps {
  readonly ledger: Ledger;
  readonly programmes: ProgrammeRegistry;
  readonly merchants: Merchants;
  readonly members: Members;
  readonly certificates: Certificates;
  /** What is known of members when something happens at a merchant; in order. */
  readonly factsOf: (asked: readonly FactsAsked[]) => Promise<readonly MemberFacts[]>;
}

export interface FactsAsked {
  readonly programme: number;
  readonly merchant: Uuid;
  readonly member: Uuid;
  /** By the programme's clock. */
  readonly at: Instant;
}

export interface ActivityRequest {
  readonly told: ActivityTold;
  /** Tenant and Idempotency-Key; what the platform tells itself has a key no tenant can have. */
  readonly requestKey: string;
  readonly mayBackdate: boolean;
  /** The year of a birthday, which only the platform tells. */
  readonly year?: number;
}

/** Checks what requests name, looks up what stands behind them, and works out what they are worth; answers in order. */
export async function candidatesOf(
  deps: CandidateDeps,
  requests: readonly ActivityRequest[],
): Promise<(Candidate | Refusal)[]> {
  const named = requests.flatMap(({ told: { member, referred } }) =>
    referred === null ? [member] : [member, referred],
  );
  const known = await deps.members.exists(named);
  const checked = await Promise.all(requests.map((request) => check(deps, request, known)));
  const good = checked.filter((each) => 'merchant' in each);
  const facts = await deps.factsOf(
    good.map(({ merchant, at, request: { told } }) => ({
      programme: merchant.programme,
      merchant: merchant.id,
      member: told.member,
      at,
    })),
  );
  const savings = await savingsOf(deps, good);
  const told = good.map((each, place): ToRate | Refusal => {
    const saving = savings.get(each) ?? null;
    if (saving !== null && 'code' in saving) return saving;
    return tellOf(deps, each, facts[place] as MemberFacts, saving);
  });
  const rated = await rateActivities(
    deps,
    told.flatMap((each) => ('code' in each ? [] : (each.unrated ?? []))),
  );
  const ratings = rated.values();
  const made = told.map((each): Candidate | Refusal => {
    if ('code' in each) return each;
    const rating = each.unrated === null ? each.of : (ratings.next().value as Awarded | Refusal);
    return 'code' in rating ? rating : { ...rating, refusal: each.refusal };
  });
  const candidates = made.values();
  return checked.map((each) =>
    'merchant' in each ? (candidates.next().value as Candidate | Refusal) : each,
  );
}

/** What each saves of emissions: those with valid evidence that has not counted before. */
async function savingsOf(
  { pool }: CandidateDeps,
  list: readonly Checked[],
): Promise<ReadonlyMap<Checked, Saving | Refusal | null>> {
  const proven = list.flatMap((each) => {
    const { evidence } = each.request.told;
    if (evidence === null || each.certificate === null) return [];
    const { behaviour } = evidence;
    const { merchant, at } = each;
    return { each, programme: merchant.programme, behaviour, at, evidence: evidenceHash(evidence) };
  });
  if (proven.length === 0) return new Map();
  const methods = await readMethodsAt(pool, proven);
  return new Map(
    proven.map(({ each }, index) => {
      const method = methods[index];
      return [each, method === undefined ? null : savingOf(method, each.request.told.attributes)];
    }),
  );
}

interface Checked {
  readonly request: ActivityRequest;
  readonly merchant: Merchant;
  readonly certificate: Uuid | null;
  /** The evidence paid already, as the receipt of a purchase. */
  readonly isPaid: boolean;
  /** Why it may not be recorded, unless it was recorded before. */
  readonly refusal: Refusal | null;
  readonly effectiveAt: Instant | null;
  /** The moment whose rules count: one that has come, because those of a later one may still change. */
  readonly at: Instant;
}

async function check(
  { pool, merchants, members, programmes, certificates, arePaidReceipts }: CandidateDeps,
  request: ActivityRequest,
  known: ReadonlySet<Uuid>,
): Promise<Checked | Refusal> {
  const { told, mayBackdate } = request;
  const merchant = await merchants.find(told.merchant);
  if (merchant === undefined) return problem('merchant_not_found');
  if (!known.has(told.member) || (told.referred !== null && !known.has(told.referred)))
    return problem('member_not_found');
  const wrong = problemOfKind(told);
  if (wrong !== null) return wrong;
  const now = programmes.programmeClock(merchant.programme);
  const time = effectiveTime(told.occurredAt, now, mayBackdate);
  const isElsewhere =
    told.store !== null && (await merchants.findStore(merchant.id, told.store)) === undefined;
  const { evidence } = told;
  const certificate =
    evidence === null
      ? null
      : await certificates.behind({
          merchant: told.merchant,
          behaviour: evidence.behaviour,
          at: told.occurredAt,
        });
  const [isPaid = false] =
    evidence === null ? [] : await arePaidReceipts(pool, receiptsOf({ ...told, evidence }));
  const gone = mergedAway(await members.survivors(told.member));
  return {
    request,
    merchant,
    certificate,
    isPaid,
    refusal: gone ?? ('code' in time ? time : isElsewhere ? problem('store_not_found') : null),
    at: Math.min(told.occurredAt, now),
    effectiveAt: 'code' in time ? null : time.effectiveAt,
  };
}

function problemOfKind({ kind, member, referred, evidence }: ActivityTold): Refusal | null {
  if ((kind === 'referral') !== (referred !== null))
    return refusal('referral_incomplete', 'a referral, and nothing else, names referredMemberId');
  if (kind === 'referral' && evidence !== null)
    return refusal(
      'referral_incomplete',
      'what proves a referral is the first purchase, not evidence',
    );
  return member === referred ? refusal('referral_of_oneself', 'nobody refers themselves') : null;
}

/** An activity, and what is left to rate of it; null: what it is worth, or that it is worth nothing yet, is known. */
interface ToRate {
  readonly of: Awarded;
  readonly unrated: Unrated | null;
  readonly refusal: Refusal | null;
}

function tellOf(
  deps: CandidateDeps,
  { request, merchant, certificate, isPaid, refusal: why, effectiveAt, at }: Checked,
  facts: MemberFacts,
  saving: Saving | null,
): ToRate {
  const { told, requestKey, year } = request;
  const { programme } = merchant;
  const activity: Activity = {
    ...told,
    id: deps.ledger.newId(told.member),
    programme,
    effectiveAt,
    certificate,
    saving,
    verifiedBy: null,
    ratedAt: null,
    facts: null,
    noPointsReason: null,
    once: onceOf(told, programme, year),
    requestKey,
    fingerprint: fingerprintOfActivity(told),
  };
  // A referral is worth nothing before the purchase that verifies it.
  if (told.kind === 'referral')
    return { of: { activity, awards: [] }, unrated: null, refusal: why };
  if (isPaid) {
    const known = { ...activity, ratedAt: at, facts, noPointsReason: ALREADY_CLAIMED };
    return { of: { activity: known, awards: [] }, unrated: null, refusal: why };
  }
  const of = { activity, awards: [] };
  return { of, unrated: { told: activity, merchant, facts, at }, refusal: why };
}
