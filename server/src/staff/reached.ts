import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Sql } from '../platform/database.ts';
import { type Principal, reaches } from '../platform/web/auth.ts';
import { problem } from '../platform/web/problem.ts';
import { isRoleAt, type Role } from './role.ts';
import type { Staff } from './staff.ts';
import { reachOfStaff } from './staff.ts';
import { findStaff } from './store.ts';

/** Whether an account is one of those that the caller may know of. */
export function isReached(principal: Principal, { merchant, programme }: Staff): boolean {
  if (programme === null) return principal.merchant === null && principal.programme === null;
  return reaches(principal, { merchant, programme: programme.id });
}

/** The account, when the caller reaches it: for others it is not there. */
export async function reachedStaff(
  sql: Sql,
  principal: Principal,
  id: Uuid,
  find: (sql: never, id: Uuid) => Promise<Staff | undefined> = findStaff,
): Promise<Staff | Refusal> {
  const staff = await find(sql as never, id);
  return staff === undefined || !isReached(principal, staff) ? problem('staff_not_found') : staff;
}

/** Why somebody cannot have this role there, or the caller cannot give it; null: they can. */
export function refusalOfRole(
  principal: Principal,
  role: Role,
  place: Pick<Staff, 'merchant' | 'programme'>,
): Refusal | null {
  const reach = reachOfStaff(place);
  if (!isRoleAt(role, reach)) return problem('role_not_there', `there is no ${role} of a ${reach}`);
  const isWithin =
    place.programme === null
      ? principal.merchant === null && principal.programme === null
      : reaches(principal, { merchant: place.merchant, programme: place.programme.id });
  return isWithin ? null : problem('role_out_of_reach');
}
