import type Type from 'typebox';
import { type Clock, type Instant, showInstant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { afterNotice } from '../kernel/notice.ts';
import type { EarnRatio } from '../kernel/points.ts';
import type { TermsChange } from '../kernel/terms-change.ts';
import type { Transaction } from '../platform/database.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { type MerchantShown, ratioAt, showMerchant } from './merchant.ts';
import { insertTerm, lockMerchant, readProgramme } from './store.ts';

function isLess(one: EarnRatio, other: EarnRatio): boolean {
  return BigInt(one.points) * BigInt(other.perFen) < BigInt(other.points) * BigInt(one.perFen);
}

/**
 * Writes down what a merchant's orders earn from a moment on. What that was before stays: orders keep
 * the ratio of their day, and one that is told late is judged by it. Members are told before of a lower one.
 */
export async function changeMerchant(
  tx: Transaction,
  id: Uuid,
  asked: { readonly earnRatio: EarnRatio; readonly from: Instant | null },
  by: {
    readonly key: Uuid;
    readonly clock: Clock;
    /** Tells members of what becomes worse for them, in the transaction that decides it. */
    readonly announce: (tx: Transaction, change: TermsChange) => Promise<void>;
  },
): Promise<Outcome<Type.Static<typeof MerchantShown>>> {
  const merchant = await lockMerchant(tx, id);
  if (merchant === undefined) return { refusal: problem('merchant_not_found') };
  const programme = await readProgramme(tx, merchant.programmeCode);
  if (programme === undefined) throw new Error('a merchant has a programme');
  const changedAt = by.clock.now();
  const now = changedAt + programme.clockOffsetMs;
  const { earnRatio } = asked;
  const from = asked.from ?? now;
  if (from < now) {
    const message = `the clock of ${merchant.programmeCode} stands at ${showInstant(now)}`;
    return { refusal: problem('terms_in_past', message, { now: showInstant(now) }) };
  }
  const isWorse = isLess(earnRatio, ratioAt(merchant, from));
  const earliest = isWorse ? afterNotice(programme, now) : now;
  if (from < earliest) {
    const { noticeDays } = programme;
    const message = `who will earn less is told ${noticeDays} days before`;
    const facts = { earliest: showInstant(earliest), noticeDays };
    return { refusal: problem('notice_needed', message, facts) };
  }
  await insertTerm(tx, id, { from, earnRatio, changedAt, changedBy: by.key });
  if (isWorse) {
    const parts = [{ what: 'earn_ratio' }] as const;
    await by.announce(tx, {
      ...{ programme: merchant.programme, merchant: merchant.name, parts, from, changedAt },
    });
  }
  const after = await lockMerchant(tx, id);
  if (after === undefined) throw new Error('a locked merchant stays');
  return { status: 200, body: showMerchant(after, changedAt) };
}
