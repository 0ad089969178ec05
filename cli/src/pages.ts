import { answered } from '@hongmi/sdk/by-path';

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

const PAGE_MAX = 200;

/** Up to `limit` items of a list, and whether there are more. */
export async function readPages<T>(
  limit: number,
  read: (query: {
    limit: number;
    cursor?: string;
  }) => Promise<{ data?: Page<T>; response: Response }>,
): Promise<{ items: T[]; more: boolean }> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const size = Math.min(PAGE_MAX, limit - items.length);
    const page: Page<T> = await answered(
      read(cursor === null ? { limit: size } : { limit: size, cursor }),
    );
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null && items.length < limit);
  return { items, more: cursor !== null };
}
