import Type from 'typebox';
import { PromotionTermsSchema } from '../../catalogue/promotion-schema.ts';
import { RewardTermsSchema } from '../../catalogue/terms-schema.ts';
import { NewSegment } from '../../consents/segment.ts';
import { NewMerchant } from '../../merchants/merchant.ts';
import { NewStore } from '../../merchants/stores.ts';
import { Code, object, Points, text } from '../../platform/web/schema.ts';
import { NewPointType } from '../../programs/point-type.ts';
import { RuleBodySchema } from '../../rules/body-schema.ts';
import { NewExamination } from '../../rules/examine-schema.ts';
import { NewTierScheme } from '../../tiers/tier-schema.ts';

// The form of an industry pack. Its parts are the bodies of requests, so a pack cannot say what the API
// does not take. Written to packs/pack.schema.json, by which editors complete and check.

const opt = Type.Optional;
const Both = object({ zh: text(1000), en: text(1000) });
const { programme: _, ...merchant } = NewMerchant.properties;
const { programme: ______, ...segment } = NewSegment.properties;
const { from: __, ...tiers } = NewTierScheme.properties;
const {
  merchantId: ___,
  memberId: ____,
  drafts: _____,
  ...examination
} = NewExamination.properties;

const { rewards: _______, ...promotion } = PromotionTermsSchema.properties;

const PackRule = object({
  code: Code,
  of: opt(
    Type.Enum(['merchant', 'operator'], {
      default: 'merchant',
      description:
        'Whose rule it is: about the pack’s merchant alone, or about all merchants of the programme.',
    }),
  ),
  en: Type.String({
    ...text(1000),
    description: 'What it does, in English; members read the body.',
  }),
  body: RuleBodySchema,
});

const PackReward = object({ code: Code, body: RewardTermsSchema });

const PackPromotion = object({
  code: Code,
  rewards: opt(
    Type.Array(Code, { minItems: 1, description: 'Of the pack, by their codes; absent: all.' }),
  ),
  body: object(promotion),
});

const Given = object({
  rule: Type.Union([Code, Type.Null()], { description: 'Null: the merchant’s ratio.' }),
  points: Points,
  pointType: opt(Code),
  lastDay: opt(
    Type.String({
      format: 'date',
      description: 'On which they can be spent, where the rule says so.',
    }),
  ),
  funder: opt(
    Type.Literal('merchant', {
      description: 'The pack’s merchant pays, wherever the member bought.',
    }),
  ),
});

const Example = object({
  scenario: opt(
    Type.String({ pattern: '^S([1-9]|1[0-4])$', description: 'Of the acceptance scenarios.' }),
  ),
  says: Both,
  occasions: Type.Array(
    object({
      times: opt(
        Type.Integer({ minimum: 1, maximum: 1000, description: 'So often, each time alike.' }),
      ),
      elsewhere: opt(Type.Literal(true, { description: 'At another merchant of the programme.' })),
      ...examination,
      gives: Type.Array(Given),
    }),
    { minItems: 1 },
  ),
  total: Type.Record(Code, Type.Integer({ minimum: 0 }), { description: 'By point type.' }),
});

export const PackForm = object(
  {
    $schema: Type.Literal('./pack.schema.json'),
    name: Code,
    version: Type.Integer({ minimum: 1 }),
    title: Both,
    about: Both,
    merchant: object(merchant),
    stores: Type.Array(NewStore, { minItems: 1 }),
    pointTypes: opt(Type.Array(NewPointType, { minItems: 1 })),
    tiers: opt(object(tiers)),
    segments: opt(Type.Array(object(segment), { minItems: 1 })),
    rules: Type.Array(PackRule, { minItems: 1 }),
    rewards: Type.Array(PackReward, { minItems: 1 }),
    promotions: opt(Type.Array(PackPromotion, { minItems: 1 })),
    examples: Type.Array(Example, { minItems: 1 }),
  },
  { title: 'Pack' },
);

export type Pack = Type.Static<typeof PackForm>;
