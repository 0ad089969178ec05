import Type from 'typebox';
import { showInstant } from '../kernel/clock.ts';
import { showId } from '../kernel/id.ts';
import {
  Code,
  Fen,
  InstantText,
  idOf,
  nullable,
  object,
  Points,
  text,
} from '../platform/web/schema.ts';
import { shownMerchant } from './ladder.ts';
import type { SchemeVersion } from './scheme.ts';

export const DayText = Type.String({ format: 'date', examples: ['2027-01-31'] });

const Window = Type.Union(
  [
    object({ kind: Type.Literal('rolling'), months: Type.Integer({ minimum: 1, maximum: 60 }) }),
    object({ kind: Type.Literal('calendar'), unit: Type.Enum(['month', 'quarter', 'year']) }),
    object({ kind: Type.Literal('anniversary') }),
  ],
  {
    title: 'TierWindow',
    description:
      'Over which days it is counted, by the time zone of the programme: so many months up to today, a month, quarter or year of the calendar, or a year from the day of joining.',
  },
);

const Qualify = object(
  {
    match: Type.Optional(Type.Enum(['any', 'all'], { default: 'all' })),
    spendFen: Type.Optional(Type.Unsafe<number>({ ...Fen, minimum: 1 })),
    visits: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 10_000, description: 'Days with an order.' }),
    ),
    points: Type.Optional(
      Type.Unsafe<number>({
        ...Points,
        description: 'Points earned by orders and activities, spent or not.',
      }),
    ),
  },
  {
    title: 'TierQualification',
    description: 'At least one of the three. Returns take back from the day of the order.',
  },
);

const Service = object(
  {
    code: Code,
    name: text(100),
    quota: Type.Integer({ minimum: 1, maximum: 1_000 }),
    per: Type.Enum(['month', 'quarter', 'year']),
    merchants: Type.Optional(
      Type.Array(idOf('merchant'), {
        minItems: 1,
        maxItems: 100,
        uniqueItems: true,
        description:
          'Where it can be used: merchants of the programme; of a merchant’s own tiers, itself. Absent: nowhere yet, it is told only.',
      }),
    ),
  },
  { title: 'FreeService' },
);

const BenefitsBody = object(
  {
    exclusiveRewards: Type.Optional(Type.Boolean()),
    priorityMinutes: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_080,
        description: 'How much earlier limited goods can be had.',
      }),
    ),
    services: Type.Optional(Type.Array(Service, { minItems: 1, maxItems: 20 })),
  },
  {
    title: 'TierBenefits',
    description: 'More points are a rule with the condition `member.tiers`.',
  },
);

const TierBody = object(
  { code: Code, name: text(100), qualify: Qualify, benefits: Type.Optional(BenefitsBody) },
  { title: 'Tier' },
);

// Absent is none: zero would be a second way to say so.
const days = { minimum: 1, maximum: 365 };
const DowngradeBody = object(
  {
    to: Type.Optional(Type.Enum(['one_step', 'qualification'], { default: 'qualification' })),
    graceDays: Type.Optional(
      Type.Integer({ ...days, description: 'Days for which a tier is kept after its end.' }),
    ),
    noticeDays: Type.Optional(
      Type.Integer({ ...days, description: 'Days that members are told before they lose a tier.' }),
    ),
    returns: Type.Optional(
      Type.Enum(['review', 'at_once'], {
        default: 'review',
        description:
          'When a return takes away what a tier was reached by: at the next review, with grace, or at once.',
      }),
    ),
  },
  { title: 'TierDowngrade' },
);

const scheme = {
  pointType: Type.Optional(Code),
  window: Window,
  tiers: Type.Array(TierBody, { minItems: 1, maxItems: 10, description: 'From the lowest.' }),
  downgrade: Type.Optional(DowngradeBody),
};

export const NewTierScheme = object(
  {
    ...scheme,
    from: Type.Optional(
      Type.Unsafe<string>({
        ...InstantText,
        description: 'Absent: as soon as it may count.',
      }),
    ),
  },
  { title: 'NewTierScheme' },
);

const ofMerchant = Type.Unsafe<string | null>({
  ...nullable(idOf('merchant')),
  description: 'Whose tiers; null: those of the programme itself.',
});

export const TierSchemeShown = object(
  {
    merchantId: ofMerchant,
    number: Type.Integer(),
    from: InstantText,
    noticeDays: Type.Integer(),
    comparison: object({
      verdict: Type.Enum(['better_or_equal', 'worse']),
      reasons: Type.Array(object({ path: Type.String(), reason: Type.String() })),
    }),
    publishedAt: InstantText,
    publishedBy: idOf('apiKey'),
    ...scheme,
  },
  { title: 'TierScheme' },
);

