import type { Uuid } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import { tell } from '../platform/news.ts';
import { deleteCreditBand } from './credit-band-store.ts';
import { deleteSegments } from './segment-store.ts';
import { lockMember } from './store.ts';

/** Deletes what is kept about a member, by consent or without; what they said about it stays in the register. */
export async function forgetMember(tx: Transaction, member: Uuid): Promise<void> {
  await lockMember(tx, member);
  await deleteCreditBand(tx, member);
  await deleteSegments(tx, member);
  await tell(tx, 'consent', member);
}
