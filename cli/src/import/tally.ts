import type { FileReason, Survey } from './survey.ts';

/** A line the server did not book in full. */
interface RefusedLine {
  readonly reason: string;
  /** The quantity that was not booked, where that is less than the line's. */
  readonly left: number | null;
  readonly detail: string;
}

/** What an import came to, told of the file: the same whether or not its orders were there already. */
export interface Report {
  readonly lines: number;
  readonly orders: number;
  readonly members: number;
  readonly pointsEarned: number;
  readonly pointsClawedBack: number;
  readonly pointsOutstanding: number;
  readonly rejected: Readonly<Record<string, number>>;
}

/** Adds up the server's answers. */
export interface Tally {
  order(customer: string, points: number): void;
  pointsClawedBack(points: number): void;
  refuse(place: number, line: RefusedLine): void;
  /** Lines the server refused, by their place in the file. */
  readonly refused: ReadonlyMap<number, RefusedLine>;
  report(survey: Survey): Report;
}

export function startTally(): Tally {
  const customers = new Set<string>();
  const refused = new Map<number, RefusedLine>();
  let orders = 0;
  let earned = 0n;
  let clawedBack = 0n;
  return {
    refused,
    order(customer, points) {
      customers.add(customer);
      orders += 1;
      earned += BigInt(points);
    },
    pointsClawedBack(points) {
      clawedBack += BigInt(points);
    },
    refuse: (place, line) => void refused.set(place, line),
    report(survey) {
      const reasons = new Map<FileReason | string, number>(survey.rejected);
      for (const { reason } of refused.values())
        reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      return {
        lines: survey.lines,
        orders,
        members: customers.size,
        pointsEarned: Number(earned),
        pointsClawedBack: Number(clawedBack),
        pointsOutstanding: Number(earned - clawedBack),
        rejected: Object.fromEntries([...reasons].sort(([a], [b]) => (a < b ? -1 : 1))),
      };
    },
  };
}
