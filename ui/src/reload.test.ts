import { afterEach, expect, test, vi } from 'vitest';
import { failureOf } from './failure.ts';
import { askAgain, fetchedLater } from './later.ts';

/** A page whose first script is answered so, and that notes how often it was reloaded. */
function pageWith(status: number) {
  const reload = vi.fn();
  const kept = new Map<string, string>();
  vi.stubGlobal('document', { querySelector: () => ({ src: 'https://here/assets/index-a.js' }) });
  vi.stubGlobal('location', { reload });
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
  vi.stubGlobal('fetch', async () => new Response(null, { status }));
  return reload;
}
const lost = () =>
  fetchedLater(async () => {
    throw new TypeError('Failed to fetch');
  });

afterEach(() => vi.unstubAllGlobals());

test('a page that is still the server’s is not reloaded for a part that did not come', async () => {
  const reload = pageWith(200);
  const error = await lost()
    .fetch()
    .catch((thrown: unknown) => thrown);
  expect(failureOf(error)).toEqual({ kind: 'unreachable' });
  expect(reload).not.toHaveBeenCalled();
});

test('a page that was replaced is reloaded once, and says so if the old one comes again', async () => {
  const reload = pageWith(404);
  void lost().fetch();
  await vi.waitFor(() => expect(reload).toHaveBeenCalledOnce());
  const error = await lost()
    .fetch()
    .catch((thrown: unknown) => thrown);
  expect(failureOf(error)).toEqual({ kind: 'reload' });
  expect(reload).toHaveBeenCalledOnce();
});

test('who asks again, of a server that is there, gets the page anew: browsers remember what failed', async () => {
  const reload = pageWith(200);
  const part = lost();
  await expect(part.fetch()).rejects.toThrow('did not come');
  expect(reload).not.toHaveBeenCalled();
  askAgain();
  void part.fetch();
  await vi.waitFor(() => expect(reload).toHaveBeenCalledOnce());
});
