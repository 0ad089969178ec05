import type { Uuid } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Members } from '../members/registry.ts';
import type { Merchant } from '../merchants/merchant.ts';
import type { Merchants } from '../merchants/registry.ts';
import { actsFor, isWithin, type Principal } from '../platform/web/auth.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadId } from '../platform/web/schema.ts';
import type { Budgets } from '../programs/budget-registry.ts';
import { DEFAULT_POINT_TYPE, pointTypeOf } from '../programs/programme.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import type { Subjects } from './subjects.ts';

export interface CommandDeps {
  readonly programmes: ProgrammeRegistry;
  readonly merchants: Merchants;
  readonly members: Members;
  readonly subjects: Subjects;
  readonly budgets: Budgets;
}

/** Whose points of which type a request is about, and where. */
export interface Place {
  readonly member: Uuid;
  readonly merchant: Uuid;
  readonly programme: number;
  readonly pointType: number;
}

/**
 * Resolves what a request at a merchant names, or tells what of it is not there. Known ones are answered
 * at once: in bulk, a promise for each would cost more than the look-ups.
 */
export function placeOf(
  deps: CommandDeps,
  body: { readonly memberId: string; readonly merchantId: string; readonly pointType?: string },
  principal: Principal,
): Place | Refusal | Promise<Place | Refusal> {
  const member = mustReadId('member', body.memberId);
  const merchant = mustReadId('merchant', body.merchantId);
  if (!actsFor(principal, merchant)) return problem('merchant_out_of_reach');
  const place = (found: Merchant | undefined, isMember: boolean): Place | Refusal => {
    if (found === undefined || !isWithin(principal, found.programme))
      return problem('merchant_not_found');
    if (!isMember) return problem('member_not_found');
    const programme = deps.programmes.byId(found.programme);
    const pointType =
      programme === undefined
        ? undefined
        : pointTypeOf(programme, body.pointType ?? DEFAULT_POINT_TYPE);
    if (pointType === undefined) return problem('point_type_not_found');
    return { member, merchant, programme: found.programme, pointType: pointType.id };
  };
  const found = deps.merchants.find(merchant);
  const isMember = deps.members.has(member);
  return found instanceof Promise || isMember instanceof Promise
    ? Promise.all([found, isMember]).then(([one, other]) => place(one, other))
    : place(found, isMember);
}