export const TierSchemes = object(
  {
    current: Type.Unsafe<number | null>({
      ...nullable(Type.Integer()),
      description: 'The number of the version that holds now; null: none yet.',
    }),
    versions: Type.Array(TierSchemeShown, { description: 'All there ever were, by number.' }),
  },
  { title: 'TierSchemes' },
);

const Figures = object({
  spendFen: Type.Integer(),
  visits: Type.Integer(),
  points: Type.Integer(),
});

const Measured = object(
  {
    measure: Type.Enum(['spendFen', 'visits', 'points']),
    done: Type.Integer(),
    needed: Type.Integer(),
    missing: Type.Integer(),
  },
  { title: 'TierProgressMeasure' },
);

const ChangeShown = object(
  {
    at: InstantText,
    kind: Type.Enum(['reached', 'given', 'announced', 'lost', 'scheme', 'merged']),
    from: nullable(Code),
    to: nullable(Code),
    until: nullable(DayText),
    scheme: Type.Integer(),
    reason: nullable(Type.String()),
    actor: nullable(Type.String()),
  },
  {
    title: 'TierChange',
    description:
      '`announced`: the member was told that the tier will be lost on the day `until` unless more is done; `scheme`: the tier exists no more; `merged`: what the member is together with who became part of them.',
  },
);

export const QuotaShown = object(
  {
    code: Code,
    name: Type.String(),
    quota: Type.Integer(),
    per: Type.Enum(['month', 'quarter', 'year']),
    used: Type.Integer({ description: 'Within the period; what was undone was not used.' }),
    left: Type.Integer(),
    from: DayText,
    until: Type.Unsafe<string>({
      ...DayText,
      description: 'From this day on the whole quota is there again.',
    }),
  },
  { title: 'ServiceQuota' },
);

export const MemberTierShown = object(
  {
    programme: Code,
    merchantId: ofMerchant,
    tier: nullable(Code),
    name: nullable(Type.String()),
    benefits: nullable(BenefitsBody),
    since: nullable(InstantText),
    until: Type.Unsafe<string | null>({
      ...nullable(DayText),
      description:
        'The first day on which the tier is not deserved any more, as things are; grace comes after it.',
    }),
    losing: Type.Unsafe<boolean>({
      ...Type.Boolean(),
      description: 'It was announced that the tier will be lost.',
    }),
    given: Type.Unsafe<{ tier: string; until: string } | null>(
      nullable(object({ tier: Code, until: DayText }, { description: 'Given by hand.' })),
    ),
    window: object(
      { from: DayText, until: DayText },
      { description: 'What counts now; `until` is not included.' },
    ),
    done: Figures,
    next: nullable(
      object(
        {
          tier: Code,
          name: Type.String(),
          match: Type.Enum(['any', 'all']),
          measures: Type.Array(Measured),
        },
        {
          title: 'TierProgress',
          description: 'What is missing to the next tier within the window.',
        },
      ),
    ),
    services: Type.Array(QuotaShown, {
      description: 'The free services of the tier, and what is left of them.',
    }),
    history: Type.Array(ChangeShown, { description: 'The latest 100, the latest first.' }),
  },
  { title: 'MemberTier' },
);

export const GivenTier = object(
  {
    programme: Type.Optional(Code),
    merchantId: Type.Optional(
      Type.Unsafe<string>({
        ...idOf('merchant'),
        description: 'Of the merchant’s own tiers; absent: of the programme’s.',
      }),
    ),
    tier: Code,
    until: Type.Unsafe<string>({ ...DayText, description: 'The last day, included.' }),
    reason: text(500),
    actor: text(100),
  },
  { title: 'GivenTier' },
);

export function showScheme(version: SchemeVersion): Type.Static<typeof TierSchemeShown> {
  const { number, from, noticeDays, comparison, publishedAt, publishedBy, scheme: body } = version;
  return {
    merchantId: shownMerchant(version),
    number,
    from: showInstant(from),
    noticeDays,
    comparison: {
      verdict: comparison.verdict,
      reasons: comparison.reasons.map((each) => ({ ...each })),
    },
    publishedAt: showInstant(publishedAt),
    publishedBy: showId('apiKey', publishedBy),
    ...(structuredClone(body) as Omit<Type.Static<typeof NewTierScheme>, 'from'>),
  };
}
