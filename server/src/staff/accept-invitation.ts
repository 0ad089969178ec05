import type { Clock } from '../kernel/clock.ts';
import { sha256 } from '../kernel/hash.ts';
import { newId } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Pool } from '../platform/database.ts';
import { withTransaction } from '../platform/database.ts';
import { problem } from '../platform/web/problem.ts';
import type { Engine } from './engine.ts';
import { putLogin } from './factor-store.ts';
import { weaknessOf } from './password.ts';
import { endSessions } from './session-store.ts';
import type { Staff } from './staff.ts';
import { findInvited, putInvitation, updateStaff } from './store.ts';

/** Opens an account by its invitation, which counts once, with the password of whoever has it. Nobody is in it before. */
export async function acceptInvitation(
  { pool, clock, engine }: { readonly pool: Pool; readonly clock: Clock; readonly engine: Engine },
  { token, password }: { readonly token: string; readonly password: string },
): Promise<Staff | Refusal> {
  // Before the transaction, because it takes a tenth of a second; and for every token, so that its time tells nothing.
  const hash = await engine.hashPassword(password);
  return await withTransaction(pool, async (tx) => {
    const now = clock.now();
    const staff = await findInvited(tx, sha256(token), now);
    if (staff === undefined) return problem('invitation_refused');
    const weakness = weaknessOf(password, [staff.email, staff.name]);
    if (weakness !== null) return weakness;
    // One that was begun by the old password while the account was being reset opens nothing any more.
    await endSessions(tx, staff.id);
    await putLogin(tx, staff, { credential: newId(now), password: hash });
    await updateStaff(tx, staff.id, { ...staff, state: 'active' }, now);
    await putInvitation(tx, staff.id, null);
    return { ...staff, state: 'active' };
  });
}
