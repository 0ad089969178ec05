import { explain } from '../rules/explain.ts';
import type { RuleOutcome } from '../rules/rating.ts';
import type { Activity } from './activity.ts';
import type { CandidateDeps } from './candidates.ts';
import { occasionOf } from './rate-activity.ts';

/**
 * What each rule made of an activity, worked out anew from what was recorded: the rules in force at a moment of
 * the past never change. Nothing for one that was not rated.
 */
export async function explainActivity(
  {
    merchants,
    programmes,
    ruleBookOf,
  }: Pick<CandidateDeps, 'merchants' | 'programmes' | 'ruleBookOf'>,
  activity: Activity,
): Promise<readonly RuleOutcome[]> {
  if (activity.ratedAt === null || isUnheard(activity)) return [];
  const merchant = await merchants.find(activity.merchant);
  const programme = programmes.byId(activity.programme);
  if (merchant === undefined || programme === undefined)
    throw new Error(`the merchant or programme of activity ${activity.id} is gone`);
  const book = await ruleBookOf(programme.id, activity.ratedAt);
  return explain(book, occasionOf(activity, merchant, programme.timeZone));
}

/** No rule was asked: what the activity needs behind it was missing. */
function isUnheard({ kind, evidence, certificate }: Activity): boolean {
  return kind === 'green' && (evidence === null || certificate === null);
}
