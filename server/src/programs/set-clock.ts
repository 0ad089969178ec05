import type { Clock, Instant } from '../kernel/clock.ts';
import { showInstant } from '../kernel/clock.ts';
import type { Transaction } from '../platform/database.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { lockProgramme, setClockOffset } from './store.ts';

/** Moves a sandbox programme's time forward to `to`; from there it runs on. */
export async function setClock(
  tx: Transaction,
  code: string,
  to: Instant,
  clock: Clock,
): Promise<Outcome<{ programme: string; now: string }>> {
  const programme = await lockProgramme(tx, code);
  if (programme === undefined) return { refusal: problem('programme_not_found') };
  if (!programme.sandbox) return { refusal: problem('not_a_sandbox') };
  const machine = clock.now();
  const now = machine + programme.clockOffsetMs;
  // Lots and limits were decided at times up to now: going back would make them events of the future.
  if (to < now) {
    return {
      refusal: problem('clock_backwards', `the clock of ${code} stands at ${showInstant(now)}`, {
        now: showInstant(now),
      }),
    };
  }
  await setClockOffset(tx, programme.id, to - machine);
  return { status: 200, body: { programme: code, now: showInstant(to) } };
}
