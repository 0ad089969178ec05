import { QueryClient } from '@tanstack/react-query';
import { beforeEach, expect, test } from 'vitest';
import { forgetLastSeen, hasLastSeen, keepApart, keepLastSeen } from './kept.ts';

let stored: Map<string, string>;
const store = {
  getItem: (name: string) => stored.get(name) ?? null,
  setItem: (name: string, text: string) => void stored.set(name, text),
  removeItem: (name: string) => void stored.delete(name),
};
/** A page that was opened on the same phone. */
function open(): QueryClient {
  const queries = new QueryClient();
  keepApart(queries);
  keepLastSeen(queries, store);
  return queries;
}
beforeEach(() => {
  stored = new Map();
});

test('what was seen last is there again, as old as it is, and asked for anew; other things are not', () => {
  const first = open();
  first.setQueryData(['balances'], { balances: [1] }, { updatedAt: 5_000 });
  first.setQueryData(['order', 'ord_1'], { id: 'ord_1' });
  const second = open();
  expect(second.getQueryState(['balances'])).toMatchObject({
    data: { balances: [1] },
    dataUpdatedAt: 5_000,
    isInvalidated: true,
  });
  expect(second.getQueryData(['order', 'ord_1'])).toBeUndefined();
});

test('nothing stays of who signed out', () => {
  const first = open();
  first.setQueryData(['me'], { id: 'mem_1' });
  expect(open().getQueryData(['me'])).toEqual({ id: 'mem_1' });
  expect(hasLastSeen(store)).toBe(true);
  forgetLastSeen(first, store);
  expect([...stored]).toEqual([]);
  expect(hasLastSeen(store)).toBe(false);
  expect(open().getQueryData(['me'])).toBeUndefined();
});

test('who has signed in after somebody else finds their own', () => {
  const queries = open();
  queries.setQueryData(['me'], { id: 'mem_1' });
  queries.setQueryData(['balances'], { balances: [1] });
  queries.clear();
  queries.setQueryData(['me'], { id: 'mem_2' });
  const next = open();
  expect(next.getQueryData(['me'])).toEqual({ id: 'mem_2' });
  expect(next.getQueryData(['balances'])).toBeUndefined();
});

test('what was read of one member is gone as soon as it is heard that it is another', () => {
  const queries = open();
  queries.setQueryData(['me'], { id: 'mem_1' });
  queries.setQueryData(['balances'], { balances: [1] });
  queries.setQueryData(['order', 'ord_1'], { id: 'ord_1' });
  queries.setQueryData(['me'], { id: 'mem_1', name: 'told anew' });
  expect(queries.getQueryData(['order', 'ord_1'])).toEqual({ id: 'ord_1' });
  queries.setQueryData(['me'], { id: 'mem_2' });
  expect(queries.getQueryCache().getAll()).toHaveLength(1);
  expect(open().getQueryData(['balances'])).toBeUndefined();
  expect(open().getQueryData(['me'])).toEqual({ id: 'mem_2' });
});

test('what cannot be read or stored is as if there were nothing', () => {
  for (const text of ['["cut o', '{"no":"list"}', '[null]']) {
    stored.set('hongmi.member.2', text);
    expect(open().getQueryData(['me'])).toBeUndefined();
  }
  const full = {
    ...store,
    setItem: () => {
      throw new Error('full');
    },
  };
  const queries = new QueryClient();
  keepLastSeen(queries, full);
  queries.setQueryData(['me'], { id: 'mem_1' });
  expect(queries.getQueryData(['me'])).toEqual({ id: 'mem_1' });
});
