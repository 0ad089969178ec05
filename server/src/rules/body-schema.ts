import Type from 'typebox';
import { showId } from '../kernel/id.ts';
import { POINTS_MAX } from '../kernel/points.ts';
import { DatedExpirySchema } from '../platform/web/expiry-policy-schema.ts';
import { Code, Fen, idOf, mustReadId, ORDINARY, object, text } from '../platform/web/schema.ts';
import { EXPRESSION_MAX } from './expression.ts';
import { ACTIVITY_KINDS, type Conditions, type RuleBody, type Terms } from './rule.ts';

// The form of a rule and the size of everything in it. What it means, problems.ts looks at.

const LIST_MAX = 500;
const FUNDERS_MAX = 10;
/** Enough for any gift, and small enough that no usual order leaves the range of numbers. */
const EFFECT_MAX = 1_000_000_000;
const TIMES_MAX = 10_000;
const ITEM_MAX = 1_000_000;

const upTo = (maximum: number, minimum = 0) => Type.Integer({ minimum, maximum });
const opt = Type.Optional;
const list = <S extends Type.TSchema>(item: S, maxItems = LIST_MAX) =>
  Type.Array(item, { maxItems });
const Labels = list(text(64));
const Codes = list(Code);
const DateText = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$', examples: ['2027-06-01'] });
const TimeOfDay = Type.String({ pattern: '^\\d\\d:\\d\\d$', examples: ['22:00'] });

const ConditionsSchema = object(
  {
    merchants: opt(list(idOf('merchant'))),
    merchantCategories: opt(list(text(100))),
    stores: opt(Labels),
    channels: opt(Labels),
    tenders: opt(Labels),
    dates: opt(
      object({ from: opt(DateText), to: opt(DateText) }, { description: 'Both days included.' }),
    ),
    weekdays: opt(Type.Array(upTo(7, 1), { maxItems: 7, description: '1 Monday to 7 Sunday.' })),
    monthDays: opt(list(upTo(31, 1), 31)),
    hours: opt(
      object(
        { from: TimeOfDay, to: TimeOfDay },
        { description: '`to` is not included; 22:00 to 02:00 passes midnight.' },
      ),
    ),
    orderFen: opt(object({ min: opt(Fen), max: opt(Fen) })),
    lines: opt(
      object(
        {
          skus: opt(Labels),
          brands: opt(Labels),
          categories: opt(Labels),
          zones: opt(Labels),
          green: opt(
            Type.Literal(true, { description: 'Goods that a green certificate stands behind.' }),
          ),
          minFen: opt(Fen),
          minQuantity: opt(upTo(EFFECT_MAX)),
        },
        { description: 'Which lines the rule is about, and what they must come to together.' },
      ),
    ),
    member: opt(
      object({
        tiers: opt(Codes),
        creditBands: opt(Codes),
        segments: opt(Codes),
        firstOrder: opt(Type.Literal(true, { description: 'The first at this merchant.' })),
        birthday: opt(Type.Enum(['day', 'month'])),
        joinedWithinDays: opt(upTo(36_500)),
      }),
    ),
    expression: opt(
      Type.String({
        maxLength: EXPRESSION_MAX,
        description: 'CEL over `order`, `member`, `event` and `time`; true or false.',
        examples: ["order.lines.exists(l, l.zone == 'dress' && l.quantity >= 2)"],
      }),
    ),
  },
  { title: 'RuleConditions', description: 'All must hold; of a list one entry must be met.' },
);

