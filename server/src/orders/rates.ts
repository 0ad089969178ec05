import type { Instant } from '../kernel/clock.ts';
import type { Sealer } from '../platform/seal.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import type { RuleBook } from '../rules/compile.ts';
import { rerate } from '../rules/rerate.ts';
import type { RuledOrder } from './goods.ts';
import { occasionAgain } from './occasion.ts';
import type { Order } from './order.ts';

/** The rules in force at an instant that has come; at once unless they must be read. */
export interface OrderRules {
  bookAt(programme: number, at: Instant): RuleBook | Promise<RuleBook>;
}

/** What of an order is needed to rate it again. */
export type RatedOrder = Pick<
  Order,
  | 'id'
  | 'programme'
  | 'merchant'
  | 'ratio'
  | 'store'
  | 'channel'
  | 'tenders'
  | 'awards'
  | 'pointsDue'
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

export function createRerating({
  rules,
  programmes,
  sealer,
}: {
  readonly rules: OrderRules;
  readonly programmes: Pick<ProgrammeRegistry, 'byId'>;
  readonly sealer: Sealer;
}): Rerating {
  const books = new Map<string, RuleBook>();
  const missing = new Map<string, { readonly programme: number; readonly at: Instant }>();

  function bookOf(programme: number, at: Instant): RuleBook {
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
      const { programme, occasion, awards, pointsDue } = order;
      const book = bookOf(programme, occasion.at);
      const timeZone = programmes.byId(programme)?.timeZone;
      if (timeZone === undefined) throw new Error(`there is no programme ${programme}`);
      const remains = occasionAgain(order, occasion, left, { timeZone, sealer });
      const gave = awards.map(({ version, due }) => ({ version, points: due }));
      return rerate(book, remains, [{ version: null, points: pointsDue }, ...gave]);
    },
    async fetch() {
      for (const [key, { programme, at }] of missing)
        books.set(key, await rules.bookAt(programme, at));
      missing.clear();
    },
  };
}
