import Type from 'typebox';
import { type Instant, showInstant } from '../kernel/clock.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import { InstantText, idOf, object } from '../platform/web/schema.ts';
import { RatioBody, type Term } from './merchant.ts';

/** A term as it is written down. */
export interface TermChange extends Term {
  readonly changedAt: Instant;
  /** An API key; null: the merchant took part before terms were kept. */
  readonly changedBy: Uuid | null;
}

/** One that is kept; of two for the same moment the one with the greater number counts. */
export type NumberedTerm = TermChange & { readonly number: number };

export const MerchantChange = object(
  {
    earnRatio: RatioBody,
    from: Type.Optional(
      Type.String({
        ...InstantText,
        description:
          "From when on, by the programme's clock: not in the past. Without it, at once.",
      }),
    ),
  },
  { title: 'MerchantChange' },
);

export const TermShown = object(
  {
    from: InstantText,
    earnRatio: RatioBody,
    changedAt: InstantText,
    changedBy: Type.Optional(
      Type.String({ ...idOf('apiKey'), description: 'Who asked for it; told to the operator.' }),
    ),
  },
  { title: 'MerchantTerm' },
);

export function showTerm(term: TermChange, isOperator: boolean): Type.Static<typeof TermShown> {
  const { changedBy } = term;
  return {
    from: showInstant(term.from),
    earnRatio: term.earnRatio,
    changedAt: showInstant(term.changedAt),
    ...(changedBy === null || !isOperator ? {} : { changedBy: showId('apiKey', changedBy) }),
  };
}
