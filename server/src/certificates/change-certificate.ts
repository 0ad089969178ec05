import type { Uuid } from '../kernel/id.ts';
import type { Transaction } from '../platform/database.ts';
import type { Outcome } from '../platform/web/idempotency.ts';
import { problem } from '../platform/web/problem.ts';
import { mustReadInstant } from '../platform/web/schema.ts';
import {
  type Certificate,
  type CertificateChange,
  type CertificateShown,
  showCertificate,
} from './certificate.ts';
import { type CertificateDeps, problemOfCertificate } from './create-certificate.ts';
import { lockCertificate, queueCharges, updateCertificate } from './store.ts';

/**
 * Changes a certificate, or revokes it for good. What was issued on it stays as it is: a change counts for what is
 * recorded after it.
 */
export async function changeCertificate(
  tx: Transaction,
  id: Uuid,
  { scope, validUntil, lastCheckedAt, revocation }: CertificateChange,
  { clock, timeAt }: CertificateDeps,
): Promise<Outcome<CertificateShown>> {
  const was = await lockCertificate(tx, id);
  if (was === undefined) return { refusal: problem('certificate_not_found') };
  if (was.revoked !== null) return { refusal: problem('certificate_revoked') };
  const now = await timeAt(was.merchant);
  if (now === undefined) throw new Error(`the merchant of certificate ${id} is gone`);
  const to: Certificate = {
    ...was,
    scope: scope ?? was.scope,
    validUntil: validUntil === undefined ? was.validUntil : mustReadInstant(validUntil),
    lastCheckedAt: lastCheckedAt === undefined ? was.lastCheckedAt : mustReadInstant(lastCheckedAt),
    revoked: revocation === undefined ? null : { at: now, ...revocation },
  };
  const wrong = problemOfCertificate(to, now);
  if (wrong !== null) return { refusal: wrong };
  await updateCertificate(tx, to);
  if (to.revoked !== null) await queueCharges(tx, id, clock.now());
  return { status: 200, body: showCertificate(to) };
}
