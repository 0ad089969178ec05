import type { Order } from './event.ts';
import { netFenOf } from './visit.ts';

/**
 * What a member has at the least, by a rule of thumb: a point per yuan, nothing of what rules add. Enough to know
 * what they can spend without asking the server, so that a year is the same wherever it is played.
 */
export interface Purses {
  bought(order: Order): void;
  /** So much of what was bought came back. */
  returned(member: string, fen: number): void;
  spent(member: string, points: number): void;
  of(member: string): number;
}

/** Fares earn miles instead. */
const MILES = 'airline';

export function createPurses(): Purses {
  const points = new Map<string, number>();
  const add = (member: string, more: number): void =>
    void points.set(member, (points.get(member) ?? 0) + more);
  return {
    bought(order) {
      if (order.at !== MILES) add(order.member, Math.floor(netFenOf(order) / 100));
    },
    returned: (member, fen) => add(member, -Math.ceil(fen / 100)),
    spent: (member, spent) => add(member, -spent),
    of: (member) => points.get(member) ?? 0,
  };
}
