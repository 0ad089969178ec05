import type { Date10 } from './calendar.ts';

export type Habit = 'regular' | 'occasional' | 'lapsed' | 'growing' | 'generous';

/** A member of the coalition. `key` is what the demo calls them; what people call them, `nameOf` makes up. */
export interface Person {
  readonly key: string;
  /** In country code 999, which nobody was given: it can be nobody's. */
  readonly phone: string;
  /** Registered in the evening of this day; buys from the next day on. */
  readonly joins: Date10;
  /** The pack of the merchant where they registered. */
  readonly home: string;
  readonly habit: Habit;
  /** Of who stays away: the last day on which they came. */
  readonly lastDay: Date10 | null;
  /** Where they buy, and how often compared with who is usual there. */
  readonly goes: readonly { readonly pack: string; readonly often: number }[];
  readonly hasGreenCard: boolean;
  /** Sorts waste, brings a bag, comes by bus. */
  readonly isGreen: boolean;
  /** Checks in with the app. */
  readonly checksIn: boolean;
  /** A pupil under 14, whose guardian speaks for them: goes to lessons, buys nothing. */
  readonly isChild: boolean;
  /** `MM-DD`, of who gave it. */
  readonly birthday: string | null;
  /** Of who opted in: a band, never a score. */
  readonly creditBand: string | null;
  readonly segments: readonly string[];
  /** Somebody in the family, by key. */
  readonly family: string | null;
  readonly referredBy: string | null;
}

export const NOBODY: Omit<Person, 'key' | 'phone' | 'joins' | 'home'> = {
  habit: 'regular',
  lastDay: null,
  goes: [],
  hasGreenCard: false,
  isGreen: false,
  checksIn: false,
  isChild: false,
  birthday: null,
  creditBand: null,
  segments: [],
  family: null,
  referredBy: null,
};

export function phoneOf(place: number): string {
  return `+999${String(place).padStart(8, '0')}`;
}
