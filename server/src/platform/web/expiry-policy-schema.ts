import Type from 'typebox';
import type { ExpiryPolicy } from '../../kernel/expiry-policy.ts';
import { object } from './schema.ts';

const COUNT_MAX = { day: 36_500, month: 1_200, year: 100 };

const upTo = (maximum: number, minimum = 1) => Type.Integer({ minimum, maximum });

/** How long points last, as requests and answers say it. */
export const ExpiryPolicySchema = Type.Unsafe<ExpiryPolicy>(
  Type.Union(
    [
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
    ],
    {
      title: 'ExpiryPolicy',
      description: 'Days, months and years are those of the programme’s time zone.',
    },
  ),
);
