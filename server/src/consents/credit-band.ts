import Type from 'typebox';
import type { Instant } from '../kernel/clock.ts';
import { showInstant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { showId } from '../kernel/id.ts';
import { InstantText, idOf, object, text } from '../platform/web/schema.ts';

/** What a credit bureau says of a member who agreed to it: a band, never the score. */
export interface CreditBand {
  readonly band: string;
  readonly from: Instant;
  /** Not included. */
  readonly until: Instant;
  /** Who says so. */
  readonly source: string;
  readonly setAt: Instant;
  /** An API key. */
  readonly setBy: Uuid;
}

const BandName = Type.String({
  // Without digits, so that no score passes for a band.
  pattern: '^[a-z]+(-[a-z]+)*$',
  maxLength: 40,
  examples: ['excellent'],
  description: 'A band in words, without digits: a score is refused.',
});

export const NewCreditBand = object(
  { band: BandName, from: InstantText, until: InstantText, source: text(200) },
  { title: 'NewCreditBand' },
);

export const CreditBandShown = object(
  {
    band: BandName,
    from: InstantText,
    until: InstantText,
    source: Type.String(),
    setAt: InstantText,
    setBy: idOf('apiKey'),
  },
  { title: 'CreditBand' },
);

export function showCreditBand(kept: CreditBand): Type.Static<typeof CreditBandShown> {
  return {
    band: kept.band,
    from: showInstant(kept.from),
    until: showInstant(kept.until),
    source: kept.source,
    setAt: showInstant(kept.setAt),
    setBy: showId('apiKey', kept.setBy),
  };
}
