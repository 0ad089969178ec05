import type Type from 'typebox';
import type { Clock } from '../kernel/clock.ts';
import { CLOCK_SKEW_MS, showInstant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadInstant } from '../platform/web/schema.ts';
import type { NewNotice, NoticeShown } from './notice.ts';
import { noticeInForce, showNotice } from './notice.ts';
import { insertNotice, lockNotices, readNotices } from './store.ts';

/** Makes the next version of a purpose's notice: never valid in the past, nor before the version before it. */
export async function createNotice(
  tx: Transaction,
  asked: Type.Static<typeof NewNotice>,
  by: { readonly key: Uuid; readonly clock: Clock },
): Promise<Outcome<Type.Static<typeof NoticeShown>>> {
  const now = by.clock.now();
  const from = asked.validFrom === undefined ? now : mustReadInstant(asked.validFrom);
  if (from < now - CLOCK_SKEW_MS)
    return { refusal: problem('notice_in_past', 'nobody could have read it then') };
  const validFrom = Math.max(from, now);
  const { purpose, zh, en } = asked;
  await lockNotices(tx, purpose);
  const earlier = await readNotices(tx, purpose);
  const last = earlier.at(-1);
  if (last !== undefined && validFrom < last.validFrom) {
    const until = showInstant(last.validFrom);
    const message = `version ${last.version} becomes valid only at ${until}`;
    return { refusal: problem('notice_out_of_order', message, { validFrom: until }) };
  }
  const notice = {
    purpose,
    version: (last?.version ?? 0) + 1,
    zh,
    en,
    validFrom,
    renews: asked.renews ?? false,
    askAgainDays: asked.askAgainDays ?? 180,
    createdAt: now,
    createdBy: by.key,
  };
  await insertNotice(tx, notice);
  const inForce = noticeInForce([...earlier, notice], now) === notice;
  return { status: 201, body: showNotice(notice, inForce) };
}
