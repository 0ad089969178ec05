/** A day on which points can be spent for the last time, `2026-12-31`, and how many. */
export interface LastDay {
  readonly day: string;
  readonly points: number;
  readonly pointType: string;
}

export interface Month {
  /** `2026-12` */
  readonly month: string;
  /** By point type. */
  readonly totals: ReadonlyMap<string, number>;
  readonly days: readonly LastDay[];
  /** Weeks from Monday to Sunday; null where another month's days are. */
  readonly weeks: readonly (readonly (number | null)[])[];
}

/** The months in which something lapses, the first to come first. Days are those of the programme's time zone already. */
export function monthsOf(days: readonly LastDay[]): Month[] {
  const byMonth = new Map<string, LastDay[]>();
  for (const each of days) {
    const month = each.day.slice(0, 7);
    byMonth.set(month, [...(byMonth.get(month) ?? []), each]);
  }
  return [...byMonth]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([month, within]) => ({
      month,
      days: within.sort((a, b) => a.day.localeCompare(b.day)),
      totals: totalsOf(within),
      weeks: weeksOf(month),
    }));
}

function totalsOf(days: readonly LastDay[]): Map<string, number> {
  const totals = new Map<string, number>();
  for (const { pointType, points } of days)
    totals.set(pointType, (totals.get(pointType) ?? 0) + points);
  return totals;
}

const WEEK = 7;

function weeksOf(month: string): (number | null)[][] {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
  // getUTCDay counts from Sunday.
  const before = (new Date(Date.UTC(year, number - 1, 1)).getUTCDay() + WEEK - 1) % WEEK;
  const weeks: (number | null)[][] = [];
  for (let first = 1 - before; first <= count; first += WEEK)
    weeks.push(
      Array.from({ length: WEEK }, (_, place) => {
        const day = first + place;
        return day < 1 || day > count ? null : day;
      }),
    );
  return weeks;
}
