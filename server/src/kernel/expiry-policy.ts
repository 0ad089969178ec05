/** How long points last. Days, months and years are of the programme's time zone. */
export type ExpiryPolicy =
  | { readonly kind: 'none' }
  /** So long after they were earned, to the end of that day. */
  | {
      readonly kind: 'rolling';
      readonly days?: number;
      readonly months?: number;
      readonly years?: number;
    }
  /** To the end of the month, quarter or year in which they were earned, and `after` more of them. */
  | {
      readonly kind: 'end_of';
      readonly period: 'month' | 'quarter' | 'year';
      readonly after: number;
    }
  /** To the end of this day (`2027-12-31`). */
  | { readonly kind: 'fixed'; readonly date: string };
