import { addDays, type Date10 } from './calendar.ts';
import type { Order } from './event.ts';
import { netFenOf } from './visit.ts';

/**
 * What a member has at the least, by a rule of thumb: a point per yuan, nothing of what rules add. Enough to know
 * what they can spend without asking the server, so that a year is the same wherever it is played.
 */
export interface Purses {
  /** A day begins. */
  begin(date: Date10): void;
  bought(order: Order): void;
  /** So much of what was bought came back. */
  returned(member: string, fen: number): void;
  spent(member: string, points: number): void;
  of(member: string): number;
}

/** Fares earn miles instead. */
const MILES = 'airline';
/** However the days are sent, what was bought is there after so many: three weeks of a year that is played week by week. */
const THERE_AFTER = 21;

export function createPurses(): Purses {
  const points = new Map<string, number>();
  const coming = new Map<Date10, [member: string, points: number][]>();
  let due: Date10 = '';
  const add = (member: string, more: number): void =>
    void points.set(member, (points.get(member) ?? 0) + more);
  return {
    begin(date) {
      for (const [member, more] of coming.get(date) ?? []) add(member, more);
      coming.delete(date);
      due = addDays(date, THERE_AFTER);
    },
    bought(order) {
      if (order.at === MILES) return;
      const day = coming.get(due) ?? [];
      day.push([order.member, Math.floor(netFenOf(order) / 100)]);
      coming.set(due, day);
    },
    returned: (member, fen) => add(member, -Math.ceil(fen / 100)),
    spent: (member, spent) => add(member, -spent),
    of: (member) => points.get(member) ?? 0,
  };
}
