import type { Clock } from '../kernel/clock.ts';
import type { TermsChange } from '../kernel/terms-change.ts';
import { noticeTerms } from '../messages/notice-terms.ts';
import type { Transaction } from '../platform/database.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';

/** Tells members of what becomes worse for them; who decides it knows nothing of messages. */
export function createAnnounce(clock: Clock, programmes: ProgrammeRegistry) {
  return async (tx: Transaction, change: TermsChange): Promise<void> => {
    // Another process may have made the programme a moment ago.
    if (programmes.byId(change.programme) === undefined) await programmes.refresh();
    await noticeTerms(tx, { clock, programmes }, change);
  };
}
