import { type Clock, type Instant, showInstant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { afterNotice } from '../kernel/notice.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { TermsChange } from '../kernel/terms-change.ts';
import type { Transaction } from '../platform/database.ts';
import { problem } from '../platform/web/problem.ts';
import { isDated, isUndated, worseParts } from './dated.ts';
import type { Programme } from './programme.ts';
import type { ProgrammeChange } from './programme-change.ts';
import { insertChange } from './store.ts';

/** Who asks, and when. */
export interface By {
  readonly key: Uuid;
  readonly clock: Clock;
  /** Tells members of what becomes worse for them, in the transaction that decides it. */
  readonly announce: (tx: Transaction, change: TermsChange) => Promise<void>;
}

/** The clock of a programme. It goes on: whoever decides something reads it once. */
export function nowOf({ clockOffsetMs }: Programme, { clock }: By): Instant {
  return clock.now() + clockOffsetMs;
}

/**
 * Why a change may not begin then: in the past, before what was announced already, before members were told of what becomes worse for
 * them, or later though it promises nothing. Null: it may.
 */
export function refusalOfDate(
  latest: Programme,
  wanted: Programme,
  change: Pick<ProgrammeChange, 'before' | 'after' | 'from'>,
  now: Instant,
): Refusal | null {
  const { from } = change;
  if (from < now) {
    const message = `the clock of ${latest.code} stands at ${showInstant(now)}`;
    return problem('terms_in_past', message, { now: showInstant(now) });
  }
  if (from > now && isUndated(change)) {
    const message = 'only what members are promised can begin later: change the rest apart';
    return problem('invalid_request', message);
  }
  if (!isDated(change)) return null;
  const last = latest.changes.at(-1)?.from ?? from;
  if (from < last) {
    const message = `a change is announced for ${showInstant(last)}: another one counts from then on, or later`;
    return problem('change_announced', message, { from: showInstant(last) });
  }
  const { ruleNoticeDays: noticeDays, timeZone } = latest;
  const isWorse = worseParts(latest, wanted).length > 0;
  const earliest = isWorse ? afterNotice({ noticeDays, timeZone }, now) : now;
  if (from >= earliest) return null;
  const message = `members are told ${noticeDays} days before of what becomes worse for them: say \`from\``;
  return problem('notice_needed', message, { earliest: showInstant(earliest), noticeDays });
}

/** Writes down who changed what, and tells members of what becomes worse for them. */
export async function keepChange(
  tx: Transaction,
  latest: Programme,
  wanted: Programme,
  change: ProgrammeChange,
  { announce }: By,
): Promise<void> {
  await insertChange(tx, change);
  const parts = worseParts(latest, wanted);
  if (parts.length === 0) return;
  const { programme, from, changedAt } = change;
  await announce(tx, { programme, merchant: null, parts, from, changedAt });
}
