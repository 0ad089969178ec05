import Type from 'typebox';
import { showId, type Uuid } from '../kernel/id.ts';
import { idOf, nullable, object, PointsShown } from '../platform/web/schema.ts';
import type { RuleBook } from './compile.ts';
import type { RuleOutcome } from './rating.ts';

/** Which rule an award or an outcome is of. */
export const RuleName = {
  ruleVersionId: nullable({
    ...idOf('ruleVersion'),
    description: 'Null: the merchant’s own ratio.',
  }),
  code: nullable(Type.String()),
  name: nullable(Type.String()),
};

/** What one rule made of an occasion, as every answer shows it. */
export const RuleOutcomeShown = object(
  {
    ...RuleName,
    fired: Type.Boolean(),
    points: PointsShown,
    steps: Type.Array(
      object({
        code: Type.String({ examples: ['base', 'times', 'rounded_down', 'capped'] }),
        facts: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
      }),
      { description: 'The arithmetic, when it fired.' },
    ),
    failed: nullable(
      Type.String({
        description:
          'The first condition that failed, as the rule names it, or `group`, `cap`, `nothing`.',
        examples: ['when.lines.categories'],
      }),
    ),
    wanted: nullable(Type.String()),
    found: {
      ...nullable(Type.String()),
      description: 'Null for a merchant’s key where it would tell what is known of the member.',
    },
  },
  { title: 'RuleOutcome' },
);

export function nameIn(book: RuleBook) {
  return (id: Uuid | null) => {
    const version = id === null ? undefined : book.byVersion.get(id)?.version;
    return {
      ruleVersionId: id === null ? null : showId('ruleVersion', id),
      code: version?.code ?? null,
      name: version?.body.name ?? null,
    };
  };
}

/** Conditions on what is known of a member beyond the shop that asks. */
const ABOUT_MEMBER = /^when\.member\.(?!firstOrder$)/;

/** `hidesMember`: for a merchant, who is told that a condition failed and not what is known of its customer. */
export function showOutcome(
  book: RuleBook,
  outcome: RuleOutcome,
  { hidesMember }: { readonly hidesMember: boolean },
): Type.Static<typeof RuleOutcomeShown> {
  const name = nameIn(book)(outcome.version);
  const { fired } = outcome;
  if (!fired) {
    const { failed, wanted } = outcome;
    const found = hidesMember && ABOUT_MEMBER.test(failed) ? null : outcome.found;
    return { ...name, fired, points: 0, steps: [], failed, wanted, found };
  }
  const steps = outcome.steps.map(({ code, facts }) => ({ code, facts: { ...facts } }));
  const { points } = outcome;
  return { ...name, fired, points, steps, failed: null, wanted: null, found: null };
}
