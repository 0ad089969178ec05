import Type from 'typebox';
import { type Instant, showInstant } from '../kernel/clock.ts';
import { showId } from '../kernel/id.ts';
import {
  CHANGE_KINDS,
  type Compared,
  type Draft,
  type Item,
  type NumberedChange,
  type Published,
} from '../platform/publishing/published.ts';
import { Code, InstantText, idOf, nullable, object } from '../platform/web/schema.ts';
import { RuleBodySchema, showBody } from './body-schema.ts';
import type { RuleBody } from './rule.ts';

export const NewRule = object(
  {
    code: Code,
    programme: Type.Optional(Code),
    merchantId: Type.Optional({
      ...idOf('merchant'),
      description:
        'Whose rule it is: about orders and activities there alone. Without it the operator’s, or that of the merchant whose key asks.',
    }),
    body: RuleBodySchema,
  },
  { title: 'NewRule' },
);

export const NewDraft = object({ body: RuleBodySchema }, { title: 'NewRuleDraft' });

export const NewPublication = object(
  {
    from: Type.Optional({
      ...InstantText,
      description: 'When it is to count, by the programme’s clock; as soon as allowed if absent.',
    }),
    simulation: Type.Optional({
      ...idOf('simulation'),
      description:
        'Of this draft: proves it to be as good for members where its form leaves doubts.',
    }),
  },
  { title: 'NewPublication' },
);

export const NewRetirement = object(
  {
    from: Type.Optional({
      ...InstantText,
      description: 'When it is to end, by the programme’s clock; as soon as allowed if absent.',
    }),
  },
  { title: 'NewRetirement' },
);

const STATES = ['draft', 'announced', 'in_force', 'ended', 'withdrawn'] as const;
const VERDICTS = ['better_or_equal', 'worse'] as const;

export const RuleVersionShown = object(
  {
    id: idOf('ruleVersion'),
    ruleId: idOf('rule'),
    code: Code,
    programme: Code,
    merchantId: nullable(idOf('merchant')),
    number: Type.Integer(),
    state: Type.Enum(STATES, {
      description: 'By the programme’s clock. `withdrawn`: it ended before it began.',
    }),
    body: RuleBodySchema,
    createdAt: InstantText,
    createdBy: idOf('apiKey'),
    publishedAt: nullable(InstantText),
    publishedBy: nullable(idOf('apiKey')),
    comparison: nullable(
      object(
        {
          verdict: Type.Enum(VERDICTS, {
            description:
              'For members, against what held before; `worse` also when it is not proven to be no worse.',
          }),
          reasons: Type.Array(
            object({
              path: Type.String({ description: 'A JSON pointer into the body.' }),
              reason: Type.String({ examples: ['gives_less', 'narrower', 'below_ratio'] }),
              againstVersionId: nullable({
                ...idOf('ruleVersion'),
                description: 'Null: than what holds without the rule.',
              }),
            }),
            { description: 'Doubts by its form; they stay when a simulation refuted them.' },
          ),
          provenBy: nullable(
            Type.Enum(['form', 'simulation'], { description: 'Null: it is not proven.' }),
          ),
          simulation: nullable(
            object(
              {
                id: idOf('simulation'),
                from: InstantText,
                until: InstantText,
                asOf: { ...InstantText, description: 'Beside the rules of this instant.' },
                orders: Type.Integer(),
              },
              {
                title: 'ProvingSimulation',
                description: 'What it was proven by; simulations themselves are not kept for ever.',
              },
            ),
          ),
        },
        { title: 'RuleComparison' },
      ),
    ),
    noticeDays: nullable(
      Type.Integer({ description: 'Whole days that members were told beforehand; 0: none.' }),
    ),
    from: nullable(InstantText),
    until: nullable(InstantText),
    endedAt: nullable(
      Type.String({ format: 'date-time', description: 'When it was decided that it ends.' }),
    ),
    endedBy: nullable(idOf('apiKey')),
    retired: Type.Boolean({
      description: 'It ends because the rule was retired, not for a version after it.',
    }),
  },
  { title: 'RuleVersion', description: 'Once published it stays as it is, but for its end.' },
);

