import type { CalendarUnit } from '../kernel/calendar.ts';
import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Ladder } from './ladder.ts';

/** What is counted: fen of what was bought, days with an order, points earned. Returns take back from the day of the order. */
export const MEASURES = ['spendFen', 'visits', 'points'] as const;
export type Measure = (typeof MEASURES)[number];
export type Measures = Readonly<Record<Measure, number>>;

/** Over which days it is counted. All of them begin and end at midnight of the programme's time zone. */
export type TierWindow =
  /** So many months up to today. */
  | { readonly kind: 'rolling'; readonly months: number }
  | {
      readonly kind: 'calendar';
      readonly unit: Extract<CalendarUnit, 'month' | 'quarter' | 'year'>;
    }
  /** Years from the day of joining; of 29 February, 28 February where there is none. */
  | { readonly kind: 'anniversary' };

/** A service that is free so many times. */
export interface FreeService {
  readonly code: string;
  readonly name: string;
  readonly quota: number;
  readonly per: 'month' | 'quarter' | 'year';
  /** Ids of the merchants where it can be used, as shown; absent: nowhere yet. */
  readonly merchants?: readonly string[];
}

/** What a tier brings besides rules with the condition `member.tiers`. */
export interface Benefits {
  readonly exclusiveRewards?: boolean;
  /** How much earlier limited goods can be had. */
  readonly priorityMinutes?: number;
  readonly services?: readonly FreeService[];
}

export interface Tier {
  readonly code: string;
  readonly name: string;
  /** At least one measure; `match` tells whether one of them is enough. Absent: `all`. */
  readonly qualify: Partial<Measures> & { readonly match?: 'any' | 'all' };
  readonly benefits?: Benefits;
}

/** What becomes of a tier that is not deserved any more. */
export interface Downgrade {
  /** The next tier below, or the one that was qualified for. Absent: `qualification`. */
  readonly to?: 'one_step' | 'qualification';
  /** Days after the tier's end in which it is still kept. Absent: 0. */
  readonly graceDays?: number;
  /** Days that the member is told beforehand. Absent: 0. */
  readonly noticeDays?: number;
  /** When a return takes away what a tier was reached by: at the next review, with grace, or at once. Absent: `review`. */
  readonly returns?: 'review' | 'at_once';
}

/** What a person writes. */
export interface TierScheme {
  /** Whose points count; the same in all versions. Absent: `points`. */
  readonly pointType?: string;
  readonly window: TierWindow;
  /** From the lowest. */
  readonly tiers: readonly Tier[];
  readonly downgrade?: Downgrade;
}

/** How a scheme compares for members with what held before. */
export interface Comparison {
  readonly verdict: 'better_or_equal' | 'worse';
  /** Where it is worse. */
  readonly reasons: readonly { readonly path: string; readonly reason: string }[];
}

/** A version that was published: never changed again. */
export interface SchemeVersion extends Ladder {
  readonly number: number;
  readonly scheme: TierScheme;
  readonly from: Instant;
  readonly comparison: Comparison;
  readonly noticeDays: number;
  readonly publishedAt: Instant;
  /** An API key. */
  readonly publishedBy: Uuid;
}

/** The version that holds at an instant: what was published later replaces all that was to begin after it does. */
export function schemeAt(
  versions: readonly SchemeVersion[],
  at: Instant,
): SchemeVersion | undefined {
  let found: SchemeVersion | undefined;
  for (const each of versions) {
    if (each.from <= at && (found === undefined || each.number > found.number)) found = each;
  }
  return found;
}

/** The tier's place from the lowest, 0; -1: none, or not of this scheme. */
export function rankOf({ tiers }: TierScheme, code: string | null): number {
  return tiers.findIndex((each) => each.code === code);
}

/** Whether these figures qualify for a tier. */
export function qualifies({ qualify }: Tier, done: Measures): boolean {
  const isAny = qualify.match === 'any';
  for (const measure of MEASURES) {
    const needed = qualify[measure];
    // The first that is met decides where any does, the first that is not where all must.
    if (needed !== undefined && done[measure] >= needed === isAny) return isAny;
  }
  return !isAny;
}

/** What is wrong with a scheme beyond its form, and where; null when nothing is. */
export function problemOfScheme({ tiers }: TierScheme): { path: string; reason: string } | null {
  for (const [index, { code, qualify, benefits }] of tiers.entries()) {
    const path = `/tiers/${index}`;
    if (tiers.findIndex((each) => each.code === code) < index)
      return { path: `${path}/code`, reason: 'another tier has this code' };
    if (MEASURES.every((measure) => qualify[measure] === undefined))
      return { path: `${path}/qualify`, reason: 'a tier asks for something' };
    const codes = benefits?.services?.map((each) => each.code) ?? [];
    if (new Set(codes).size < codes.length)
      return { path: `${path}/benefits/services`, reason: 'two services have one code' };
    const lower = tiers[index - 1];
    for (const measure of MEASURES) {
      const [needed, below] = [qualify[measure], lower?.qualify[measure]];
      if (needed !== undefined && below !== undefined && needed < below)
        return { path: `${path}/qualify/${measure}`, reason: 'the tier below asks for more' };
    }
  }
  return null;
}
