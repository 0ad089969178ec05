import Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { changePersonsKey } from '../keys/store.ts';
import type { Transaction } from '../platform/database.ts';
import type { Principal } from '../platform/web/auth.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { object, text } from '../platform/web/schema.ts';
import { clearLogin } from './factor-store.ts';
import { inviteAgain } from './invite-staff.ts';
import { isReached, refusalOfRole } from './reached.ts';
import { endSessions } from './session-store.ts';
import { RoleName, type Staff, type StaffInvited, type StaffShown, showStaff } from './staff.ts';
import { findStaff, lockStaff, putInvitation, updateStaff } from './store.ts';

export const StaffChange = object(
  {
    name: Type.Optional(text(100)),
    role: Type.Optional(RoleName),
    state: Type.Optional(
      Type.Enum(['active', 'suspended'], {
        description: 'Suspended: all sessions end at once, and nobody signs in.',
      }),
    ),
  },
  { title: 'StaffChange' },
);

export type StaffChanged = Type.Static<typeof StaffChange>;

/** Whether it lets somebody do what they may not now. */
export const givesPower = ({ role, state }: StaffChanged): boolean =>
  role !== undefined || state === 'active';

/** Names somebody anew, gives them another role, suspends them or lets them in again. */
export async function changeStaff(
  tx: Transaction,
  maker: Principal,
  { id, asked }: { readonly id: Uuid; readonly asked: StaffChanged },
  clock: Clock,
): Promise<Outcome<Type.Static<typeof StaffShown>>> {
  const staff = await lockStaff(tx, id);
  if (staff === undefined || !isReached(maker, staff))
    return { refusal: problem('staff_not_found') };
  const { name = staff.name, role = staff.role, state = staff.state } = asked;
  // Nobody gives themselves a right, or shuts themselves out.
  if (maker.staff?.id === id && (role !== staff.role || state !== staff.state))
    return { refusal: problem('own_account') };
  if (role !== staff.role) {
    const refusal = refusalOfRole(maker, role, staff);
    if (refusal !== null) return { refusal };
  }
  if (state === 'active' && staff.state === 'invited')
    return { refusal: problem('staff_state', 'the invitation was not accepted yet') };
  const changed = { ...staff, name, role, state: await stateAfter(tx, staff, state) };
  await updateStaff(tx, id, changed, clock.now());
  await changePersonsKey(tx, staff.key, name);
  // Also of who is let in again: a session that was begun meanwhile, and opened nothing, would open the account now.
  if (state !== staff.state) await endSessions(tx, id);
  if (state === 'suspended') await putInvitation(tx, id, null);
  return { status: 200, body: showStaff((await findStaff(tx, id)) as Staff) };
}

/** Who was suspended before they ever accepted is invited again, not let in. */
async function stateAfter(
  tx: Transaction,
  { id, state: before }: Staff,
  wanted: Staff['state'],
): Promise<Staff['state']> {
  if (wanted !== 'active' || before === 'active') return wanted;
  const { rows } = await tx.query('select 1 from staff_credential where login = $1', [id]);
  return rows.length === 0 ? 'invited' : 'active';
}

/** Takes away all that somebody signs in by, ends their sessions and invites them to begin anew. */
export async function resetStaff(
  tx: Transaction,
  maker: Principal,
  id: Uuid,
  clock: Clock,
): Promise<Outcome<Type.Static<typeof StaffInvited>>> {
  const staff = await lockStaff(tx, id);
  if (staff === undefined || !isReached(maker, staff))
    return { refusal: problem('staff_not_found') };
  if (maker.staff?.id === id) return { refusal: problem('own_account') };
  if (staff.state === 'suspended') return { refusal: problem('staff_state') };
  await endSessions(tx, id);
  await clearLogin(tx, id);
  await updateStaff(tx, id, { ...staff, state: 'invited' }, clock.now());
  return await inviteAgain(tx, id, clock);
}
