import Type from 'typebox';
import { type Instant, showInstant } from '../kernel/clock.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import { InstantText, idOf, object } from '../platform/web/schema.ts';
import { ChangedSettings } from './programme.ts';

/** A change of a programme's settings, as recorded: `before` and `after` have those that changed. */
export interface ProgrammeChange {
  readonly programme: number;
  readonly changedAt: Instant;
  /** From when it counts, by the programme's clock. */
  readonly from: Instant;
  /** An API key. */
  readonly changedBy: Uuid;
  readonly before: Type.Static<typeof ChangedSettings>;
  readonly after: Type.Static<typeof ChangedSettings>;
}

/** One that is kept; of two of one programme the later has the greater number. */
export type NumberedChange = ProgrammeChange & { readonly number: number };

export const ChangeShown = object(
  {
    changedAt: InstantText,
    changedBy: idOf('apiKey'),
    from: Type.String({ ...InstantText, description: 'From when it counts.' }),
    before: ChangedSettings,
    after: ChangedSettings,
  },
  { title: 'ProgrammeChange', description: 'Only the settings that changed.' },
);

export function showChange({
  changedAt,
  changedBy,
  from,
  before,
  after,
}: ProgrammeChange): Type.Static<typeof ChangeShown> {
  return {
    changedAt: showInstant(changedAt),
    changedBy: showId('apiKey', changedBy),
    from: showInstant(from),
    before,
    after,
  };
}
