import Type from 'typebox';
import { SavingShown } from '../carbon/method.ts';
import { Behaviour } from '../certificates/certificate.ts';
import { orNull, ReceiptShown } from '../ledger/shown.ts';
import { Code, InstantText, idOf, object, ProblemBody, text } from '../platform/web/schema.ts';
import { ACTIVITY_KINDS } from '../rules/rule.ts';
import { RuleOutcomeShown } from '../rules/shown.ts';

/** Items of one bulk request. */
const BULK_MAX = 500;
const ATTRIBUTES_MAX = 20;

const Kind = Type.Enum(ACTIVITY_KINDS);
const AttributeName = '^[a-z][A-Za-z0-9_]{0,39}$';
const Attribute = Type.Union([
  text(200),
  Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }),
  Type.Boolean(),
]);
const Attributes = Type.Record(Type.String({ pattern: AttributeName }), Attribute, {
  maxProperties: ATTRIBUTES_MAX,
  additionalProperties: false,
  description: 'What else rules may ask about: `{"questions": 12}`. Nothing personal.',
});
const Evidence = object(
  { behaviour: Behaviour, number: text(128) },
  {
    title: 'Evidence',
    description:
      'What was done, and the number of what proves it. One behaviour and number pays once, in all programmes, with whatever spaces and width of characters it is written.',
  },
);
const ItemKey = Type.String({ pattern: '^[\\x21-\\x7e]{1,128}$' });
const dryRun = Type.Optional(
  Type.Boolean({ description: 'Answer what would happen; change nothing.' }),
);

const told = {
  merchantId: Type.String({ ...idOf('merchant'), description: 'Whoever issues for it.' }),
  memberId: Type.String({
    ...idOf('member'),
    description: 'Who did it, and gets the points; of a referral, who referred.',
  }),
  kind: Kind,
  activityNo: text(64),
  occurredAt: InstantText,
  store: Type.Optional(Code),
  channel: Type.Optional(Code),
  attributes: Type.Optional(Attributes),
  evidence: Type.Optional(Evidence),
  referredMemberId: Type.Optional(
    Type.String({ ...idOf('member'), description: 'Of a referral: who was referred.' }),
  ),
};
export const NewActivity = object({ ...told, dryRun }, { title: 'NewActivity' });
export const NewActivities = object(
  {
    activities: Type.Array(object({ ...told, idempotencyKey: Type.Optional(ItemKey) }), {
      minItems: 1,
      maxItems: BULK_MAX,
    }),
    dryRun,
  },
  { title: 'NewActivities' },
);
export type ActivityBody = Omit<Type.Static<typeof NewActivity>, 'dryRun'>;

const AwardShown = object(
  {
    ruleVersionId: orNull<string>(idOf('ruleVersion')),
    pointType: Code,
    asked: Type.Integer({ description: 'What the rule gives.' }),
    granted: Type.Integer({ description: 'What caps and budgets left of it.' }),
    reason: Type.Optional(Type.String({ description: 'Why nothing was granted; only then.' })),
    availableAt: Type.Optional(InstantText),
    expiresAt: Type.Optional(InstantText),
    transactionId: orNull<string>(idOf('transaction')),
    receipt: Type.Optional(ReceiptShown),
  },
  { title: 'ActivityAward', description: 'What one rule gave: one lot.' },
);
const awards = Type.Array(AwardShown);
const noPointsReason = Type.Optional(
  Type.String({
    description: 'Why it earned nothing; only then.',
    examples: ['no_rule', 'no_rule_matched', 'no_valid_certificate', 'already_claimed'],
  }),
);

export const ActivityShown = object(
  {
    id: idOf('activity'),
    merchantId: idOf('merchant'),
    memberId: idOf('member'),
    kind: Kind,
    activityNo: Type.String(),
    occurredAt: InstantText,
    store: Type.Optional(Type.String()),
    channel: Type.Optional(Type.String()),
    attributes: Type.Optional(Type.Record(Type.String(), Attribute)),
    evidence: Type.Optional(object({ behaviour: Type.String(), number: Type.String() })),
    certificateId: Type.Optional(
      Type.String({ ...idOf('certificate'), description: 'What stood behind the evidence.' }),
    ),
    saving: Type.Optional(SavingShown),
    referredMemberId: Type.Optional(idOf('member')),
    awards,
    noPointsReason,
  },
  { title: 'Activity' },
);
export const ActivityPreview = object(
  { dryRun: Type.Literal(true), saving: Type.Optional(SavingShown), awards, noPointsReason },
  { title: 'ActivityPreview' },
);

const ItemStatus = Type.Unsafe<'applied' | 'replayed' | 'refused'>({
  type: 'string',
  enum: ['applied', 'replayed', 'refused'],
});
export const ActivityResults = object(
  {
    dryRun: Type.Optional(Type.Literal(true)),
    results: Type.Array(
      object({
        status: ItemStatus,
        activity: Type.Optional(ActivityShown),
        preview: Type.Optional(ActivityPreview),
        problem: Type.Optional(ProblemBody),
      }),
    ),
  },
  { title: 'ActivityResults', description: 'In the order of the request.' },
);

export const ActivityExplanation = object(
  {
    activityId: idOf('activity'),
    ratedAt: orNull<string>(InstantText),
    awards,
    noPointsReason,
    rules: Type.Array(RuleOutcomeShown),
  },
  {
    title: 'ActivityExplanation',
    description:
      'Worked out anew from what was recorded, by the rules that were in force at ratedAt.',
  },
);
