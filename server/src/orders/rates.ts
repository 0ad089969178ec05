import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Occasion, Rating, RuleOutcome } from '../rules/rating.ts';
import type { RuledOrder } from './goods.ts';
import { occasionOf } from './occasion.ts';
import type { Order } from './order.ts';

/** The rules of one programme that were in force at one instant. */
export interface OrderBook {
  /** Whether any rule could give points for an order at this merchant. */
  concerns(merchant: Uuid): boolean;
  /** Whether one of those asks who the member is. */
  asksFacts(merchant: Uuid): boolean;
  rate(occasion: Occasion): Rating;
  /** What these versions (null: the merchant's ratio) are worth on what is left of an occasion that they gave points for. */
  rerate(occasion: Occasion, versions: readonly (Uuid | null)[]): readonly number[];
  explain(occasion: Occasion): readonly RuleOutcome[];
}

/** The rules in force at an instant that has come; at once unless they must be read. */
export interface OrderRules {
  bookAt(programme: number, at: Instant): OrderBook | Promise<OrderBook>;
}

/** What of an order is needed to rate it again. */
export type RatedOrder = Pick<
  Order,
  'programme' | 'merchant' | 'ratio' | 'store' | 'channel' | 'tenders' | 'awards'
> & { readonly occasion: NonNullable<Order['occasion']> };

/** Rules must be read before orders can be rated again: read them, and begin again. */
export class RulesMissing extends Error {}

/** Rates orders again, in the middle of a transaction that must not wait for another connection. */
export interface Rerating {
  /** What it makes throws {@link RulesMissing} as long as the rules are not at hand. */
  rerates(order: RatedOrder): RuledOrder['rerate'];
  /** Reads what was missing. */
  fetch(): Promise<void>;
}

export function createRerating(
  rules: OrderRules,
  timeZoneOf: (programme: number) => string,
): Rerating {
  const books = new Map<string, OrderBook>();
  const missing = new Map<string, { readonly programme: number; readonly at: Instant }>();

  function bookOf(programme: number, at: Instant): OrderBook {
    const key = `${programme} ${at}`;
    const known = books.get(key);
    if (known !== undefined) return known;
    const found = rules.bookAt(programme, at);
    if (!(found instanceof Promise)) return found;
    // Asked again, and awaited, outside of the transaction.
    found.catch(() => {});
    missing.set(key, { programme, at });
    throw new RulesMissing();
  }

  return {
    rerates: (order) => (left) => {
      const { programme, occasion, awards } = order;
      const book = bookOf(programme, occasion.at);
      const remains = occasionOf(order, occasion, left, timeZoneOf(programme));
      return book.rerate(remains, [null, ...awards.map(({ version }) => version)]);
    },
    async fetch() {
      for (const [key, { programme, at }] of missing)
        books.set(key, await rules.bookAt(programme, at));
      missing.clear();
    },
  };
}
