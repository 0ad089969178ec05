import { expect, test } from 'vitest';
import { pageInState } from './in-state.ts';
import type { Published, Version } from './version.ts';

const item = (id: string, of: Partial<Published<null>>): Published<null> => ({
  ...{ id, code: id, programme: 'p', merchantId: null, draft: null, current: null, announced: [] },
  ...of,
});
const version = {} as Version<null>;
const PAGES: Record<string, { items: Published<null>[]; nextCursor: string | null }> = {
  first: { items: [item('drafted', { draft: version })], nextCursor: 'b' },
  b: { items: [], nextCursor: 'c' },
  c: {
    items: [
      item('both', { draft: version, current: version }),
      item('coming', { announced: [version] }),
    ],
    nextCursor: 'd',
  },
  d: { items: [item('old', {})], nextCursor: null },
};
const pageOf = async (state?: string, cursor?: string) => {
  const page = await pageInState(state, cursor, async (from) => PAGES[from ?? 'first'] as never);
  return [page.items.map(({ id }) => id), page.nextCursor];
};

test('without a state pages are as they are, empty ones passed over', async () => {
  expect(await pageOf()).toEqual([['drafted'], 'b']);
  expect(await pageOf(undefined, 'b')).toEqual([['both', 'coming'], 'd']);
});

test('with one, the next page that has any; at the end there may be none', async () => {
  expect(await pageOf('in_force')).toEqual([['both'], 'd']);
  expect(await pageOf('announced')).toEqual([['coming'], 'd']);
  expect(await pageOf('draft', 'b')).toEqual([['both'], 'd']);
  expect(await pageOf('in_force', 'd')).toEqual([[], null]);
});
