import type { Clock } from '../kernel/clock.ts';
import { newId } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';
import type { Entry } from './entry.ts';
import { insertEntry, insertOutcome } from './store.ts';

/** Something that is written down when it has happened: a sign-in, which nobody was before it. */
export interface Happened
  extends Pick<Entry, 'operation' | 'address' | 'userAgent' | 'request'>,
    Partial<Pick<Entry, 'actor' | 'staff' | 'tenant' | 'merchant' | 'programme' | 'about'>> {
  /** As it was answered. */
  readonly status: number;
  /** The code of the problem it was refused with. */
  readonly problem?: string | null;
}

/** Writes down what happened, in the caller's transaction or beside it. */
export async function noteHappened(sql: Sql, clock: Clock, event: Happened): Promise<void> {
  const { status, problem = null, ...known } = event;
  const at = clock.now();
  const entry: Entry = {
    ...{ actor: null, staff: null, tenant: null, merchant: null, programme: null, about: [] },
    ...known,
    id: newId(at),
    at,
  };
  await insertEntry(sql, entry);
  await insertOutcome(sql, entry.id, { at, status, problem, made: null });
}
