import Type from 'typebox';
import { toFen } from '../clearing/books/liability.ts';
import { Code, idOf, nullable, object } from '../platform/web/schema.ts';
import type { Outstanding } from './figures.ts';
import { BUCKETS } from './range.ts';
import { PART_KINDS } from './store.ts';

export const DateText = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}$',
  examples: ['2026-11-01'],
});
const Count = Type.Integer({ minimum: 0 });
const described = (description: string) => Type.Integer({ description });

/** The query of all routes: what is asked about, and of which days. */
export const InsightQuery = {
  programme: Type.Optional(Code),
  from: Type.Optional(
    Type.String({
      pattern: '^\\d{4}-\\d{2}-\\d{2}$',
      description:
        'The first day, in the time zone of the programme. Without it, thirty days before `until`.',
    }),
  ),
  until: Type.Optional(
    Type.String({
      pattern: '^\\d{4}-\\d{2}-\\d{2}$',
      description: 'The day after the last one. Without it, tomorrow.',
    }),
  ),
  merchantId: Type.Optional(idOf('merchant')),
  pointType: Type.Optional(Code),
};
export const SeriesQuery = {
  ...InsightQuery,
  by: Type.Optional(Type.Enum([...BUCKETS], { default: 'day' })),
};
export const BreakdownQuery = {
  ...InsightQuery,
  by: Type.Optional(Type.Enum([...PART_KINDS], { default: 'merchant' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 500, default: 50 })),
};

const FigureColumns = {
  issued: described('Points given, debts that they repaid at once included.'),
  returned: described('Taken back because goods came back, debts made by it included.'),
  adjusted: described('Corrected by hand, up less down.'),
  earns: Type.Integer({ minimum: 0, description: 'Transactions that gave points.' }),
  redeemed: described('Points taken, overdrafts included.'),
  refunded: described('Of points taken, given back.'),
  donated: described('Of `redeemed` less `refunded`: for donations.'),
  redemptions: Type.Integer({ minimum: 0, description: 'Transactions that took points.' }),
  used: described('Of points that the merchant issued: used anywhere, less given back.'),
  expired: described('Of points that the merchant issued: lapsed, less recovered.'),
  transferred: described('Of points that the merchant issued: given to other members.'),
  converted: described('Of points that the merchant issued: turned into another type.'),
};
const FiguresShown = object(FigureColumns, {
  title: 'InsightFigures',
  description:
    '`issued` to `earns` count where points were given, `redeemed` to `redemptions` where they were taken.',
});

const OutstandingShown = object(
  {
    points: described('What members have, held and pending points too, debts not taken off.'),
    unpriced: described('Of it, points without a price between merchants.'),
    liabilityFen: described('What the others cost who issued them, before breakage.'),
  },
  { title: 'InsightOutstanding' },
);

const scene = {
  programme: Code,
  timeZone: Type.String(),
  from: DateText,
  until: DateText,
  merchantId: nullable(idOf('merchant')),
  pointType: nullable(Code),
  behind: Type.Integer({
    minimum: 0,
    description: 'Entries of the ledger that are not counted yet; a job counts every minute.',
  }),
};

export const OverviewShown = object(
  {
    ...scene,
    figures: FiguresShown,
    before: object({ from: DateText, until: DateText, figures: FiguresShown }),
    outstanding: object({ atEnd: OutstandingShown, atBegin: OutstandingShown }),
    active: object(
      {
        lastDay: object({ date: DateText, members: Count, before: Count }),
        lastMonth: object({ date: DateText, members: Count, before: Count }),
      },
      {
        description:
          'Members who earned or redeemed on the last day, and in its month, named by its first day; `before`: a day or a month earlier.',
      },
    ),
  },
  { title: 'InsightOverview' },
);

export const SeriesShown = object(
  {
    ...scene,
    by: Type.Enum([...BUCKETS]),
    items: Type.Array(
      object(
        {
          from: DateText,
          until: DateText,
          figures: FiguresShown,
          outstanding: OutstandingShown,
          active: nullable(
            Type.Integer({
              minimum: 0,
              description: 'Members who earned or redeemed in it; null of weeks.',
            }),
          ),
        },
        { title: 'InsightBucket' },
      ),
    ),
  },
  { title: 'InsightSeries' },
);

export const BreakdownShown = object(
  {
    ...scene,
    by: Type.Enum([...PART_KINDS]),
    items: Type.Array(
      object(
        {
          merchantId: nullable(idOf('merchant')),
          merchantName: nullable(Type.String()),
          pointType: nullable(Code),
          figures: FiguresShown,
          outstanding: OutstandingShown,
          issuedPpm: described('Of a million points issued, how many were here.'),
          redeemedPpm: described('Of a million points redeemed, how many were here.'),
        },
        { title: 'InsightPart' },
      ),
    ),
  },
  { title: 'InsightBreakdown' },
);

export const showOutstanding = ({ points, unpriced, costMicro }: Outstanding) => ({
  points,
  unpriced,
  liabilityFen: Number(toFen(costMicro)),
});

/** How much of a whole a part is, in millionths; of nothing it is nothing. */
export const ppmOf = (part: number, whole: number): number =>
  whole <= 0 ? 0 : Math.round((part / whole) * 1_000_000);
