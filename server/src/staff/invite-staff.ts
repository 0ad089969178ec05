import type Type from 'typebox';
import type { Clock, Instant } from '../kernel/clock.ts';
import { showInstant } from '../kernel/clock.ts';
import { sha256 } from '../kernel/hash.ts';
import { newId, randomSlice, type Uuid } from '../kernel/id.ts';
import { findProgramme, insertKey, programmeOfMerchant } from '../keys/store.ts';
import type { Transaction } from '../platform/database.ts';
import type { Principal } from '../platform/web/auth.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadId } from '../platform/web/schema.ts';
import { refusalOfRole } from './reached.ts';
import { type NewStaff, normalEmail, type Staff, type StaffInvited, showStaff } from './staff.ts';
import { findStaff, findStaffByEmail, insertStaff, putInvitation } from './store.ts';

const INVITATION_MS = 72 * 60 * 60_000;
const SECRET_BYTES = 32;

type Answer = Outcome<Type.Static<typeof StaffInvited>>;

/** Makes an account that nobody can sign in to before its invitation is accepted. */
export async function inviteStaff(
  tx: Transaction,
  maker: Principal,
  asked: Type.Static<typeof NewStaff>,
  clock: Clock,
): Promise<Answer> {
  const { merchantId, programme: code, role, name } = asked;
  if (merchantId !== undefined && code !== undefined)
    return { refusal: problem('invalid_request', 'somebody works for a merchant or a programme') };
  const merchant = merchantId === undefined ? null : mustReadId('merchant', merchantId);
  let programme: Staff['programme'] | undefined = null;
  if (merchant !== null) programme = await programmeOfMerchant(tx, merchant);
  else if (code !== undefined) programme = await findProgramme(tx, code);
  if (programme === undefined)
    return { refusal: problem(merchant === null ? 'programme_not_found' : 'merchant_not_found') };
  const refusal = refusalOfRole(maker, role, { merchant, programme });
  if (refusal !== null) return { refusal };
  const email = normalEmail(asked.email);
  if ((await findStaffByEmail(tx, email)) !== undefined)
    return { refusal: problem('staff_exists') };
  const made = { name, email, role, merchant, programme };
  const id = await makeStaff(tx, made, { at: clock.now(), by: maker.keyId, demo: false });
  return await inviteAgain(tx, id, clock);
}

type ToMake = Pick<Staff, 'name' | 'email' | 'role' | 'merchant' | 'programme'>;

/** Writes an account down with the row of api_key that it does things by. */
export async function makeStaff(
  tx: Transaction,
  staff: ToMake,
  { at, by, demo }: { readonly at: Instant; readonly by: Uuid | null; readonly demo: boolean },
): Promise<Uuid> {
  const { name, merchant, programme } = staff;
  const key = newId(at);
  // Of a secret that was never anybody's.
  const hash = sha256(Buffer.from(randomSlice(SECRET_BYTES)));
  // What they may, their role says.
  const row = { id: key, name, scopes: [], merchant, programme, root: false, createdAt: at };
  await insertKey(tx, { ...row, person: true }, hash);
  const id = newId(at);
  await insertStaff(tx, { ...staff, id, key, at, by, demo });
  return id;
}

/** Invites somebody anew; an invitation that they had before counts no more. */
export async function inviteAgain(tx: Transaction, id: Uuid, clock: Clock): Promise<Answer> {
  const token = Buffer.from(randomSlice(SECRET_BYTES)).toString('base64url');
  const until = clock.now() + INVITATION_MS;
  await putInvitation(tx, id, { hash: sha256(token), until });
  const staff = await findStaff(tx, id);
  if (staff === undefined) throw new Error('who is invited has an account');
  const shown = showStaff(staff);
  const showing = (secret: string | null) => ({
    ...shown,
    invitation: {
      token: secret,
      path: secret === null ? null : pathOf(secret),
      until: showInstant(until),
    },
  });
  return { status: 201, body: showing(token), stored: showing(null) };
}

// Behind the # it is in no log of any server.
const pathOf = (token: string): string => `/console/invitation#${token}`;
