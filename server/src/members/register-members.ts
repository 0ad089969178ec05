import type { Clock, Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { newId, showId } from '../kernel/id.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Transaction } from '../platform/database.ts';
import { Conflict, isUniqueViolation } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import { isWithin, type Principal } from '../platform/web/auth.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import type { MemberShown, NewMember } from './member.ts';
import { lastFourIndex, phoneContext, phoneIndex, showMember } from './member.ts';
import { gramsOf, nameContext } from './name.ts';
import { normalisePhone } from './phone.ts';
import type { JoinedProgramme, MemberToMake, Taken } from './store.ts';
import { insertMembers, readMerchantProgrammes, readProgrammes, readTaken } from './store.ts';

export interface RegisterDeps {
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** Who registers them: in the programme it reaches. */
  readonly principal: Principal;
}

interface Identity {
  readonly phone: string | null;
  readonly name: string | null;
  readonly phoneIndex: Buffer | null;
  readonly externalIds: readonly (readonly [system: string, id: string])[];
  readonly programmeCode: string;
  readonly merchant: Uuid | null;
}

/** A person to register, and where they join. */
export type Registration = Omit<NewMember, 'merchantId'> & { readonly merchant: Uuid | null };

/**
 * Registers persons, in order: one phone or external id belongs to one member for ever, also among the
 * persons given here. Each is answered 201, `member_exists` (with whom) or another refusal.
 */
export async function registerMembers(
  tx: Transaction,
  asked: readonly Registration[],
  { sealer, clock, principal }: RegisterDeps,
): Promise<Outcome<MemberShown>[]> {
  const identities = asked.map((each) => identityOf(each, sealer, principal));
  const valid = identities.filter((each): each is Identity => 'programmeCode' in each);
  const programmes = await readProgrammes(tx, [
    ...new Set(valid.map((each) => each.programmeCode)),
  ]);
  const merchants = await readMerchantProgrammes(
    tx,
    valid.flatMap(({ merchant }) => merchant ?? []),
  );
  const taken = await readTaken(
    tx,
    valid.flatMap((each) => (each.phoneIndex === null ? [] : [each.phoneIndex])),
    valid.flatMap((each) => each.externalIds),
  );
  const now = clock.now();
  const toMake: MemberToMake[] = [];
  const outcomes = identities.map((identity): Outcome<MemberShown> => {
    if (!('programmeCode' in identity)) return { refusal: identity };
    const programme = programmes.get(identity.programmeCode);
    const refusal = refusalToJoin(principal, programme) ?? takenBy(identity, taken);
    if (programme === undefined || refusal !== undefined)
      return { refusal: refusal ?? problem('programme_not_found') };
    const home = identity.merchant === null ? null : merchants.get(identity.merchant);
    if (home === undefined || (home !== null && !isWithin(principal, home)))
      return { refusal: problem('merchant_not_found') };
    // Who registers somebody in another programme is no place to join that one.
    const joins = home === programme.id;
    const make = memberToMake({ identity, programme: programme.id, joins }, sealer, now);
    toMake.push(make);
    noteTaken(identity, make.id, taken);
    return { status: 201, body: showNew(make, identity, sealer, now) };
  });
  if (toMake.length === 0) return outcomes;
  try {
    await insertMembers(tx, toMake, now);
  } catch (error) {
    if (isUniqueViolation(error))
      throw new Conflict('another transaction registered one of these persons', { cause: error });
    throw error;
  }
  return outcomes;
}

/** Why the caller may not bring members into this programme. */
export function refusalToJoin(
  principal: Principal,
  programme: JoinedProgramme | undefined,
): Refusal | undefined {
  if (programme === undefined || !isWithin(principal, programme.id))
    return problem('programme_not_found');
  if (principal.member !== null)
    return programme.membersJoinThemselves ? undefined : problem('not_for_members');
  if (principal.merchant === null || programme.merchantsRegisterMembers) return undefined;
  return problem('operator_only', 'in this programme only the operator registers members');
}

function identityOf(
  asked: Registration,
  sealer: Sealer,
  { programme }: Principal,
): Identity | Refusal {
  const phone = asked.phone === undefined ? null : normalisePhone(asked.phone);
  if (phone === undefined)
    return problem(
      'phone_invalid',
      'a phone number is +, country code and number, or 11 mainland digits',
    );
  return {
    phone,
    name: asked.name ?? null,
    phoneIndex: phone === null ? null : phoneIndex(sealer, phone),
    externalIds: Object.entries(asked.externalIds ?? {}),
    programmeCode: asked.programme ?? programme?.code ?? 'default',
    merchant: asked.merchant,
  };
}

function takenBy(identity: Identity, taken: Taken): Refusal | undefined {
  const owners = new Set<Uuid>();
  if (identity.phoneIndex !== null) {
    const owner = taken.byPhone.get(identity.phoneIndex.toString('hex'));
    if (owner !== undefined) owners.add(owner);
  }
  for (const [system, id] of identity.externalIds) {
    const owner = taken.byExternalId.get(`${system}\n${id}`);
    if (owner !== undefined) owners.add(owner);
  }
  const [first, ...others] = [...owners].map((owner) => showId('member', owner));
  if (first === undefined) return undefined;
  if (others.length === 0)
    return problem('member_exists', `this person is member ${first}`, { memberId: first });
  return problem(
    'member_ambiguous',
    `these belong to the members ${[first, ...others].join(', ')}`,
  );
}

function noteTaken(identity: Identity, member: Uuid, taken: Taken): void {
  if (identity.phoneIndex !== null) taken.byPhone.set(identity.phoneIndex.toString('hex'), member);
  for (const [system, id] of identity.externalIds)
    taken.byExternalId.set(`${system}\n${id}`, member);
}

function memberToMake(
  {
    identity,
    programme,
    joins,
  }: { readonly identity: Identity; readonly programme: number; readonly joins: boolean },
  sealer: Sealer,
  now: Instant,
): MemberToMake {
  const id = newId(now);
  const { phone, phoneIndex: index, name, externalIds } = identity;
  const made = {
    id,
    programme,
    merchant: joins ? identity.merchant : null,
    externalIds,
    name:
      name === null
        ? null
        : { sealed: sealer.seal(nameContext(id), name), grams: gramsOf(sealer, name) },
  };
  if (phone === null || index === null) return { ...made, phone: null };
  const sealed = sealer.seal(phoneContext(id), phone);
  const phoneMade = { sealed, index, lastFourIndex: lastFourIndex(sealer, phone.slice(-4)) };
  return { ...made, phone: phoneMade };
}

function showNew(
  make: MemberToMake,
  identity: Identity,
  sealer: Sealer,
  now: Instant,
): MemberShown {
  const ordered = [...identity.externalIds].sort(([a], [b]) => (a < b ? -1 : 1));
  const member = {
    id: make.id,
    phoneSealed: make.phone?.sealed ?? null,
    nameSealed: make.name?.sealed ?? null,
    externalIds: Object.fromEntries(ordered),
    programmes: [identity.programmeCode],
    createdAt: now,
    mergedInto: null,
  };
  // The answer is stored, and a name stands nowhere in the clear.
  return showMember(member, sealer, { fullName: false });
}
