import type Type from 'typebox';
import type { Uuid } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadInstant } from '../platform/web/schema.ts';
import { type CreditBandShown, type NewCreditBand, showCreditBand } from './credit-band.ts';
import { deleteCreditBand, readCreditBand, writeCreditBand } from './credit-band-store.ts';
import { consents, readKnown } from './known.ts';
import { type By, lockToSpeak } from './speak-for.ts';

type Shown = Outcome<Type.Static<typeof CreditBandShown>>;

/** Keeps a member's band, while they consent to `credit_band`. */
export async function setCreditBand(
  tx: Transaction,
  member: Uuid,
  asked: Type.Static<typeof NewCreditBand>,
  by: By,
): Promise<Shown> {
  const [from, until] = [mustReadInstant(asked.from), mustReadInstant(asked.until)];
  if (until <= from) return { refusal: problem('period_invalid') };
  const refusal = await lockToSpeak(tx, member, by);
  if (refusal !== undefined) return { refusal };
  const now = by.clock.now();
  const known = (await readKnown(tx, [member])).get(member);
  if (known === undefined || !consents(known, 'credit_band', null, now))
    return { refusal: problem('consent_missing', undefined, { purpose: 'credit_band' }) };
  const { band, source } = asked;
  const kept = { band, from, until, source, setAt: now, setBy: by.key };
  await writeCreditBand(tx, member, kept);
  return { status: 200, body: showCreditBand(kept) };
}

/** Deletes a member's band, say because it was wrong; the consent stays. Answers how it was. */
export async function removeCreditBand(tx: Transaction, member: Uuid, by: By): Promise<Shown> {
  const refusal = await lockToSpeak(tx, member, by);
  if (refusal !== undefined) return { refusal };
  const kept = await readCreditBand(tx, member);
  if (kept === undefined) return { refusal: problem('credit_band_not_found') };
  await deleteCreditBand(tx, member);
  return { status: 200, body: showCreditBand(kept) };
}
