import type Type from 'typebox';
import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import { MEMBER_ACTOR } from '../platform/web/auth.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import type { ConsentShown, ConsentSubject, NewConsent } from './consent.ts';
import { askAgainAt, showConsent } from './consent.ts';
import { deleteCreditBand } from './credit-band-store.ts';
import { noticeInForce } from './notice.ts';
import type { ConsentChannel, Purpose } from './purpose.ts';
import { deletePersonalSegments } from './segment-store.ts';
import { type By, lockToSpeak } from './speak-for.ts';
import { insertChange, readConsent, readMinority, readNotices } from './store.ts';

type Shown = Outcome<Type.Static<typeof ConsentShown>>;

/**
 * Notes that a member agrees to the version of the notice that is in force; under 14, that their guardian does.
 * Agreeing again to the same changes nothing.
 */
export async function giveConsent(
  tx: Transaction,
  member: Uuid,
  subject: ConsentSubject,
  asked: NewConsent,
  by: By,
): Promise<Shown> {
  const refusal = await lockToSpeak(tx, member, by);
  if (refusal !== undefined) return { refusal };
  const { version, channel } = asked;
  const guardian = asked.guardian ?? null;
  // Whoever has the phone cannot say that somebody else agreed.
  if (guardian !== null && by.key === MEMBER_ACTOR) return { refusal: problem('not_for_members') };
  const now = by.clock.now();
  const minorUntil = await readMinority(tx, member);
  const notice = noticeInForce(await readNotices(tx, subject.purpose), now);
  if (notice === undefined) return { refusal: problem('notice_not_found') };
  if (notice.version !== version) {
    const message = `version ${notice.version} of the notice is in force`;
    return { refusal: problem('notice_not_in_force', message, { version: notice.version }) };
  }
  if (guardian === null && minorUntil !== null && now < minorUntil)
    return { refusal: problem('guardian_required') };
  const before = await readConsent(tx, member, subject);
  const isSame =
    before?.state === 'given' && before.version === version && before.guardian === guardian;
  if (!isSame)
    await insertChange(tx, {
      member,
      ...subject,
      state: 'given',
      version,
      channel,
      guardian,
      changedAt: now,
      changedBy: by.key,
    });
  return await answer(tx, member, subject, minorUntil, now);
}

/**
 * Notes that a member takes consent back, or refuses it: at any time, by any key that could have given it, and
 * without a reason. What was kept by it is gone with it. Saying no again changes nothing while nobody is to ask.
 */
export async function withdrawConsent(
  tx: Transaction,
  member: Uuid,
  subject: ConsentSubject,
  channel: ConsentChannel,
  by: By,
): Promise<Shown> {
  const refusal = await lockToSpeak(tx, member, by);
  if (refusal !== undefined) return { refusal };
  const now = by.clock.now();
  const before = await readConsent(tx, member, subject);
  const quietUntil = before === undefined ? null : askAgainAt(before);
  if (quietUntil === null || quietUntil <= now) {
    const isGiven = before?.state === 'given';
    const notice = noticeInForce(await readNotices(tx, subject.purpose), now);
    const version = isGiven ? before.version : notice?.version;
    if (version === undefined) return { refusal: problem('notice_not_found') };
    await insertChange(tx, {
      member,
      ...subject,
      state: isGiven ? 'withdrawn' : 'refused',
      version,
      channel,
      guardian: null,
      changedAt: now,
      changedBy: by.key,
    });
    await forgetWhatNeeds(tx, member, subject.purpose, by);
  }
  return await answer(tx, member, subject, await readMinority(tx, member), now);
}

async function answer(
  tx: Transaction,
  member: Uuid,
  subject: ConsentSubject,
  minorUntil: Instant | null,
  now: Instant,
): Promise<Shown> {
  const after = await readConsent(tx, member, subject);
  if (after === undefined) throw new Error('what was said about a consent is in the register');
  return { status: 200, body: showConsent(after, minorUntil, now) };
}

/** Deletes what is kept about a member only by consent to this purpose. The member is locked. */
async function forgetWhatNeeds(
  tx: Transaction,
  member: Uuid,
  purpose: Purpose,
  { forgets }: By,
): Promise<void> {
  if (purpose === 'credit_band') await deleteCreditBand(tx, member);
  if (purpose === 'personalised_offers') await deletePersonalSegments(tx, member);
  await forgets[purpose]?.(tx, member);
}
