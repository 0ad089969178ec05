import { firstDayAfter, firstDayOf } from '../kernel/calendar.ts';
import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Ladder } from './ladder.ts';
import { type FreeService, rankOf, type TierScheme } from './scheme.ts';
import type { Days } from './window.ts';

/** A free service that was used once, on the ladder whose tier brought it. */
export interface ServiceUse extends Ladder {
  readonly id: Uuid;
  readonly member: Uuid;
  /** Where it was used. */
  readonly merchant: Uuid;
  /** The merchant's own number of it. */
  readonly useNo: string;
  readonly service: string;
  /** What the member was in. */
  readonly tier: string;
  /** By the programme's time zone. */
  readonly day: string;
  readonly at: Instant;
  /** An API key. */
  readonly by: Uuid;
  readonly undone: Undone | null;
}

/** That a use counts no more, and why. */
export interface Undone {
  readonly at: Instant;
  readonly reason: string;
  readonly actor: string;
  readonly by: Uuid;
}

/** What a tier brings; nothing for no tier. */
export function servicesOf(scheme: TierScheme, tier: string | null): readonly FreeService[] {
  return scheme.tiers[rankOf(scheme, tier)]?.benefits?.services ?? [];
}

/** The days over which uses count on a day. */
export function periodOf({ per }: FreeService, day: string): Days {
  return { from: firstDayOf(per, day), until: firstDayAfter(per, day) };
}

/** How often a service can still be used; a tier may bring less than was used in another one. */
export function leftOf({ quota }: FreeService, used: number): number {
  return Math.max(0, quota - used);
}
