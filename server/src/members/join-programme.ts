import type Type from 'typebox';
import { type Clock, showInstant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import type { Principal } from '../platform/web/auth.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { Code, InstantText, object } from '../platform/web/schema.ts';
import { lockMergeCandidates, mergedAway } from './merged.ts';
import { refusalToJoin } from './register-members.ts';
import { insertMembership, type Membership, readProgrammes } from './store.ts';

export const MembershipShown = object(
  { programme: Code, joinedAt: InstantText },
  { title: 'Membership', description: '`joinedAt` is by the clock of the programme.' },
);

export function showMembership({
  programme,
  joinedAt,
}: Membership): Type.Static<typeof MembershipShown> {
  return { programme, joinedAt: showInstant(joinedAt) };
}

/** Lets a member of one programme take part in another. */
export async function joinProgramme(
  tx: Transaction,
  member: Uuid,
  code: string,
  { principal, clock }: { readonly principal: Principal; readonly clock: Clock },
): Promise<Outcome<Type.Static<typeof MembershipShown>>> {
  const programme = (await readProgrammes(tx, [code])).get(code);
  const refusal = refusalToJoin(principal, programme);
  if (programme === undefined || refusal !== undefined)
    return { refusal: refusal ?? problem('programme_not_found') };
  // A merge that is written down now asks which programmes both are in.
  const found = (await lockMergeCandidates(tx, [member])).get(member);
  if (found === undefined) return { refusal: problem('member_not_found') };
  const gone = mergedAway(found.survivor === null ? [] : [found.survivor]);
  if (gone !== undefined) return { refusal: gone };
  const now = clock.now();
  const joinedAt = now + programme.clockOffsetMs;
  const { merchant } = principal;
  const make = { member, programme: programme.id, joinedAt, now, merchant };
  return (await insertMembership(tx, make))
    ? { status: 201, body: showMembership({ programme: code, joinedAt }) }
    : { refusal: problem('membership_exists') };
}
