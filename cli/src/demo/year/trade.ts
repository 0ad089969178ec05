import type { Festival } from './calendar.ts';

/** What is sold: for how much, how often, and what rules may ask about it. */
export interface Good {
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly weight: number;
  /** Of one piece, from the least to the most. */
  readonly fen: readonly [number, number];
  readonly brand?: string;
  readonly zone?: string;
  readonly greenCertificate?: string;
  /** Months in which there is any; absent: all. */
  readonly months?: readonly number[];
  /** Most pieces on one line; absent: 1. */
  readonly most?: number;
}

/** Minutes since midnight: from the opening to the closing. */
type Hours = readonly [from: number, to: number];

/** How a trade lives: who comes, when, how often, and for what. The names of packs/ are the trades' names. */
export interface Trade {
  readonly pack: string;
  readonly hours: Hours;
  /** When most come: minute of the day, and how wide the crowd is. */
  readonly peaks: readonly {
    readonly at: number;
    readonly width: number;
    readonly weight: number;
  }[];
  readonly stores: readonly { readonly code: string; readonly weight: number }[];
  readonly channels: readonly { readonly code: string; readonly weight: number }[];
  /** Share of members who go there at all. */
  readonly patrons: number;
  /** Visits in a year of who does, and is regular. */
  readonly visits: number;
  /** How many times as many come on Saturdays and Sundays. */
  readonly weekend: number;
  readonly festivals: Partial<Readonly<Record<Festival, number>>>;
  readonly goods: readonly Good[];
  /** Lines of an order, at most. */
  readonly lines: number;
  /** Share of orders of which something comes back. */
  readonly returns: number;
}

export const at = (hour: number, minute = 0): number => hour * 60 + minute;