export const RuleShown = object(
  {
    id: idOf('rule'),
    code: Code,
    programme: Code,
    merchantId: nullable(idOf('merchant')),
    createdAt: InstantText,
    createdBy: idOf('apiKey'),
    draft: nullable(RuleVersionShown),
    current: nullable(RuleVersionShown),
    announced: Type.Array(RuleVersionShown),
  },
  {
    title: 'Rule',
    description:
      'With what is in force now and what is announced. The draft is shown to those who may write the rule.',
  },
);

export const RuleDraftDropped = object(
  { id: idOf('rule'), removed: Type.Boolean({ description: 'The rule went with its draft.' }) },
  { title: 'RuleDraftDropped' },
);

export const RuleChangeShown = object(
  {
    kind: Type.Enum(CHANGE_KINDS),
    versionId: nullable(idOf('ruleVersion')),
    versionNumber: nullable(Type.Integer()),
    changedAt: InstantText,
    changedBy: idOf('apiKey'),
    from: nullable(InstantText),
  },
  { title: 'RuleChange' },
);

/** A rule, and the time by its programme's clock. */
export type Shown = Item & { readonly now: Instant };

const maybe = <T, U>(value: T | null, show: (value: T) => U): U | null =>
  value === null ? null : show(value);
const showMerchant = (rule: Item) => maybe(rule.merchant, (id) => showId('merchant', id));

function stateOf({ from, until }: Published<unknown>, now: Instant): (typeof STATES)[number] {
  if (until === from) return 'withdrawn';
  if (now < from) return 'announced';
  return until !== null && until <= now ? 'ended' : 'in_force';
}

/** A version, or a draft, as answers show it. */
export function showVersion(
  rule: Shown,
  version: Draft<RuleBody> | Published<RuleBody>,
): Type.Static<typeof RuleVersionShown> {
  const published = 'publishedAt' in version ? version : null;
  return {
    id: showId('ruleVersion', version.id),
    ruleId: showId('rule', rule.id),
    code: rule.code,
    programme: rule.programmeCode,
    merchantId: showMerchant(rule),
    number: version.number,
    state: published === null ? 'draft' : stateOf(published, rule.now),
    body: showBody(version.body),
    createdAt: showInstant(version.madeAt),
    createdBy: showId('apiKey', version.madeBy),
    publishedAt: maybe(published?.publishedAt ?? null, showInstant),
    publishedBy: maybe(published?.publishedBy ?? null, (id) => showId('apiKey', id)),
    comparison: maybe(published?.comparison ?? null, showComparison),
    noticeDays: published?.noticeDays ?? null,
    from: maybe(published?.from ?? null, showInstant),
    until: maybe(published?.until ?? null, showInstant),
    endedAt: maybe(published?.endedAt ?? null, showInstant),
    endedBy: maybe(published?.endedBy ?? null, (id) => showId('apiKey', id)),
    retired: published?.retired ?? false,
  };
}

function showComparison({ verdict, reasons, provenBy, simulation }: Compared) {
  return {
    verdict,
    reasons: reasons.map(({ path, reason, against }) => ({
      path,
      reason,
      againstVersionId: against,
    })),
    provenBy,
    simulation: maybe(simulation, ({ id, from, until, asOf, orders }) => ({
      id,
      from: showInstant(from),
      until: showInstant(until),
      asOf: showInstant(asOf),
      orders,
    })),
  };
}

/** A rule with the draft, if it is to be shown, and the versions that have not ended. */
export function showRule(
  rule: Shown,
  draft: Draft<RuleBody> | undefined,
  versions: readonly Published<RuleBody>[],
): Type.Static<typeof RuleShown> {
  const shown = versions.map((each) => showVersion(rule, each));
  return {
    id: showId('rule', rule.id),
    code: rule.code,
    programme: rule.programmeCode,
    merchantId: showMerchant(rule),
    createdAt: showInstant(rule.madeAt),
    createdBy: showId('apiKey', rule.madeBy),
    draft: draft === undefined ? null : showVersion(rule, draft),
    current: shown.find(({ state }) => state === 'in_force') ?? null,
    announced: shown.filter(({ state }) => state === 'announced'),
  };
}

export function showChange(change: NumberedChange): Type.Static<typeof RuleChangeShown> {
  return {
    kind: change.kind,
    versionId: maybe(change.version, (id) => showId('ruleVersion', id)),
    versionNumber: change.versionNumber,
    changedAt: showInstant(change.changedAt),
    changedBy: showId('apiKey', change.changedBy),
    from: maybe(change.from, showInstant),
  };
}
