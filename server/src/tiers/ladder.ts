import { showId, type Uuid } from '../kernel/id.ts';

/** Whose tiers: those of a programme itself, or those of one of its merchants beside them. */
export interface Ladder {
  readonly programme: number;
  /** The merchant's id, or {@link COMMON}. */
  readonly ladder: Uuid;
}

/** The ladder of the programme itself, as tables keep it in their keys. */
export const COMMON = '00000000-0000-0000-0000-000000000000' as Uuid;

export function ladderOf(merchant: Uuid | null): Uuid {
  return merchant ?? COMMON;
}

/** Null: it is the programme's. */
export function merchantOf({ ladder }: Pick<Ladder, 'ladder'>): Uuid | null {
  return ladder === COMMON ? null : ladder;
}

/** The merchant's id as it is shown; null: it is the programme's. */
export function shownMerchant(of: Pick<Ladder, 'ladder'>): string | null {
  const merchant = merchantOf(of);
  return merchant === null ? null : showId('merchant', merchant);
}

/** The ladders on which it counts what is done at a merchant. */
export function laddersAt(merchant: Uuid): readonly [common: Uuid, own: Uuid] {
  return [COMMON, merchant];
}
