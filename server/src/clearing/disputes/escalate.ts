import type { Instant } from '../../kernel/clock.ts';
import { eachAlone } from '../../kernel/leftovers.ts';
import { type Pool, withTransaction } from '../../platform/database.ts';
import { escalateDue } from './store.ts';

/** Escalates disputes that were not decided in time; answers how many. */
export function escalateDisputes(
  pool: Pool,
  programmes: {
    all(): readonly { readonly id: number }[];
    programmeClock(programme: number): Instant;
  },
): Promise<number> {
  return eachAlone(
    programmes.all(),
    ({ id }) => withTransaction(pool, (tx) => escalateDue(tx, id, programmes.programmeClock(id))),
    'disputes of a programme could not be escalated',
  );
}
