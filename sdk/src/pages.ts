/** A page of a list, and where the next one begins: null on the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/** Some items of a list, and whether there are more. */
export interface Part<T> {
  readonly items: T[];
  readonly more: boolean;
}

/** A list, read page by page as it is needed. Each use of it begins at the first page. */
export interface Pages<T> extends AsyncIterable<T> {
  /** One page: the first, or the one a cursor points to. */
  page(cursor?: string | null): Promise<Page<T>>;
  /** The first `most` items. */
  first(most: number): Promise<Part<T>>;
  /**
   * Every item.
   *
   * @throws RangeError when there are more than `most`: nobody wants a million of them in memory by accident.
   */
  all(most?: number): Promise<T[]>;
}

// The API's own limit.
const PAGE_MAX = 200;
const ALL_MAX = 10_000;

/** A list of which `read` reads a page; `limit` is how many items a page has if the caller said so. */
export function pagesOf<T>(
  limit: number | undefined,
  read: (page: { limit?: number; cursor?: string }) => Promise<Page<T>>,
): Pages<T> {
  const at = (cursor: string | null | undefined, size: number | undefined) =>
    read({ ...(size === undefined ? {} : { limit: size }), ...(cursor == null ? {} : { cursor }) });

  async function* walk(size: number | undefined): AsyncGenerator<Page<T>> {
    let cursor: string | null = null;
    do {
      const page: Page<T> = await at(cursor, size);
      yield page;
      cursor = page.nextCursor;
    } while (cursor !== null);
  }

  async function first(most: number): Promise<Part<T>> {
    const items: T[] = [];
    for await (const page of walk(limit ?? Math.min(PAGE_MAX, most))) {
      items.push(...page.items);
      const more = items.length > most || page.nextCursor !== null;
      if (items.length >= most) return { items: items.slice(0, most), more };
    }
    return { items, more: false };
  }

  return {
    page: (cursor) => at(cursor, limit),
    first,
    async all(most = ALL_MAX) {
      const { items, more } = await first(most);
      if (more) throw new RangeError(`the list has more than ${most} items`);
      return items;
    },
    async *[Symbol.asyncIterator]() {
      for await (const page of walk(limit ?? PAGE_MAX)) yield* page.items;
    },
  };
}
