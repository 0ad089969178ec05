import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { PATIENCE_MS } from '../kernel/testing/patience.ts';
import { createPool, type Pool, withTransaction } from './database.ts';
import { listenToNews, type Topic, tell } from './news.ts';
import { createTestDatabase, type TestDatabase } from './postgres/test-database.ts';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.url, name: 'news-test', connectionsMax: 2 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

function listen() {
  const heard: string[] = [];
  const hear = (topic: Topic) => (about: string) => void heard.push(`${topic} ${about}`.trim());
  let gaps = 0;
  const errors: unknown[] = [];
  const news = listenToNews({
    url: database.url,
    on: {
      key: hear('key'),
      keys: hear('keys'),
      session: hear('session'),
      programmes: hear('programmes'),
      member: hear('member'),
      consent: hear('consent'),
      consents: hear('consents'),
      rules: hear('rules'),
      rewards: hear('rewards'),
      promotions: hear('promotions'),
      simulations: hear('simulations'),
      merchant: hear('merchant'),
    },
    onGap: () => {
      gaps += 1;
    },
    onError: (error) => errors.push(error),
  });
  return { heard, errors, gaps: () => gaps, close: () => news.close() };
}

test('everyone hears what is committed, in order, and nothing else', async () => {
  const listeners = [listen(), listen()];
  try {
    for (const each of listeners)
      await vi.waitUntil(() => each.gaps() === 1, { timeout: PATIENCE_MS });
    await withTransaction(pool, async (tx) => {
      await tell(tx, 'key', 'a');
      throw new Error('undone');
    }).catch(() => undefined);
    // What a newer version may tell.
    await pool.query("select pg_notify('hongmi_news', 'weather fine')");
    await pool.query("select pg_notify('hongmi_news', 'constructor x')");
    await withTransaction(pool, async (tx) => {
      await tell(tx, 'key', 'b');
      await tell(tx, 'programmes');
    });
    for (const { heard } of listeners) {
      await vi.waitUntil(() => heard.length >= 2, { timeout: PATIENCE_MS });
      expect(heard).toEqual(['key b', 'programmes']);
    }
  } finally {
    for (const each of listeners) await each.close();
  }
});

test('a cut connection is made again, and the gap is told', async () => {
  const listener = listen();
  try {
    await vi.waitUntil(() => listener.gaps() === 1, { timeout: PATIENCE_MS });
    await pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'hongmi-news'`,
    );
    await vi.waitUntil(() => listener.gaps() === 2, { timeout: PATIENCE_MS });
    await withTransaction(pool, (tx) => tell(tx, 'keys'));
    await vi.waitUntil(() => listener.heard.length > 0, { timeout: PATIENCE_MS });
    expect(listener.heard).toEqual(['keys']);
    expect(listener.errors).toEqual([]);
  } finally {
    await listener.close();
  }
});
