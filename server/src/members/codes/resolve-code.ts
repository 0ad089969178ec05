import { CLOCK_SKEW_MS, type Instant } from '../../kernel/clock.ts';
import { LATE_MS } from '../../kernel/effective-time.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Transaction } from '../../platform/database.ts';
import type { Sealer } from '../../platform/seal.ts';
import { problem } from '../../platform/web/problem.ts';
import { ENDED_KEPT_MS } from '../sessions/limits.ts';
import { codeSecretOf, readCode, STEP_MS, stepOf } from './code.ts';
import { claimCode, findByNumber, lockWrong, noteWrong } from './store.ts';

/** Of ten million that a code can be: in an hour, of one phone, at one merchant. */
const WRONG_MAX = 10;
const WINDOW_MS = 3_600_000;

export interface CodeAsked {
  readonly code: string;
  /** When the till saw it, by the machine's clock. */
  readonly at: Instant;
  readonly merchant: Uuid;
}

/**
 * Whose code it is. Refused: a code that no phone shows, also after its session ended or before it began (`member_code_unknown`); one that
 * was not shown about then (`member_code_expired`, with by how much); one that another merchant saw before. What is refused is kept,
 * too: wrong ones are counted.
 */
export async function resolveCode(
  tx: Transaction,
  { code, at, merchant }: CodeAsked,
  { sealer, now }: { readonly sealer: Sealer; readonly now: Instant },
): Promise<Uuid | Refusal> {
  if (at > now + CLOCK_SKEW_MS || at < now - LATE_MS)
    return problem('member_code_expired', 'tills tell of codes within 72 hours');
  const read = readCode(code);
  const session = read && (await findByNumber(tx, read.number));
  if (read === undefined || session === undefined) return problem('member_code_unknown');
  const wrong = await lockWrong(tx, read.number, merchant);
  const opened = now - WINDOW_MS;
  if (wrong !== undefined && wrong.since > opened && wrong.count >= WRONG_MAX) {
    const retryAfterSeconds = Math.ceil((wrong.since - opened) / 1_000);
    return problem('too_many_attempts', 'too many wrong codes of this phone', {
      retryAfterSeconds,
    });
  }
  const shown = stepOf(read, codeSecretOf(sealer, session.id), at);
  if (shown === undefined) {
    await noteWrong(tx, read.number, merchant, { now, opened });
    return problem('member_code_unknown');
  }
  if (!shown.isInTime) {
    // Below zero: the phone's clock is behind, or the code was kept.
    const secondsOff = Math.round((shown.step * STEP_MS - at) / 1_000);
    return problem('member_code_expired', undefined, { secondsOff });
  }
  if (session.endsAt <= at || session.begunAt > at + CLOCK_SKEW_MS)
    return problem('member_code_unknown');
  const claim = { number: read.number, step: shown.step, merchant };
  const first = await claimCode(tx, claim, { now, kept: now - ENDED_KEPT_MS });
  return first === merchant ? session.member : problem('member_code_used');
}
