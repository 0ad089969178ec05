import type { Clock } from '../kernel/clock.ts';
import { newId, readId } from '../kernel/id.ts';
import { programmeOfMerchant } from '../keys/store.ts';
import type { Pool } from '../platform/database.ts';
import { withTransaction } from '../platform/database.ts';
import type { Engine } from './engine.ts';
import { putLogin } from './factor-store.ts';
import { makeStaff } from './invite-staff.ts';
import type { Role } from './role.ts';
import { findStaff, findStaffByEmail, updateStaff } from './store.ts';

/** An account of the demo, whose password stands in its documentation. */
export interface DemoAccount {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly password: string;
  /** mer_…, of who works at a merchant. */
  readonly merchantId?: string;
}

/**
 * Makes the accounts of the demo that are not there yet. No request leads here: only a start of the server with the demo, which
 * takes the embedded database alone, and the accounts are marked as the demo's: without it they open nothing.
 */
export async function openDemoAccounts(
  { pool, clock, engine }: { readonly pool: Pool; readonly clock: Clock; readonly engine: Engine },
  accounts: readonly DemoAccount[],
): Promise<void> {
  for (const { name, email, role, password, merchantId } of accounts) {
    if ((await findStaffByEmail(pool, email)) !== undefined) continue;
    const hash = await engine.hashPassword(password);
    await withTransaction(pool, async (tx) => {
      const merchant = merchantId === undefined ? null : (readId('merchant', merchantId) ?? null);
      const programme = merchant === null ? null : await programmeOfMerchant(tx, merchant);
      if (programme === undefined)
        throw new Error(`${email} works at a merchant that is not there`);
      const now = clock.now();
      const made = { name, email, role, merchant, programme };
      const id = await makeStaff(tx, made, { at: now, by: null, demo: true });
      await putLogin(tx, { id, name, email }, { credential: newId(now), password: hash });
      const staff = await findStaff(tx, id);
      if (staff !== undefined) await updateStaff(tx, id, { ...staff, state: 'active' }, now);
    });
  }
}
