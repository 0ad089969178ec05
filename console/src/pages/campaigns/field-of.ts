import { fieldIn } from '../../publishing/field-in.ts';
import type { TermsValues } from './terms-values.ts';

/** The field in which a part of a promotion stands, by its pointer into the terms. */
export const fieldOf = fieldIn<TermsValues>([
  [/^\/name\/en/, 'nameEn'],
  [/^\/name/, 'nameZh'],
  [/^\/description/, 'descriptionZh'],
  [/^\/rewards/, 'rewards'],
  [/^\/price\/(num|den)/, 'percent'],
  [/^\/price\/pointType/, 'pointType'],
  [/^\/price\/points/, 'points'],
  [/^\/price/, 'priceKind'],
  // The form has the first of the dates alone.
  [/^\/when\/dates(\/0(\/|$)|$)/, 'dates'],
  [/^\/when\/months/, 'months'],
  [/^\/when\/monthDays/, 'monthDays'],
  [/^\/when\/weekdays/, 'weekdays'],
  [/^\/when\/memberMonth/, 'memberMonth'],
  [/^\/budget\/(\d+)\/pointType/, 'budget', 'pointType'],
  [/^\/budget\/(\d+)/, 'budget', 'points'],
]);
