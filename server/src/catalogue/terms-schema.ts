import Type from 'typebox';
import { showId, type Uuid } from '../kernel/id.ts';
import type { Fulfilment, RewardTerms } from '../kernel/reward.ts';
import { REWARD_KINDS, REWARD_PERIODS } from '../kernel/reward.ts';
import { Code, Fen, idOf, mustReadId, ORDINARY, object, Points } from '../platform/web/schema.ts';

// The form of a reward's terms and the size of everything in it. What they mean, problems.ts looks at.

const LIST_MAX = 500;
const PRICES_MAX = 8;
const POINT_TYPES_MAX = 3;
const IMAGES_MAX = 12;
const SLOTS_MAX = 100;
const TIMES_MAX = 1_000_000_000;
const DAYS_MAX = 3650;
const HOURS_MAX = 24 * DAYS_MAX;

const opt = Type.Optional;
const upTo = (maximum: number, minimum = 1) => Type.Integer({ minimum, maximum });
const list = <S extends Type.TSchema>(item: S, maxItems = LIST_MAX, minItems = 1) =>
  Type.Array(item, { minItems, maxItems });
const Amount = Type.Integer({ ...Fen, minimum: 1 });
export const DateText = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\d$',
  examples: ['2027-06-01'],
});
const TimeOfDay = Type.String({
  pattern: '^([01]\\d|2[0-3]):[0-5]\\d$|^24:00$',
  examples: ['09:00'],
});

/** Words of so many characters; the names of two lengths are two shapes. */
export const words = (maxLength: number) => {
  const said = Type.String({ minLength: 1, maxLength, pattern: ORDINARY });
  return object({ zh: said, en: opt(said) });
};

export const PointsPartSchema = object(
  { pointType: Code, points: Points },
  { title: 'PointsPart' },
);

const PriceOptionSchema = object(
  {
    points: list(PointsPartSchema, POINT_TYPES_MAX, 0),
    cashFen: Fen,
    creditBands: opt(list(Code)),
  },
  {
    title: 'PriceOption',
    description:
      'One way to pay for one unit. With `creditBands` it is open to those bands, beside one for everybody. Without points it is a privilege of those who are eligible.',
  },
);

const Period = Type.Enum([...REWARD_PERIODS]);
const HoursSchema = {
  weekdays: opt(list(upTo(7), 7)),
  from: TimeOfDay,
  to: { ...TimeOfDay, description: 'Not included; `24:00` is the end of the day.' },
};

const EligibilitySchema = object(
  {
    tiers: opt(list(Code)),
    creditBands: opt(list(Code)),
    segments: opt(list(Code)),
    firstTime: opt(Type.Enum(['reward', 'merchant'])),
    balanceFloor: opt(PointsPartSchema),
    age: opt(object({ from: Type.Literal(14) }, { description: 'Not for children under 14.' })),
  },
  { title: 'RewardEligibility', description: 'All must hold; of a list one entry must be met.' },
);

export const VoucherSchema = Type.Union([
  object({ form: Type.Literal('full_reduction'), offFen: Amount, overFen: Amount }),
  object({ form: Type.Literal('no_threshold'), offFen: Amount, partial: Type.Boolean() }),
  object({ form: Type.Literal('percentage'), percentOff: upTo(100), atMostFen: Amount }),
  object({ form: Type.Literal('exchange'), what: words(200) }),
]);

/** The ways in which something is handed out. */
export const FULFILMENTS = [
  'code',
  'voucher',
  'booking',
  'delivery',
  'offset',
  'donation',
] as const satisfies readonly Fulfilment['kind'][];
const FulfilmentSchema = Type.Union(
  [
    object({ kind: Type.Literal('code') }),
    object({
      kind: Type.Literal('voucher'),
      voucher: VoucherSchema,
      lasts: Type.Union([object({ days: upTo(DAYS_MAX) }), object({ until: DateText })]),
    }),
    object({
      kind: Type.Literal('booking'),
      unit: Type.Enum(['slot', 'day', 'night']),
      noticeHours: upTo(HOURS_MAX, 0),
      slots: list(object({ ...HoursSchema, places: upTo(1_000_000) }), SLOTS_MAX),
    }),
    object({
      kind: Type.Literal('delivery'),
      regions: opt(
        list(Type.String({ pattern: '^\\d\\d(\\d\\d(\\d\\d)?)?$', examples: ['3301'] })),
      ),
      feeFen: Fen,
    }),
    object({
      kind: Type.Literal('offset'),
      offFen: { ...Amount, description: 'What one unit takes off a bill.' },
      atMostPercent: { ...upTo(100), description: 'Of the bill, by all units together.' },
      overFen: { ...Fen, description: 'Of a bill of at least so much.' },
    }),
    object({ kind: Type.Literal('donation'), fund: Code }),
  ],
  { title: 'RewardFulfilment' },
);

