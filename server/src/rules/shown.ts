import Type from 'typebox';
import { showId } from '../kernel/id.ts';
import { idOf, object, PointsShown } from '../platform/web/schema.ts';
import type { RuleBook } from './compile.ts';
import type { RuleOutcome } from './rating.ts';

/** What one rule made of an occasion, as every answer shows it. */
export const RuleOutcomeShown = object(
  {
    ruleVersion: Type.Optional(
      Type.String({ ...idOf('ruleVersion'), description: "Absent: the merchant's own ratio." }),
    ),
    code: Type.Optional(Type.String()),
    name: Type.Optional(Type.String()),
    fired: Type.Boolean(),
    points: PointsShown,
    steps: Type.Optional(
      Type.Array(
        object({
          code: Type.String({ examples: ['base', 'times', 'rounded_down', 'capped'] }),
          facts: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
        }),
        { description: 'The arithmetic, where it fired.' },
      ),
    ),
    failed: Type.Optional(
      Type.String({
        description:
          'The first condition that failed, as the rule names it; else `group`, `nothing` …',
        examples: ['when.lines.categories'],
      }),
    ),
    wanted: Type.Optional(Type.String()),
    found: Type.Optional(Type.String()),
  },
  { title: 'RuleOutcome' },
);

export function showOutcome(
  book: RuleBook,
  outcome: RuleOutcome,
): Type.Static<typeof RuleOutcomeShown> {
  const version = outcome.version === null ? undefined : book.byVersion.get(outcome.version);
  const rule =
    version === undefined
      ? {}
      : {
          ruleVersion: showId('ruleVersion', version.version.id),
          code: version.version.code,
          name: version.version.body.name,
        };
  if (outcome.fired) {
    const steps = outcome.steps.map(({ code, facts }) => ({ code, facts: { ...facts } }));
    return { ...rule, fired: true, points: outcome.points, steps };
  }
  const { failed, wanted, found } = outcome;
  return { ...rule, fired: false, points: 0, failed, wanted, found };
}
