import type Type from 'typebox';
import { showSaving } from '../carbon/method.ts';
import { showInstant } from '../kernel/clock.ts';
import { showId } from '../kernel/id.ts';
import { showReceipt } from '../ledger/shown.ts';
import type { Principal } from '../platform/web/auth.ts';
import type { Activity, ActivityAward } from './activity.ts';
import type { ActivityExplanation, ActivityPreview, ActivityShown } from './schema.ts';
import type { AwardAnswer } from './settling.ts';
import type { Told } from './tell-activities.ts';

type Shown = Type.Static<typeof ActivityShown>;
type Given = Pick<Shown, 'awards' | 'noPointsReason'>;

/** The code of a point type of a programme. */
export type PointTypeCode = (programme: number, pointType: number) => string;

/** Without `replayed`: what a reader is shown, and a writer again and again. */
type Answered = Omit<Told, 'replayed'>;

/**
 * Facts that do not change once the ledger has answered, so that a replay answers the same. `to` a member: not whom they
 * referred, which is another one's.
 */
export function showActivity(
  told: Answered,
  codeOf: PointTypeCode,
  to?: Pick<Principal, 'member'>,
): Shown {
  const { activity } = told;
  const { store, channel, attributes, evidence, certificate, saving, referred } = activity;
  const isMember = to !== undefined && to.member !== null;
  return {
    id: showId('activity', activity.id),
    merchantId: showId('merchant', activity.merchant),
    memberId: showId('member', activity.member),
    kind: activity.kind,
    activityNo: activity.activityNo,
    occurredAt: showInstant(activity.occurredAt),
    ...(store === null ? {} : { store }),
    ...(channel === null ? {} : { channel }),
    ...(Object.keys(attributes).length === 0 ? {} : { attributes: { ...attributes } }),
    ...(evidence === null ? {} : { evidence }),
    ...(certificate === null ? {} : { certificateId: showId('certificate', certificate) }),
    ...(saving === null ? {} : { saving: showSaving(saving) }),
    ...(referred === null || isMember ? {} : { referredMemberId: showId('member', referred) }),
    ...showGiven(told, codeOf),
  };
}

export function showPreview(
  told: Answered,
  codeOf: PointTypeCode,
): Type.Static<typeof ActivityPreview> {
  const { saving } = told.activity;
  const { awards, ...rest } = showGiven(told, codeOf);
  const unrecorded = awards.map(({ receipt: _, ...award }) => ({ ...award, transactionId: null }));
  const saves = saving === null ? {} : { saving: showSaving(saving) };
  return { dryRun: true, ...saves, awards: unrecorded, ...rest };
}

/** What was asked and granted, and why nothing was when that is so. */
function showGiven({ activity, awards, answers }: Answered, codeOf: PointTypeCode): Given {
  const shown = awards.map((award, place) =>
    showAward(activity, award, answers[place] ?? null, codeOf),
  );
  if (shown.some(({ granted }) => granted > 0)) return { awards: shown };
  const waiting = activity.ratedAt === null ? 'awaiting_first_purchase' : null;
  const reason =
    waiting ?? activity.noPointsReason ?? shown.find((each) => each.reason)?.reason ?? null;
  return reason === null ? { awards: shown } : { awards: shown, noPointsReason: reason };
}

function showAward(
  { programme }: Activity,
  award: ActivityAward,
  answer: AwardAnswer | null,
  codeOf: PointTypeCode,
): Shown['awards'][number] {
  const { ruleVersion, availableAt, expiresAt } = award;
  const recorded = answer === null || answer.status === 'unasked' ? null : answer;
  return {
    ruleVersionId: ruleVersion === null ? null : showId('ruleVersion', ruleVersion),
    pointType: codeOf(programme, award.pointType),
    asked: award.points,
    granted: answer?.status === 'applied' ? answer.transaction.points : 0,
    ...(answer === null || answer.status === 'applied' ? {} : { reason: answer.refusal.code }),
    ...(availableAt === null ? {} : { availableAt: showInstant(availableAt) }),
    ...(expiresAt === null ? {} : { expiresAt: showInstant(expiresAt) }),
    transactionId:
      recorded === null || recorded.transaction === null
        ? null
        : showId('transaction', recorded.transaction.id),
    ...(recorded === null || recorded.receipt === null
      ? {}
      : { receipt: showReceipt(recorded.receipt) }),
  };
}

export function showExplanation(
  told: Answered,
  rules: Type.Static<typeof ActivityExplanation>['rules'],
  codeOf: PointTypeCode,
): Type.Static<typeof ActivityExplanation> {
  const { activity } = told;
  return {
    activityId: showId('activity', activity.id),
    ratedAt: activity.ratedAt === null ? null : showInstant(activity.ratedAt),
    ...showGiven(told, codeOf),
    rules,
  };
}
