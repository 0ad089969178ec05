import type Type from 'typebox';
import { CLOCK_SKEW_MS, type Clock, type Instant } from '../kernel/clock.ts';
import { newId, type Uuid } from '../kernel/id.ts';
import { type Refusal, refusal } from '../kernel/refusal.ts';
import type { Transaction } from '../platform/database.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadId, mustReadInstant } from '../platform/web/schema.ts';
import {
  type Certificate,
  type CertificateShown,
  type NewCertificate,
  showCertificate,
} from './certificate.ts';
import { insertCertificate } from './store.ts';

export interface CertificateDeps {
  readonly clock: Clock;
  /** The time of a merchant's programme; undefined: there is no such merchant. */
  readonly timeAt: (merchant: Uuid) => Promise<Instant | undefined>;
}

/** Writes down a certificate. One number of one issuing body is one certificate for ever. */
export async function createCertificate(
  tx: Transaction,
  asked: Type.Static<typeof NewCertificate>,
  { clock, timeAt }: CertificateDeps,
): Promise<Outcome<CertificateShown>> {
  const merchant = mustReadId('merchant', asked.merchantId);
  const now = await timeAt(merchant);
  if (now === undefined) return { refusal: problem('merchant_not_found') };
  const made: Certificate = {
    id: newId(clock.now()),
    merchant,
    number: asked.number,
    issuingBody: asked.issuingBody,
    scope: asked.scope,
    validFrom: mustReadInstant(asked.validFrom),
    validUntil: mustReadInstant(asked.validUntil),
    lastCheckedAt: mustReadInstant(asked.lastCheckedAt),
    revoked: null,
    createdAt: clock.now(),
  };
  const wrong = problemOfCertificate(made, now);
  if (wrong !== null) return { refusal: wrong };
  if (!(await insertCertificate(tx, made))) return { refusal: problem('certificate_exists') };
  return { status: 201, body: showCertificate(made) };
}

/** What is wrong with a certificate as it would be at this moment of its programme, or null. */
export function problemOfCertificate(
  { validFrom, validUntil, lastCheckedAt }: Certificate,
  now: Instant,
): Refusal | null {
  if (validUntil <= validFrom)
    return problem('period_invalid', 'a certificate is valid from before it is valid until');
  return lastCheckedAt > now + CLOCK_SKEW_MS
    ? refusal('time_in_future', 'it cannot have been checked yet')
    : null;
}
