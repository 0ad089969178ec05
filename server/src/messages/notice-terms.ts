import { addDays } from '../kernel/calendar.ts';
import type { TermsChange } from '../kernel/terms-change.ts';
import type { Transaction } from '../platform/database.ts';
import { writeTime } from './render.ts';
import { type Outbox, writeMessages } from './write-messages.ts';

/** The notice stays for those who look later than the change. */
const SHOWN_DAYS = 30;

/** Announces what becomes worse to everybody in the programme, in the transaction that decides it. */
export async function noticeTerms(
  tx: Transaction,
  outbox: Outbox,
  { programme, merchant, parts, from, changedAt }: TermsChange,
): Promise<void> {
  const timeZone = outbox.programmes.byId(programme)?.timeZone;
  if (timeZone === undefined) throw new Error(`there is no programme ${programme}`);
  await writeMessages(
    tx,
    outbox,
    parts.map((part) => ({
      kind: 'terms_change',
      programme,
      member: null,
      dedupeKey: `terms:${programme}:${changedAt}:${JSON.stringify([merchant, part, from])}`,
      facts: {
        ...(merchant === null ? {} : { merchant }),
        ...part,
        from: writeTime(from, timeZone),
      },
      expiresAt: addDays(from, SHOWN_DAYS, timeZone),
    })),
  );
}
