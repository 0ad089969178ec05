import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import type { RuleBook } from '../rules/compile.ts';
import type { MemberFacts, Occasion, RatedLine } from '../rules/rating.ts';
import { concernOf } from './concern.ts';
import { countOrders, type PastRow, type Period, readPage } from './history-store.ts';
import { type FactsOf, occasionAgain, occasionOf } from './occasion.ts';

/** A few pages a second: enough to see it move, and to be told to stop. */
const PAGE_ORDERS = 1_000;

export interface HistoryDeps {
  readonly sql: Sql;
  readonly sealer: Sealer;
  readonly timeZoneOf: (programme: number) => string;
  /** What is known of members today, their orders counted up to the moment asked about. */
  readonly factsOf: FactsOf;
}

/** A recorded order as rules see it. */
interface Past {
  readonly member: Uuid;
  readonly occasion: Occasion;
}

/** Recorded orders by time, to be rated by other rules. */
export interface OrderHistory {
  count(period: Period): Promise<number>;
  /** Members are looked up for orders of which no facts were kept, and only where one of the books asks who bought. */
  pages(
    period: Period,
    books: { readonly before: RuleBook; readonly after: RuleBook },
  ): AsyncGenerator<readonly Past[]>;
}

export function createHistory(deps: HistoryDeps): OrderHistory {
  const { sql } = deps;
  return {
    count: (period) => countOrders(sql, period),
    async *pages(period, books) {
      const timeZone = deps.timeZoneOf(period.programme);
      const read = (last?: PastRow) => readPage(sql, period, last, PAGE_ORDERS);
      let reading = read();
      for (;;) {
        const rows = await reading;
        if (rows.length === 0) return;
        // The database reads the next page while this one is rated.
        reading = rows.length < PAGE_ORDERS ? Promise.resolve([]) : read(rows.at(-1));
        // Who stops listening meanwhile never looks at it.
        reading.catch(() => {});
        const facts = await factsFor(deps, period.programme, rows, [books.before, books.after]);
        yield rows.map((row, place) =>
          pastOf(row, facts.get(place) ?? null, timeZone, deps.sealer),
        );
      }
    },
  };
}

function instantOf({ paidAt, occasion }: PastRow): Instant {
  return occasion?.rated?.at ?? paidAt;
}

/** Facts of members whose orders have none, by the place of the row. */
async function factsFor(
  { factsOf }: HistoryDeps,
  programme: number,
  rows: readonly PastRow[],
  books: readonly RuleBook[],
): Promise<Map<number, MemberFacts>> {
  const places = [...rows.keys()].filter((place) => {
    const row = rows[place] as PastRow;
    const isKnown = (row.occasion?.rated?.facts ?? null) !== null;
    return (
      !isKnown && books.some((book) => concernOf(book, instantOf(row), row.merchant) === 'member')
    );
  });
  if (places.length === 0) return new Map();
  const found = await factsOf(
    places.map((place) => {
      const row = rows[place] as PastRow;
      const { member, merchant } = row;
      return { member, merchant, programme, at: instantOf(row) };
    }),
  );
  return new Map(places.map((place, index) => [place, found[index] as MemberFacts]));
}

function pastOf(row: PastRow, member: MemberFacts | null, timeZone: string, sealer: Sealer): Past {
  const { id, merchant, points, perFen, occasion, category } = row;
  const { store = null, channel = null, tenders = [], rated = null } = occasion ?? {};
  const order = { id, merchant, ratio: { points, perFen }, store, channel, tenders };
  const lines = row.lines.map(lineOf);
  if (rated !== null && rated.facts !== null)
    return {
      member: row.member,
      occasion: occasionAgain(order, rated, lines, { timeZone, sealer }),
    };
  const at = instantOf(row);
  const merchantCategory = rated?.merchantCategory ?? category;
  return {
    member: row.member,
    occasion: occasionOf(order, { at, merchantCategory, member }, lines, timeZone),
  };
}

function lineOf(line: PastRow['lines'][number]): RatedLine {
  const [lineNo, sku, brand, category, zone, greenCertificate, green, quantity, amountFen] = line;
  return { lineNo, sku, brand, category, zone, greenCertificate, green, quantity, amountFen };
}