const perFen = { points: upTo(EFFECT_MAX), perFen: upTo(POINTS_MAX) };
const EffectSchema = Type.Union(
  [
    object(
      { kind: Type.Literal('base'), ...perFen },
      { description: 'Instead of the merchant’s own ratio; the first that is about a line.' },
    ),
    object({ kind: Type.Literal('extra'), ...perFen }, { description: 'On top.' }),
    object(
      { kind: Type.Literal('times'), num: upTo(TIMES_MAX), den: upTo(TIMES_MAX) },
      { description: 'The base of the lines, num / den times in all.' },
    ),
    object(
      {
        kind: Type.Literal('fixed'),
        points: upTo(ITEM_MAX),
        per: Type.Enum(['order', 'item']),
      },
      { description: 'On top: for the order or activity, or for each item of the lines.' },
    ),
  ],
  { title: 'RuleEffect' },
);

const TermsSchema = object(
  {
    pointType: opt(Code),
    expiry: opt(DatedExpirySchema),
    pendingDays: opt(upTo(3650)),
    available: opt(
      Type.Literal('on_completion', {
        description: 'As soon as the order is completed; after `pendingDays` all the same.',
      }),
    ),
    funders: opt(
      list(
        object({
          merchant: Type.Union([Type.Literal('seller'), idOf('merchant')]),
          share: upTo(1_000_000),
        }),
        FUNDERS_MAX,
      ),
    ),
    caps: opt(
      list(
        object({
          per: Type.Enum(['order', 'day', 'week', 'month', 'year', 'ever']),
          points: upTo(POINTS_MAX),
          campaign: opt(
            Type.Literal(true, {
              description: 'Of all rules together that draw on the same `budget`.',
            }),
          ),
        }),
        12,
      ),
    ),
    budget: opt(idOf('budget')),
  },
  { title: 'RuleTerms', description: 'What is absent is as usual for the point type.' },
);

export const RuleBodySchema = object(
  {
    name: text(100),
    description: opt(Type.String({ minLength: 1, maxLength: 1000, pattern: ORDINARY })),
    on: Type.Enum(['order', ...ACTIVITY_KINDS]),
    when: ConditionsSchema,
    earn: EffectSchema,
    terms: opt(TermsSchema),
    priority: opt(upTo(1000)),
    group: opt(Code),
  },
  { title: 'RuleBody' },
);

/** A body as requests and answers say it: with shown ids. */
export type RuleBodyTold = Type.Static<typeof RuleBodySchema>;

/** The body that a request says, whose form the schema has checked. */
export function readBody({ when, terms, ...told }: RuleBodyTold): RuleBody {
  const { merchants, ...others } = when;
  const conditions: Conditions =
    merchants === undefined
      ? others
      : { ...others, merchants: merchants.map((id) => mustReadId('merchant', id)) };
  return { ...told, when: conditions, ...(terms === undefined ? {} : { terms: readTerms(terms) }) };
}

function readTerms({ funders, budget, ...others }: NonNullable<RuleBodyTold['terms']>): Terms {
  return {
    ...others,
    ...(funders === undefined
      ? {}
      : {
          funders: funders.map(({ merchant, share }) => ({
            merchant: merchant === 'seller' ? merchant : mustReadId('merchant', merchant),
            share,
          })),
        }),
    ...(budget === undefined ? {} : { budget: mustReadId('budget', budget) }),
  };
}

/** A body as answers show it; {@link readBody} reads it back. */
export function showBody({ when, terms, ...body }: RuleBody): RuleBodyTold {
  const merchants = when.merchants?.map((id) => showId('merchant', id));
  const shown = {
    ...body,
    when: { ...when, ...(merchants === undefined ? {} : { merchants }) },
    ...(terms === undefined ? {} : { terms: showTerms(terms) }),
  };
  // Only lists that cannot be written to differ from what the schema says.
  return shown as RuleBodyTold;
}

function showTerms({ funders, budget, ...terms }: Terms): object {
  return {
    ...terms,
    ...(funders === undefined
      ? {}
      : {
          funders: funders.map(({ merchant, share }) => ({
            merchant: merchant === 'seller' ? merchant : showId('merchant', merchant),
            share,
          })),
        }),
    ...(budget === undefined ? {} : { budget: showId('budget', budget) }),
  };
}
