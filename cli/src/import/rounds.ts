import type { Item } from './assemble.ts';

/** What one turn of a lane sends: its orders in one request, then its returns in another. */
export interface Round {
  readonly orders: Item[];
  readonly returns: Item[];
  lines: number;
  /** Something had no room in it. */
  full: boolean;
}

export interface RoundLimits {
  readonly items: number;
  readonly lines: number;
}

/**
 * Divides items into rounds so that one customer's items keep their order: within a round orders go
 * before returns, so an order that follows a return of its customer moves to a later round.
 */
export function createRounds(limits: RoundLimits): {
  add(item: Item): void;
  /** True when the first round is worth sending. */
  full(): boolean;
  /** The first round, or undefined when nothing waits. */
  take(): Round | undefined;
  /** Lines waiting in all rounds. */
  waiting(): number;
} {
  const rounds: Round[] = [];
  // The round of each waiting customer's last item, numbered from the first round ever.
  const last = new Map<string, { round: number; kind: Item['kind'] }>();
  let taken = 0;
  let waiting = 0;

  const hasRoom = (round: Round, item: Item): boolean => {
    const list = item.kind === 'sale' ? round.orders : round.returns;
    const room =
      list.length < limits.items &&
      (round.lines === 0 || round.lines + item.lines.length <= limits.lines);
    if (!room) round.full = true;
    return room;
  };

  return {
    add(item) {
      const before = last.get(item.customer);
      const earliest =
        before === undefined
          ? taken
          : before.round + (before.kind === 'return' && item.kind === 'sale' ? 1 : 0);
      let index = Math.max(0, earliest - taken);
      for (
        let round = rounds[index];
        round !== undefined && !hasRoom(round, item);
        round = rounds[index]
      )
        index += 1;
      let round = rounds[index];
      while (round === undefined) {
        rounds.push({ orders: [], returns: [], lines: 0, full: false });
        round = rounds[index];
      }
      (item.kind === 'sale' ? round.orders : round.returns).push(item);
      round.lines += item.lines.length;
      waiting += item.lines.length;
      last.set(item.customer, { round: taken + index, kind: item.kind });
    },
    full: () => rounds[0]?.full === true,
    take() {
      const round = rounds.shift();
      if (round === undefined) return undefined;
      for (const { customer } of [...round.orders, ...round.returns]) {
        if (last.get(customer)?.round === taken) last.delete(customer);
      }
      taken += 1;
      waiting -= round.lines;
      return round;
    },
    waiting: () => waiting,
  };
}
