import { expect, test } from 'vitest';
import { pagesOf } from './pages.ts';

/** A list of the numbers below `length`, and the pages that were read of it. */
function numbers(length: number, limit?: number) {
  const read: { limit?: number; cursor?: string }[] = [];
  const pages = pagesOf<number>(limit, async (page) => {
    read.push(page);
    const from = Number(page.cursor ?? 0);
    const to = Math.min(length, from + (page.limit ?? 50));
    const items = Array.from({ length: to - from }, (_, at) => from + at);
    return { items, nextCursor: to < length ? String(to) : null };
  });
  return { pages, read };
}

test('items come one by one, pages only as they are needed', async () => {
  const { pages, read } = numbers(450);
  const seen: number[] = [];
  for await (const each of pages) {
    seen.push(each);
    if (each === 200) break;
  }
  expect(seen).toHaveLength(201);
  expect(read).toEqual([{ limit: 200 }, { limit: 200, cursor: '200' }]);
});

test('a list can be walked again, from its beginning', async () => {
  const { pages } = numbers(3);
  expect(await pages.all()).toEqual([0, 1, 2]);
  expect(await pages.all()).toEqual([0, 1, 2]);
});

test('all are no more than the caller can bear', async () => {
  const { pages } = numbers(450);
  expect(await pages.all(450)).toHaveLength(450);
  await expect(pages.all(449)).rejects.toThrow(RangeError);
  await expect(numbers(10_001).pages.all()).rejects.toThrow('more than 10000 items');
});

test('the first of them say whether there are more', async () => {
  expect(await numbers(450).pages.first(3)).toEqual({ items: [0, 1, 2], more: true });
  expect(await numbers(3).pages.first(3)).toEqual({ items: [0, 1, 2], more: false });
  expect(await numbers(3, 2).pages.first(2)).toEqual({ items: [0, 1], more: true });
  expect(await numbers(0).pages.first(5)).toEqual({ items: [], more: false });
  const large = numbers(450);
  expect((await large.pages.first(300)).items).toHaveLength(300);
  expect(large.read).toEqual([{ limit: 200 }, { limit: 200, cursor: '200' }]);
});

test('a page at a time', async () => {
  const { pages, read } = numbers(5, 2);
  const first = await pages.page();
  expect(first).toEqual({ items: [0, 1], nextCursor: '2' });
  expect(await pages.page(first.nextCursor)).toEqual({ items: [2, 3], nextCursor: '4' });
  expect(read).toEqual([{ limit: 2 }, { limit: 2, cursor: '2' }]);
});
