import type Type from 'typebox';
import { isAbout } from '../rules/about.ts';
import { explain } from '../rules/explain.ts';
import { type RuleOutcomeShown, showOutcome } from '../rules/shown.ts';
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
  asked: { readonly hidesMember: boolean },
): Promise<Type.Static<typeof RuleOutcomeShown>[]> {
  if (activity.ratedAt === null || isUnheard(activity)) return [];
  const merchant = await merchants.find(activity.merchant);
  const programme = programmes.byId(activity.programme);
  if (merchant === undefined || programme === undefined)
    throw new Error(`the merchant or programme of activity ${activity.id} is gone`);
  const book = await ruleBookOf(programme.id, activity.ratedAt);
  const outcomes = explain(book, occasionOf(activity, merchant, programme.timeZone)).filter(
    ({ version }) => {
      const rule = version === null ? undefined : book.byVersion.get(version);
      // Rules about other merchants are nobody's business here.
      return rule === undefined || isAbout(activity.kind, activity.merchant)(rule.version);
    },
  );
  return outcomes.map((outcome) => showOutcome(book, outcome, asked));
}

/** No rule was asked: what the activity needs behind it was missing. */
function isUnheard({ kind, evidence, certificate }: Activity): boolean {
  return kind === 'green' && (evidence === null || certificate === null);
}
