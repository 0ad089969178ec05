import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import type { RuleBook } from '../rules/compile.ts';
import type { MemberFacts, Occasion, RatedLine } from '../rules/rating.ts';
import { concernOf } from './concern.ts';
import { countOrders, type PastRow, type Period, readPage } from './history-store.ts';
import { type FactsOf, type OrderOccasion, occasionAgain, occasionOf } from './occasion.ts';

/** A few pages a second: enough to see it move, and to be told to stop. */
const PAGE_ORDERS = 1_000;
const NO_TENDERS: readonly string[] = [];

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
        const both = [books.before, books.after];
        const asked = rows.map((row) => asksWho(row, both));
        const facts = await factsFor(deps, period.programme, rows, asked);
        yield rows.map((row, place) =>
          asked[place] === true && isRemembered(row)
            ? remembered(row, row.occasion.rated, timeZone, deps.sealer)
            : pastOf(row, facts.get(place) ?? null, timeZone),
        );
      }
    },
  };
}

function instantOf({ paidAt, occasion }: PastRow): Instant {
  return occasion?.rated?.at ?? paidAt;
}

/** Whether a rule asks who bought: what nobody asks is neither looked up nor unsealed, which is a tenth of rating an order. */
function asksWho(row: PastRow, books: readonly RuleBook[]): boolean {
  const at = instantOf(row);
  return books.some((book) => concernOf(book, at, row.merchant) === 'member');
}

/** Facts of members whose orders have none, by the place of the row. */
async function factsFor(
  { factsOf }: HistoryDeps,
  programme: number,
  rows: readonly PastRow[],
  asked: readonly boolean[],
): Promise<Map<number, MemberFacts>> {
  const places = [...rows.keys()].filter(
    (place) => asked[place] === true && !isRemembered(rows[place] as PastRow),
  );
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

/** An order whose member's facts of its day were kept. */
type Remembered = PastRow & { readonly occasion: { readonly rated: OrderOccasion } };

function isRemembered(row: PastRow): row is Remembered {
  return (row.occasion?.rated?.facts ?? null) !== null;
}

function remembered(row: PastRow, rated: OrderOccasion, timeZone: string, sealer: Sealer): Past {
  const occasion = occasionAgain(orderOf(row), rated, row.lines.map(lineOf), { timeZone, sealer });
  return { member: row.member, occasion };
}

function pastOf(row: PastRow, member: MemberFacts | null, timeZone: string): Past {
  const at = instantOf(row);
  const merchantCategory = row.occasion?.rated?.merchantCategory ?? row.category;
  const told = { at, merchantCategory, member };
  return {
    member: row.member,
    occasion: occasionOf(orderOf(row), told, row.lines.map(lineOf), timeZone),
  };
}

function orderOf({ id, merchant, points, perFen, occasion }: PastRow) {
  const { store = null, channel = null, tenders = NO_TENDERS } = occasion ?? {};
  return { id, merchant, ratio: { points, perFen }, store, channel, tenders };
}

function lineOf(line: PastRow['lines'][number]): RatedLine {
  const [lineNo, sku, brand, category, zone, greenCertificate, green, quantity, amountFen] = line;
  return { lineNo, sku, brand, category, zone, greenCertificate, green, quantity, amountFen };
}
