import { addToDate, localDate } from '../../kernel/calendar.ts';
import type { Sql } from '../../platform/database.ts';
import type { Programme } from '../../programs/programme.ts';
import type { BookPeriod } from './book-period.ts';
import { journalOf, openingOf } from './journal.ts';
import type { Journal } from './journal-text.ts';
import { readRollForward, sumByPointType } from './roll-forward.ts';
import { pointTypeCodeIn } from './show.ts';

/** The journal of a closed period: everything is booked on its last day. */
export async function readJournal(
  sql: Sql,
  period: BookPeriod,
  programme: Programme,
): Promise<Journal> {
  const { lines } = await readRollForward(sql, period);
  const codeOf = pointTypeCodeIn(programme);
  const flows = [...sumByPointType(lines)].map(([id, { fen }]) => ({ pointType: codeOf(id), fen }));
  const date = localDate(period.until - 1, period.timeZone);
  return {
    programme: programme.code,
    number: period.number,
    date,
    dayAfter: addToDate(date, { days: 1 }),
    entries: journalOf(flows),
    opening: openingOf(flows),
    closing: flows.map(({ pointType, fen }) => ({ pointType, fen: fen.closing })),
  };
}
