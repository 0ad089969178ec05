import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { coveredUntil, type Document, type DossierKind } from './dossier.ts';

const DAY_MS = 24 * 60 * 60_000;
/** Days before a document lapses on which somebody should be told, as members are of points that expire. */
export const ALERT_DAYS = [30, 7, 1] as const;
export type AlertLevel = (typeof ALERT_DAYS)[number] | 'lapsed' | 'missing';

/** That a merchant's documents of a kind end soon, or have; or that it never had any. */
export interface DossierAlert {
  readonly merchant: Uuid;
  readonly kind: DossierKind;
  readonly level: AlertLevel;
  /** When the last of them ends without a gap; of lapsed ones, when it ended or was stopped at the latest; null: there never was one. */
  readonly until: Instant | null;
  /** Whether the programme asks for the kind: then the merchant cannot issue without it. */
  readonly isRequired: boolean;
}

/** The smallest number of days of {@link ALERT_DAYS} that is not less than what is left; null: more is left than any of them. */
export function levelOf(until: Instant, now: Instant): AlertLevel | null {
  let level: AlertLevel | null = null;
  for (const days of ALERT_DAYS) if (until - now <= days * DAY_MS) level = days;
  return level;
}

/** What somebody should be told of a merchant's documents: of each kind it has, or lacks and needs. */
export function alertsOf(
  merchant: Uuid,
  documents: readonly Document[],
  required: readonly DossierKind[],
  now: Instant,
): DossierAlert[] {
  const kinds = [...new Set([...required, ...documents.map(({ kind }) => kind)])].sort();
  return kinds.flatMap((kind): DossierAlert[] => {
    const own = documents.filter((each) => each.kind === kind);
    const isRequired = required.includes(kind);
    if (own.length === 0) return [{ merchant, kind, level: 'missing', until: null, isRequired }];
    const covered = coveredUntil(own, now);
    if (covered !== null) {
      const level = levelOf(covered, now);
      return level === null ? [] : [{ merchant, kind, level, until: covered, isRequired }];
    }
    const ends = own.filter(({ validFrom }) => validFrom <= now).map((each) => each.validUntil);
    if (ends.length === 0) return [{ merchant, kind, level: 'missing', until: null, isRequired }];
    return [
      { merchant, kind, level: 'lapsed', until: Math.min(now, Math.max(...ends)), isRequired },
    ];
  });
}
