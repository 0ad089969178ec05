import { PATIENCE_MS } from '@hongmi/server/kernel/testing/patience';
import {
  createTestDatabase,
  type TestDatabase,
} from '@hongmi/server/platform/postgres/test-database';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createCaller } from './caller.ts';
import {
  freePort,
  interrupt,
  killServer,
  makeScene,
  type ServerProcess,
  startServer,
} from './running-server.ts';

const scene = makeScene();
let database: TestDatabase;
let pool: Pool;
let server: ServerProcess;
let port: number;
const start = () =>
  startServer({
    ...{ dataDir: scene.dir('data'), port },
    env: { DATABASE_URL: database.url, HONGMI_MASTER_KEY: '44'.repeat(32) },
  });
beforeAll(async () => {
  port = await freePort();
  database = await createTestDatabase();
  server = await start();
  pool = new Pool({ connectionString: database.url, max: 3 });
});
afterAll(async () => {
  try {
    await interrupt(server);
    await pool.end();
    await database.drop();
  } finally {
    await scene.clear();
  }
});

it('says of what was under way when the server was killed that nobody knows what came of it', async () => {
  const caller = createCaller(`http://127.0.0.1:${port}`);
  const shop = { name: 'Tea', category: 'tea', earnRatio: { points: 1, perFen: 100 } };
  const holder = await pool.connect();
  await holder.query('begin');
  await holder.query('lock table merchant in exclusive mode');
  const asked = caller.once('POST', '/merchants', shop, 'killed').catch(() => undefined);
  await vi.waitFor(
    async () => {
      const { rows } = await pool.query(
        `select from audit_entry where operation = 'createMerchant'`,
      );
      expect(rows).toHaveLength(1);
    },
    { timeout: PATIENCE_MS, interval: 20 },
  );
  await killServer(server);
  await holder.query('rollback');
  holder.release();
  await asked;
  server = await start();
  const results = async () => {
    const told = await caller.once('GET', '/audit?operation=createMerchant');
    const { items } = JSON.parse(told.text) as {
      readonly items: readonly { readonly outcome: { readonly result: string } | null }[];
    };
    return items.map(({ outcome }) => outcome?.result ?? null);
  };
  expect(await results()).toEqual([null]);
  expect((await caller.once('POST', '/merchants', shop, 'killed')).status).toBe(201);
  expect(await results()).toEqual(['done', null]);
});
