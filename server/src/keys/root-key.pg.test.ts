import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { manualClock } from '../kernel/clock.ts';
import type { Pool } from '../platform/database.ts';
import { createPool } from '../platform/database.ts';
import type { TestDatabase } from '../platform/postgres/test-database.ts';
import { createTestDatabase } from '../platform/postgres/test-database.ts';
import { createKeyring } from './authenticate.ts';
import { ensureRootKey, rootKeyFile } from './root-key.ts';

let database: TestDatabase;
let pool: Pool;
const dataDir = mkdtempSync(join(tmpdir(), 'hongmi-root-'));
const clock = manualClock(0);

beforeAll(async () => {
  database = await createTestDatabase();
  pool = createPool({ url: database.url, name: 'root-key-test', connectionsMax: 4 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

const ensure = (given?: string) => ensureRootKey(pool, { clock, dataDir, given });
const works = async (secret: string) =>
  'keyId' in (await createKeyring(pool, clock).authenticate(secret, '10.0.0.1'));

test('the root key is generated once, kept for its owner only, and replaced by the one given', async () => {
  const [one, other] = await Promise.all([ensure(), ensure()]);
  expect(one.from).toBe('file');
  expect(other).toEqual(one);
  const generated = readFileSync(rootKeyFile(dataDir), 'utf8').trim();
  expect(statSync(rootKeyFile(dataDir)).mode & 0o777).toBe(0o600);
  expect(await works(generated)).toBe(true);

  const given = 'a-root-key-of-the-operator-0123456789';
  expect(await ensure(given)).toEqual({ secret: given, from: 'environment' });
  expect(await works(given)).toBe(true);
  expect(await works(generated)).toBe(false);

  await ensure();
  expect(readFileSync(rootKeyFile(dataDir), 'utf8').trim()).toBe(generated);
  expect(await works(generated)).toBe(true);
  expect(await works(given)).toBe(false);
  const { rows } = await pool.query('select count(*) from api_key where root');
  expect(rows[0]?.count).toBe(1);
});
