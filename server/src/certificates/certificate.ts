import Type from 'typebox';
import type { Instant } from '../kernel/clock.ts';
import { showInstant } from '../kernel/clock.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import { Code, InstantText, idOf, object, PointsShown, text } from '../platform/web/schema.ts';

/** What lets a merchant (a shop, a school, a community, a bank) issue green points: given to it by a body that certifies. */
export interface Certificate {
  readonly id: Uuid;
  readonly merchant: Uuid;
  readonly number: string;
  readonly issuingBody: string;
  /** What it covers: codes of behaviours; of goods their article, brand, category or zone, or a way to pay. */
  readonly scope: readonly string[];
  readonly validFrom: Instant;
  /** Not included. */
  readonly validUntil: Instant;
  readonly lastCheckedAt: Instant;
  readonly revoked: Revocation | null;
  readonly createdAt: Instant;
}

export interface Revocation {
  readonly at: Instant;
  readonly actor: string;
  readonly reason: string;
}

/** Points that an issuer is charged with because its certificate was revoked. */
export interface Charge {
  /** The earn that gave them. */
  readonly transaction: Uuid;
  readonly programme: number;
  readonly pointType: number;
  readonly points: number;
}

/** The certificate that an earn's points were given on, and how many of them its merchant is charged with. */
export interface Charged {
  readonly transaction: Uuid;
  readonly certificate: Uuid;
  readonly points: number;
}

/** What needs a certificate behind it. */
export interface Certified {
  readonly merchant: Uuid;
  readonly behaviour: string;
  readonly at: Instant;
}

/** What an activity shows evidence of: `bus-ride`, `own-bag`. */
export const Behaviour = Code;

const Scope = Type.Array(text(64), {
  minItems: 1,
  maxItems: 100,
  uniqueItems: true,
  description:
    'What it covers: behaviours, by their codes; goods, by `sku`, `brand`, `category` or `zone` of order lines; orders, by how they were paid.',
});
const LastChecked = Type.String({
  ...InstantText,
  description: 'When somebody last asked the issuing body about it.',
});

export const NewCertificate = object(
  {
    merchantId: idOf('merchant'),
    number: text(128),
    issuingBody: text(200),
    scope: Scope,
    validFrom: InstantText,
    validUntil: Type.String({ ...InstantText, description: 'Not included.' }),
    lastCheckedAt: LastChecked,
  },
  { title: 'NewCertificate' },
);

export const CertificateChange = Type.Object(
  {
    scope: Type.Optional(Scope),
    validUntil: Type.Optional(InstantText),
    lastCheckedAt: Type.Optional(LastChecked),
    revocation: Type.Optional(
      object(
        { reason: text(500), actor: text(100) },
        {
          description:
            'For good: nothing is issued on it from now on, and its merchant is charged with what was.',
        },
      ),
    ),
  },
  { title: 'CertificateChange', additionalProperties: false, minProperties: 1 },
);
export type CertificateChange = Type.Static<typeof CertificateChange>;

export const CertificateShown = object(
  {
    id: idOf('certificate'),
    merchantId: idOf('merchant'),
    number: Type.String(),
    issuingBody: Type.String(),
    scope: Type.Array(Type.String()),
    validFrom: InstantText,
    validUntil: InstantText,
    lastCheckedAt: InstantText,
    revocation: Type.Optional(
      object({ at: InstantText, reason: Type.String(), actor: Type.String() }),
    ),
    charged: Type.Optional(
      Type.Array(object({ programme: Code, pointType: Code, points: PointsShown }), {
        description:
          'Of a revoked certificate, when it is read alone: the points given on it, which its merchant is charged with, less what came back since.',
      }),
    ),
    createdAt: InstantText,
  },
  { title: 'Certificate' },
);
export type CertificateShown = Type.Static<typeof CertificateShown>;

export function showCertificate(
  certificate: Certificate,
  charged?: NonNullable<CertificateShown['charged']>,
): CertificateShown {
  const { revoked } = certificate;
  return {
    id: showId('certificate', certificate.id),
    merchantId: showId('merchant', certificate.merchant),
    number: certificate.number,
    issuingBody: certificate.issuingBody,
    scope: [...certificate.scope],
    validFrom: showInstant(certificate.validFrom),
    validUntil: showInstant(certificate.validUntil),
    lastCheckedAt: showInstant(certificate.lastCheckedAt),
    ...(revoked === null ? {} : { revocation: { ...revoked, at: showInstant(revoked.at) } }),
    ...(charged === undefined ? {} : { charged }),
    createdAt: showInstant(certificate.createdAt),
  };
}