const feePoints = opt(Points);
export const CancellationSchema = Type.Union(
  [
    object({ until: Type.Literal('hours_before'), hours: upTo(HOURS_MAX), feePoints }),
    object({ until: Type.Literal('before_use'), feePoints }),
    object({ until: Type.Literal('never') }),
  ],
  { title: 'RewardCancellation' },
);

export const AfterSalesSchema = object({
  returnDays: upTo(DAYS_MAX, 0),
  qualityDays: upTo(DAYS_MAX, 0),
  exchange: Type.Boolean(),
});

const CompensationSchema = Type.Union([object({ percentOfPoints: upTo(1000) }), PointsPartSchema], {
  title: 'RewardCompensation',
  description: 'On top of everything back.',
});

const EntrySchema = object(
  {
    entryTimes: list(object(HoursSchema), SLOTS_MAX, 0),
    queue: Type.Enum(['priority', 'common', 'standby']),
    cancellation: object({
      hoursBefore: Type.Union([upTo(HOURS_MAX, 0), Type.Null()]),
      feePercent: upTo(100, 0),
    }),
    transferable: Type.Boolean(),
  },
  { title: 'EntryTerms' },
);

export const RewardTermsSchema = object(
  {
    kind: Type.Enum([...REWARD_KINDS]),
    name: words(100),
    description: opt(words(2000)),
    images: opt(
      list(
        object({
          url: Type.String({ maxLength: 2000, pattern: '^https://[^\\s<>"]+$' }),
          alt: words(200),
        }),
        IMAGES_MAX,
      ),
    ),
    cashValueFen: { ...Amount, description: 'What one unit costs for cash.' },
    prices: list(PriceOptionSchema, PRICES_MAX),
    stores: list(object({ merchant: idOf('merchant'), stores: opt(list(Code)) })),
    quotas: opt(
      list(object({ merchant: opt(idOf('merchant')), per: Period, times: upTo(TIMES_MAX) })),
    ),
    offered: opt(
      object({ from: opt(DateText), to: opt(DateText) }, { description: 'Both days included.' }),
    ),
    eligibility: opt(EligibilitySchema),
    limits: opt(
      list(object({ per: Type.Enum(['order', ...REWARD_PERIODS]), times: upTo(TIMES_MAX) }), 6),
    ),
    fulfilment: FulfilmentSchema,
    cancellation: CancellationSchema,
    afterSales: AfterSalesSchema,
    compensation: opt(CompensationSchema),
    parity: opt(object({ asSold: EntrySchema, asRedeemed: EntrySchema })),
  },
  { title: 'RewardTerms' },
);

/** Terms as requests and answers say them: with shown ids. */
export type RewardTermsTold = Type.Static<typeof RewardTermsSchema>;

/** The terms that a request says, whose form the schema has checked. */
export function readTerms({ stores, quotas, ...told }: RewardTermsTold): RewardTerms {
  return {
    ...told,
    stores: stores.map((each) => ({ ...each, merchant: mustReadId('merchant', each.merchant) })),
    ...(quotas === undefined
      ? {}
      : {
          quotas: quotas.map((quota) =>
            withMerchant(quota, (id: string) => mustReadId('merchant', id)),
          ),
        }),
  };
}

/** Terms as answers show them; {@link readTerms} reads them back. */
export function showTerms({ stores, quotas, ...terms }: RewardTerms): RewardTermsTold {
  const showMerchant = (id: Uuid): string => showId('merchant', id);
  const shown = {
    ...terms,
    stores: stores.map((each) => ({ ...each, merchant: showMerchant(each.merchant) })),
    ...(quotas === undefined
      ? {}
      : { quotas: quotas.map((quota) => withMerchant(quota, showMerchant)) }),
  };
  // Only lists that cannot be written to differ from what the schema says.
  return shown as RewardTermsTold;
}

function withMerchant<A, B, Q extends { readonly merchant?: A }>(
  { merchant, ...quota }: Q,
  change: (merchant: A) => B,
): Omit<Q, 'merchant'> & { readonly merchant?: B } {
  return merchant === undefined ? quota : { ...quota, merchant: change(merchant) };
}
