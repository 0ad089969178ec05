import Type from 'typebox';
import type { DatedExpiry, ExpiryPolicy } from '../../kernel/expiry-policy.ts';
import { object } from './schema.ts';

const COUNT_MAX = { day: 36_500, month: 1_200, year: 100, sliding: 120 };

const upTo = (maximum: number, minimum = 1) => Type.Integer({ minimum, maximum });

const DATED = [
  object({ kind: Type.Literal('none') }, { description: 'For ever.' }),
  Type.Object(
    {
      kind: Type.Literal('rolling'),
      days: Type.Optional(upTo(COUNT_MAX.day)),
      months: Type.Optional(upTo(COUNT_MAX.month)),
      years: Type.Optional(upTo(COUNT_MAX.year)),
    },
    {
      additionalProperties: false,
      // The kind and one of the others.
      minProperties: 2,
      description: 'So long after they were earned, to the end of that day.',
    },
  ),
  object(
    {
      kind: Type.Literal('end_of'),
      period: Type.Enum(['month', 'quarter', 'year']),
      after: upTo(COUNT_MAX.month, 0),
    },
    {
      description:
        'To the end of the month, quarter or year in which they were earned, and `after` more of them.',
    },
  ),
  object(
    { kind: Type.Literal('fixed'), date: Type.String({ format: 'date' }) },
    { description: 'To the end of this day: `2027-12-31`.' },
  ),
];
const IN_THE_ZONE = 'Days, months and years are those of the programme’s time zone.';

/** How long points last that a rule gives otherwise than is usual for their type. */
export const DatedExpirySchema = Type.Unsafe<DatedExpiry>(
  Type.Union(DATED, { title: 'DatedExpiry', description: IN_THE_ZONE }),
);

/** How long points last, as requests and answers say it. */
export const ExpiryPolicySchema = Type.Unsafe<ExpiryPolicy>(
  Type.Union(
    [
      ...DATED,
      object(
        { kind: Type.Literal('sliding'), months: upTo(COUNT_MAX.sliding) },
        {
          description:
            'As long as their member comes: to the end of the month that is `months` after the month in which the member last earned or spent points of this type.',
        },
      ),
    ],
    { title: 'ExpiryPolicy', description: IN_THE_ZONE },
  ),
);
