import { type Instant, showInstant } from '../../kernel/clock.ts';
import { afterNotice } from '../../kernel/notice.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import { type ProblemCode, problem } from '../web/problem.ts';
import { PUBLICATION_LEAD_MS } from './lead.ts';
import type { PublishingProgramme } from './published.ts';

const SECOND_MS = 1_000;

/** When a change counts, and how many whole days members are told before. */
export interface Effect {
  readonly from: Instant;
  readonly noticeDays: number;
}

/**
 * When a change decided `now` (by the programme's clock) counts. One that needs notice counts when as many whole
 * days of the programme's time zone have passed as its notice has, the day of publication not among them:
 * published on the 1st with 7 days, it counts from the beginning of the 9th. Any other counts within
 * seconds. Who asks for an instant gets just that one or a refusal, but for those seconds.
 *
 * Refused: `timePast`, `notice_needed` with the `earliest` instant.
 */
export function effectOf(
  programme: Pick<PublishingProgramme, 'timeZone' | 'ruleNoticeDays'>,
  now: Instant,
  asked: Instant | null,
  needsNotice: boolean,
  timePast: ProblemCode,
): Effect | Refusal {
  if (asked !== null && asked < now) {
    return problem(timePast, `it is ${showInstant(now)} already`, {
      now: showInstant(now),
    });
  }
  const noticeDays = needsNotice ? programme.ruleNoticeDays : 0;
  const soonest = Math.ceil((now + PUBLICATION_LEAD_MS) / SECOND_MS) * SECOND_MS;
  if (noticeDays === 0) return { from: Math.max(asked ?? soonest, soonest), noticeDays };
  const { timeZone } = programme;
  const earliest = Math.max(afterNotice({ noticeDays, timeZone }, now), soonest);
  if (asked !== null && asked < earliest) {
    return problem(
      'notice_needed',
      `members are told ${noticeDays} days before of a change that is not proven as good for them: it counts from ${showInstant(earliest)} at the earliest`,
      { earliest: showInstant(earliest), noticeDays },
    );
  }
  return { from: asked ?? earliest, noticeDays };
}
