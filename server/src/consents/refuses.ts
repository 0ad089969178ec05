import type { Uuid } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import type { OwnPurpose } from './purpose.ts';
import { lockMember, readConsent } from './store.ts';

/** Whether a member said no to a purpose last. They are locked: it stays so until the transaction ends. */
export async function refuses(
  tx: Transaction,
  member: Uuid,
  purpose: OwnPurpose,
): Promise<boolean> {
  await lockMember(tx, member);
  const last = await readConsent(tx, member, { purpose, merchant: null });
  return last !== undefined && last.state !== 'given';
}
