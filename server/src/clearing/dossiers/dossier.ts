import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';

/** What an issuer shows: that its credit was certified, that a third party assessed it, that it was filed with an authority. */
export const DOSSIER_KINDS = ['credit_certification', 'third_party_assessment', 'filing'] as const;
export type DossierKind = (typeof DOSSIER_KINDS)[number];

/** Revoked is for good; suspended may become valid again. */
export const STATUSES = ['valid', 'suspended', 'revoked'] as const;
export type DossierStatus = (typeof STATUSES)[number];

/** What a document is worth at an instant depends on these alone. */
export interface Document {
  readonly kind: DossierKind;
  readonly validFrom: Instant;
  /** Not included. */
  readonly validUntil: Instant;
  readonly status: DossierStatus;
}

/** A document as it is now. */
export interface Dossier extends Document {
  readonly id: Uuid;
  readonly programme: number;
  readonly merchant: Uuid;
  /** Of its changes; 1 when it was made. */
  readonly number: number;
  readonly documentNo: string;
  readonly issuingBody: string;
  readonly checkedAt: Instant;
  readonly reference: string;
  readonly reason: string | null;
  readonly changedAt: Instant;
  readonly actor: string;
}

/** Which kinds a programme asks of everybody who issues, from an instant on. */
export interface Requirement {
  readonly number: number;
  readonly kinds: readonly DossierKind[];
  readonly from: Instant;
}

export function isValidAt({ status, validFrom, validUntil }: Document, at: Instant): boolean {
  return status === 'valid' && validFrom <= at && at < validUntil;
}

/**
 * Why a merchant with these documents may not issue at an instant; null: it may. `dossier_missing` when it never had a document of a
 * kind that is asked for, `dossier_lapsed` when the one it had ended, or was suspended or revoked.
 */
export function lackAt(
  kinds: readonly DossierKind[],
  documents: readonly Document[],
  at: Instant,
): 'dossier_missing' | 'dossier_lapsed' | null {
  let lapsed = false;
  for (const kind of kinds) {
    const own = documents.filter((each) => each.kind === kind);
    if (own.some((each) => isValidAt(each, at))) continue;
    if (!own.some(({ validFrom }) => validFrom <= at)) return 'dossier_missing';
    lapsed = true;
  }
  return lapsed ? 'dossier_lapsed' : null;
}

/** Until when documents of one kind are valid without a gap, from an instant on; null: they are not at that instant. */
export function coveredUntil(documents: readonly Document[], at: Instant): Instant | null {
  let until: Instant | null = null;
  for (;;) {
    const reached: Instant = until ?? at;
    const next = documents.filter((each) => isValidAt(each, reached));
    if (next.length === 0) return until;
    until = Math.max(...next.map(({ validUntil }) => validUntil));
  }
}
