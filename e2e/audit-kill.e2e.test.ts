import { PATIENCE_MS } from '@hongmi/server/kernel/testing/patience';
import {
  createTestDatabase,
  type TestDatabase,
} from '@hongmi/server/platform/postgres/test-database';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createCaller } from './caller.ts';
import { openServer } from './own-server.ts';

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createTestDatabase();
  pool = new Pool({ connectionString: database.url, max: 3 });
});
afterAll(async () => {
  await pool?.end();
  await database?.drop();
});
const own = openServer('all', () => ({
  DATABASE_URL: database.url,
  HONGMI_MASTER_KEY: '44'.repeat(32),
}));

it('says of what was under way when the server was killed that nobody knows what came of it', async () => {
  const caller = createCaller(own.url);
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
  await own.kill();
  await holder.query('rollback');
  holder.release();
  await asked;
  await own.start();
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
