import type Type from 'typebox';
import type { Uuid } from '../../kernel/id.ts';
import type { Transaction } from '../../platform/database.ts';
import type { Caller } from '../../platform/publishing/published.ts';
import type { Outcome } from '../../platform/web/idempotency.ts';
import { problem } from '../../platform/web/problem.ts';
import { type SimulationShown, showSimulation } from './schema.ts';
import { endSimulation, findSimulation } from './store.ts';

/** Ends a simulation that nobody waits for any more. Refused: `simulation_not_found`, `simulation_finished`. */
export async function cancelSimulation(
  tx: Transaction,
  id: Uuid,
  by: Caller,
): Promise<Outcome<Type.Static<typeof SimulationShown>>> {
  const found = await findSimulation(tx, id, by.view);
  if (found === undefined) return { refusal: problem('simulation_not_found') };
  // By the programme's clock, like everything that is said of rules; how far that is from the machine's shows in madeAt.
  const { rows } = await tx.query<{ offset: number }>(
    'select clock_offset_ms as "offset" from programme where id = $1',
    [found.programme],
  );
  const now = by.clock.now() + (rows[0]?.offset ?? 0);
  if (!(await endSimulation(tx, id, { state: 'cancelled' }, now)))
    return { refusal: problem('simulation_finished') };
  const ended = await findSimulation(tx, id, by.view);
  if (ended === undefined) throw new Error('a simulation that was cancelled is still there');
  return { status: 200, body: showSimulation(ended) };
}
