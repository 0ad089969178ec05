import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { actorRoutes } from '../audit/actors.ts';
import { auditRoutes } from '../audit/routes.ts';
import { manualClock } from '../kernel/clock.ts';
import { createKeyring } from '../keys/authenticate.ts';
import { type KeyUses, openKeyUses } from '../keys/key-uses.ts';
import { ensureRootKey } from '../keys/root-key.ts';
import { keyRoutes } from '../keys/routes.ts';
import { createMembers } from '../members/registry.ts';
import { memberRoutes } from '../members/routes.ts';
import { createMerchants } from '../merchants/registry.ts';
import { merchantRoutes } from '../merchants/routes.ts';
import type { Pool } from '../platform/database.ts';
import { createPool } from '../platform/database.ts';
import { createLog } from '../platform/log.ts';
import { createTestDatabase } from '../platform/postgres/test-database.ts';
import { createSealer } from '../platform/seal.ts';
import type { App } from '../platform/web/route.ts';
import { openProgrammeRegistry } from '../programs/registry.ts';
import { programmeRoutes } from '../programs/routes.ts';
import { openStaff } from '../staff/open-staff.ts';
import { createAnnounce } from './announce-terms.ts';
import { createApp } from './app.ts';

export interface Answered {
  readonly status: number;
  readonly headers: Record<string, unknown>;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape; a wrong guess fails the expectation
  readonly body: any;
  readonly text: string;
}

export interface TestApp {
  readonly app: FastifyInstance;
  readonly pool: Pool;
  readonly url: string;
  readonly clock: ReturnType<typeof manualClock>;
  readonly rootKey: string;
  readonly keyUses: KeyUses;
  /** Everything logged so far. */
  readonly logged: () => string;
  /** Sends a request with the root key and, for writes, a fresh idempotency key unless told otherwise. */
  call(
    method: string,
    path: string,
    body?: unknown,
    options?: {
      key?: string | null;
      auth?: string | null;
      ip?: string;
      headers?: Record<string, string>;
    },
  ): Promise<Answered>;
  close(): Promise<void>;
}

/** Where pages of the test's server would come from. */
export const TEST_ORIGIN = 'http://localhost:8080';
export const START = Date.parse('2026-03-01T00:00:00Z');

/** The API with the features that move no points, on a database of its own. */
export async function createTestApp(extra: (app: App) => void = () => {}): Promise<TestApp> {
  const database = await createTestDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'hongmi-app-'));
  const clock = manualClock(START);
  const pool = createPool({ url: database.url, name: 'hongmi-test', connectionsMax: 10 });
  const rootKey = `hm_${randomBytes(32).toString('base64url')}`;
  await ensureRootKey(pool, { clock, dataDir, given: rootKey });
  const masterKey = randomBytes(32);
  const sealer = createSealer(masterKey);
  const keyUses = openKeyUses(pool, (error) => {
    throw error;
  });
  const programmes = await openProgrammeRegistry(pool, clock, () => {});
  const programmeId = async (code: string): Promise<number | undefined> =>
    (await programmes.find(code))?.id;
  const staff = await openStaff({
    pool,
    clock,
    sealer,
    masterKey,
    publicUrl: new URL(TEST_ORIGIN),
    isDemo: false,
    programmeId,
  });
  const { findSession } = staff;
  const keyring = createKeyring(pool, clock, { onUse: keyUses.note, findSession });
  const members = createMembers(pool);
  const merchants = createMerchants(pool);
  let logged = '';
  const write = (line: string): void => {
    logged += line;
  };
  const log = createLog('debug', { write });
  const announce = createAnnounce(clock, programmes);
  const app = await createApp({
    authenticate: keyring.authenticate,
    sessions: { staff: staff.cookieFor(keyring) },
    sql: pool,
    clock,
    log,
    audit: { sql: pool },
    version: '0.0.0',
    features: [
      (v1) => keyRoutes(v1, { pool, clock, keyring }),
      (v1) => auditRoutes(v1, { pool, programmeId }),
      (v1) => actorRoutes(v1, { pool }),
      (v1) => programmeRoutes(v1, { pool, clock, programmes, announce }),
      (v1) => merchantRoutes(v1, { pool, clock, merchants, programmeId, announce }),
      (v1) => memberRoutes(v1, { pool, clock, sealer, members }),
      ...staff.featuresFor(keyring),
      extra,
    ],
  });
  let requests = 0;
  return {
    app,
    pool,
    url: database.url,
    clock,
    rootKey,
    keyUses,
    logged: () => logged,
    async call(method, path, body, options = {}) {
      requests += 1;
      const { auth = rootKey, key = `test-${requests}`, ip = '127.0.0.1' } = options;
      const headers: Record<string, string> = { ...options.headers };
      if (auth !== null) headers.authorization = `Bearer ${auth}`;
      if (method !== 'GET' && key !== null) headers['idempotency-key'] = key;
      const request = {
        method,
        url: path,
        headers,
        remoteAddress: ip,
        ...(body === undefined ? {} : { payload: body }),
      } as InjectOptions;
      const answer = await app.inject(request);
      const text = answer.body;
      return {
        status: answer.statusCode,
        headers: answer.headers,
        body: text === '' ? undefined : JSON.parse(text),
        text,
      };
    },
    async close() {
      programmes.close();
      await keyUses.close();
      await app.close();
      await pool.end();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
