import type { Offer, Shop } from '../app/shop.ts';
import { type Entry, type OfflineDay, offlineLeft } from '../queue/entry.ts';

/** So many units of an offer, and what they cost and take off. Money in fen. */
export interface Quote {
  readonly offer: Offer;
  readonly units: number;
  readonly points: number;
  readonly offFen: number;
  /** Why there is not one, as the API says it; null: there is, or the bill is too small. */
  readonly problem: string | null;
}

/** Of one redemption, as the API takes it. */
const UNITS_MAX = 1_000;

/** How many units a bill bears by the terms alone; what else limits them the platform knows. */
function unitsFor({ offFen, atMostPercent, overFen }: Offer, billFen: number): number {
  if (billFen < overFen) return 0;
  const most = Math.floor(Math.floor((billFen * atMostPercent) / 100) / offFen);
  return Math.min(most, UNITS_MAX);
}

/** What there is to take off a bill at a store. */
export function offersAt({ offers }: Pick<Shop, 'offers'>, store: string | null): Offer[] {
  return offers.filter(
    ({ stores }) => stores === null || (store !== null && stores.includes(store)),
  );
}

/** What a till knows while nobody can be asked. `lane`: whose bill it is. */
export interface Alone extends Omit<OfflineDay, 'pointType'> {
  readonly entries: readonly Entry[];
  readonly lane: string;
}

/** By the terms that the till knows, and no more points than are final in a day. */
export function quoteAlone(offer: Offer, billFen: number, { entries, lane, ...day }: Alone): Quote {
  const { pointType } = offer;
  const borne = unitsFor(offer, billFen);
  const left = offlineLeft(entries, lane, { pointType, ...day });
  const units = Math.min(borne, Math.floor(left / offer.points));
  const problem = units === 0 && borne > 0 ? 'offline_limit_reached' : null;
  return { offer, units, points: units * offer.points, offFen: units * offer.offFen, problem };
}

/** Those that take something off, the most first; where none does, why not. */
export function worthChoosing(quotes: readonly Quote[]): {
  readonly choices: readonly Quote[];
  readonly problem: string | null;
} {
  const choices = quotes
    .filter(({ units }) => units > 0)
    .sort((a, b) => b.offFen - a.offFen || a.points - b.points);
  const problems = quotes.flatMap(({ problem }) => problem ?? []);
  return { choices, problem: choices.length > 0 ? null : (problems[0] ?? null) };
}
