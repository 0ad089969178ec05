import type { Saving } from '../carbon/method.ts';
import type { Instant } from '../kernel/clock.ts';
import { sha256 } from '../kernel/hash.ts';
import type { Uuid } from '../kernel/id.ts';
import type { AskedLot } from '../ledger/asked-lot.ts';
import type { Claim, IssueCommand } from '../ledger/command.ts';
import { canonicalJson } from '../platform/web/idempotency.ts';
import type { MemberFacts } from '../rules/rating.ts';
import type { ActivityKind } from '../rules/rule.ts';

/** What is said of an activity beside its fields, for rules and people. */
export type Attributes = Readonly<Record<string, string | number | boolean>>;

/** What was done, and the number of what proves it (a ticket, a weighing slip, a record). */
export interface Evidence {
  readonly behaviour: string;
  readonly number: string;
}

/** An activity as its caller tells it. */
export interface ActivityTold {
  readonly merchant: Uuid;
  readonly member: Uuid;
  readonly kind: ActivityKind;
  readonly activityNo: string;
  readonly occurredAt: Instant;
  readonly store: string | null;
  readonly channel: string | null;
  readonly attributes: Attributes;
  readonly evidence: Evidence | null;
  /** Of a referral, and only of one: who was referred. */
  readonly referred: Uuid | null;
}

/** An activity as recorded, without its awards. */
export interface Activity extends ActivityTold {
  /** Carries the member's shard. */
  readonly id: Uuid;
  readonly programme: number;
  /** When its points count; null: when the ledger gets them. */
  readonly effectiveAt: Instant | null;
  /** The certificate that stood behind it when it happened. */
  readonly certificate: Uuid | null;
  /** What it saves of emissions, if its evidence has not counted before. */
  readonly saving: Saving | null;
  /** The purchase that verified a referral. */
  readonly verifiedBy: Uuid | null;
  /** The moment whose rules it was rated by; null: a referral that waits for the first purchase. */
  readonly ratedAt: Instant | null;
  /** The member's facts of that moment. */
  readonly facts: MemberFacts | null;
  /** Why no rule gave anything; null when one did, or when it was not rated yet. */
  readonly noPointsReason: string | null;
  /** What can happen once only; see {@link onceOf}. */
  readonly once: string | null;
  readonly requestKey: string;
  readonly fingerprint: Buffer;
}

/** What one rule gives for an activity. */
export interface ActivityAward extends AskedLot {
  readonly place: number;
  /** The id of its earn in the ledger. */
  readonly transaction: Uuid;
  readonly ruleVersion: Uuid | null;
}

export interface Awarded {
  readonly activity: Activity;
  readonly awards: readonly ActivityAward[];
}

/** What a member can do once only, whoever tells it; the database holds one activity of each. */
export function onceOf(
  told: Pick<ActivityTold, 'kind' | 'member'>,
  programme: number,
  year: number | null = null,
): string | null {
  if (told.kind === 'registration') return `registration ${programme} ${told.member}`;
  if (told.kind === 'birthday') return `birthday ${programme} ${told.member} ${year}`;
  return null;
}

// One ticket is typed with spaces or without, in wide digits or narrow ones: it is the same ticket.
const sameNumber = (number: string): string =>
  number.normalize('NFKC').replace(/[\s\p{Cf}]+/gu, '');

/** The fact that pays once, in all programmes: this behaviour with this evidence. */
export function claimOf({ behaviour, number }: Evidence): Claim {
  return { merchant: null, scope: behaviour, fact: sameNumber(number) };
}

/** SHA-256 of the evidence, as a lot and the register of what was saved name it. */
export function evidenceHash({ behaviour, number }: Evidence): Buffer {
  return sha256(`${behaviour}\0${sameNumber(number)}`);
}

/** Given because of the date, or of what somebody else did: the member has not come. */
const UNASKED: ReadonlySet<ActivityKind> = new Set(['birthday', 'referral']);

/** The command of an award; `claims`: it is the one that uses up the evidence. */
export function awardCommand(
  activity: Activity,
  award: ActivityAward,
  { claims }: { readonly claims: boolean },
): IssueCommand {
  const { evidence } = activity;
  return {
    kind: 'issue',
    key: `activity:${activity.id}:${award.place}`,
    id: award.transaction,
    programme: activity.programme,
    pointType: award.pointType,
    member: activity.member,
    merchant: activity.merchant,
    points: award.points,
    effectiveAt: activity.effectiveAt,
    availableAt: award.availableAt,
    expiresAt: award.expiresAt,
    ...(award.slideMonths === null ? {} : { slideMonths: award.slideMonths }),
    ...(UNASKED.has(activity.kind) ? { unasked: true } : {}),
    source: { kind: 'activity', id: activity.id },
    ...(award.limits.length === 0 ? {} : { limits: award.limits }),
    ...(award.funders === null ? {} : { funders: award.funders }),
    ...(award.ruleVersion === null ? {} : { ruleVersion: award.ruleVersion }),
    ...(evidence === null ? {} : { evidence: evidenceHash(evidence).toString('hex') }),
    ...(evidence === null || !claims ? {} : { claims: [claimOf(evidence)] }),
  };
}

/** SHA-256 of what was told: the same activity told again, alone or in bulk, has the same. */
export function fingerprintOfActivity(told: ActivityTold): Buffer {
  return sha256(`activity\n${canonicalJson(told)}`);
}
