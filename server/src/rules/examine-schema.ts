import Type from 'typebox';
import {
  Fen,
  InstantText,
  idOf,
  nullable,
  object,
  PointsShown,
  text,
} from '../platform/web/schema.ts';
import { ACTIVITY_KINDS } from './rule.ts';
import { RuleName, RuleOutcomeShown } from './shown.ts';

const INT4_MAX = 2_147_483_647;
const Label = text(64);
const Quantity = Type.Integer({ minimum: 1, maximum: INT4_MAX });

const ExaminedLine = object(
  {
    sku: Label,
    brand: Type.Optional(Label),
    category: Type.Optional(Label),
    zone: Type.Optional(Label),
    greenCertificate: Type.Optional(text(200)),
    quantity: Quantity,
    amountFen: Fen,
  },
  { title: 'ExaminedLine' },
);

const ExaminedMember = object(
  {
    tier: Type.Optional(Label),
    merchantTier: Type.Optional(
      Type.Unsafe<string>({
        ...Label,
        description: 'In the merchant’s own tiers, which its own rules ask for.',
      }),
    ),
    creditBand: Type.Optional(Label),
    segments: Type.Optional(Type.Array(Label, { minItems: 1, maxItems: 50 })),
    earlierOrders: Type.Optional(Type.Integer({ minimum: 0, maximum: INT4_MAX })),
    joinedAt: Type.Optional(InstantText),
    birthday: Type.Optional(
      Type.String({ pattern: '^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$', examples: ['06-01'] }),
    ),
  },
  {
    title: 'ExaminedMember',
    description:
      'A member as may be; what is absent is as of one who just joined, or as `memberId` has it.',
  },
);

export const NewExamination = object(
  {
    merchantId: idOf('merchant'),
    on: Type.Optional(Type.Enum(['order', ...ACTIVITY_KINDS], { default: 'order' })),
    at: Type.Optional({
      ...InstantText,
      description: 'By the programme’s clock; now if absent. Past or to come.',
    }),
    store: Type.Optional(Label),
    channel: Type.Optional(Label),
    tenders: Type.Optional(Type.Array(Label, { minItems: 1, maxItems: 10 })),
    lines: Type.Optional(Type.Array(ExaminedLine, { minItems: 1, maxItems: 1000 })),
    memberId: Type.Optional(idOf('member')),
    member: Type.Optional(ExaminedMember),
    attributes: Type.Optional(
      Type.Record(
        Type.String({ pattern: '^[a-zA-Z][a-zA-Z0-9_]{0,39}$' }),
        Type.Union([text(200), Type.Number(), Type.Boolean()]),
        { maxProperties: 50, description: 'What else an activity says of itself.' },
      ),
    ),
    drafts: Type.Optional(
      Type.Array(idOf('ruleVersion'), {
        minItems: 1,
        maxItems: 50,
        description:
          'Drafts (or other versions) to go by in place of what is in force of their rules.',
      }),
    ),
  },
  { title: 'NewExamination' },
);

export const Examination = object(
  {
    at: InstantText,
    awards: Type.Array(
      object(
        {
          ...RuleName,
          pointType: Type.String(),
          points: PointsShown,
          availableAt: nullable(InstantText),
          onCompletion: Type.Optional(
            Type.Literal(true, { description: 'Before, as soon as the order is completed.' }),
          ),
          expiresAt: nullable({ ...InstantText, description: 'Null: never.' }),
          funders: nullable(
            Type.Array(object({ merchantId: idOf('merchant'), share: Type.Integer() })),
          ),
          limits: Type.Array(
            object({
              counter: Type.Optional(Type.String()),
              max: Type.Optional(Type.Integer()),
              budgetId: Type.Optional(idOf('budget')),
            }),
            { description: 'What may leave less of it in the ledger.' },
          ),
        },
        { title: 'ExaminedAward' },
      ),
    ),
    rules: Type.Array(RuleOutcomeShown),
  },
  {
    title: 'Examination',
    description: 'What each rule in force would give or why not; nothing was changed.',
  },
);
