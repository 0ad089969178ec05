import type { Touched, Worth } from '../kernel/counting.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';

export interface Deed extends Omit<Touched, 'worth'>, Worth {}

/** Those of a page of deeds that belong to the programme, and where the page ends; null: there are no more. */
export interface DeedPage {
  readonly deeds: readonly Touched[];
  readonly last: Uuid | null;
}

/** What tiers need to know of what members do; whoever records it tells. */
export interface Deeds {
  /** As they are now; ids that are none are absent. */
  read(sql: Sql, deeds: readonly Uuid[]): Promise<Deed[]>;
  /** The next `limit` deeds by id, of all programmes. */
  walk(sql: Sql, programme: number, after: Uuid, limit: number): Promise<DeedPage>;
}

/** Several kinds of deeds as one: ids are unique over all of them, and all are walked in one order. */
export function deedsOf(kinds: readonly Deeds[]): Deeds {
  return {
    async read(sql, deeds) {
      const found: Deed[] = [];
      for (const kind of kinds) found.push(...(await kind.read(sql, deeds)));
      return found;
    },
    async walk(sql, programme, after, limit) {
      const pages: DeedPage[] = [];
      for (const kind of kinds) pages.push(await kind.walk(sql, programme, after, limit));
      // As far as every one of them has come.
      const ends = pages.flatMap(({ last }) => (last === null ? [] : [last])).sort();
      const last = ends[0] ?? null;
      const deeds = pages
        .flatMap((page) => page.deeds)
        .filter(({ deed }) => last === null || deed <= last);
      return { deeds, last };
    },
  };
}
