import { type Instant, showInstant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { type By, lockToSpeak } from './speak-for.ts';
import { writeMinority } from './store.ts';

/** Notes until when a member is under 14. What they agreed to without their guardian does not count meanwhile. */
export async function setMinority(
  tx: Transaction,
  member: Uuid,
  until: Instant,
  by: By,
): Promise<Outcome<{ under14Until: string }>> {
  const refusal = await lockToSpeak(tx, member, by);
  if (refusal !== undefined) return { refusal };
  await writeMinority(tx, member, until, { at: by.clock.now(), key: by.key });
  return { status: 200, body: { under14Until: showInstant(until) } };
}
