import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { pino } from 'pino';
import { actorRoutes } from '../audit/actors.ts';
import { auditRoutes } from '../audit/routes.ts';
import { type Catalogue, openCatalogue } from '../catalogue/registry.ts';
import { noticeRoutes } from '../consents/notice-routes.ts';
import { profileRoutes } from '../consents/profile-routes.ts';
import { refuses } from '../consents/refuses.ts';
import { type Consents, createConsents } from '../consents/registry.ts';
import { consentRoutes } from '../consents/routes.ts';
import { followInsights } from '../insights/follow.ts';
import { insightRoutes } from '../insights/routes.ts';
import type { JobsOptions } from '../jobs/run-jobs.ts';
import { manualClock } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { createKeyring } from '../keys/authenticate.ts';
import { ensureRootKey } from '../keys/root-key.ts';
import { keyRoutes } from '../keys/routes.ts';
import { createLedger } from '../ledger/create-ledger.ts';
import { cutRoutes } from '../ledger/cuts/routes.ts';
import { erasureRoutes } from '../ledger/erasures/routes.ts';
import { exploreRoutes } from '../ledger/explore/routes.ts';
import { type Ledger, LedgerUnavailable } from '../ledger/ledger.ts';
import { createLedgerPool } from '../ledger/pool.ts';
import { sealRoutes } from '../ledger/seals/routes.ts';
import { personOf } from '../members/person.ts';
import { createMembers, type Members } from '../members/registry.ts';
import { memberRoutes } from '../members/routes.ts';
import { memberSearchRoutes } from '../members/search-routes.ts';
import { memberSessionRoutes } from '../members/sessions/routes.ts';
import { createMemberCookie } from '../members/sessions/session-cookie.ts';
import { createMerchants } from '../merchants/registry.ts';
import { merchantRoutes } from '../merchants/routes.ts';
import { createPool, type Pool } from '../platform/database.ts';
import type { Payments } from '../platform/payment/payment.ts';
import { createTestDatabase } from '../platform/postgres/test-database.ts';
import { createSealer } from '../platform/seal.ts';
import type { TextMessage } from '../platform/sms/sms.ts';
import { openProgrammeRegistry } from '../programs/registry.ts';
import { programmeRoutes } from '../programs/routes.ts';
import { openRuleRegistry, type RuleRegistry } from '../rules/registry.ts';
import type { SimulationWork } from '../rules/simulation/work-off.ts';
import { openStaff } from '../staff/open-staff.ts';
import { createAnnounce } from './announce-terms.ts';

import { createApp } from './app.ts';
import { createClearing } from './clearing.ts';
import { createKnownTo } from './customers.ts';
import { createForgetting } from './forgetting.ts';
import { createPoints } from './points.ts';
import { createSimulationWork } from './simulation-work.ts';
import { type Answered, TEST_ORIGIN } from './test-app.ts';

const PUBLIC_ORIGIN = 'http://localhost:8080';
const SHARDS = 4;

export interface PointsTestApp {
  readonly app: FastifyInstance;
  readonly pool: Pool;
  readonly url: string;
  readonly ledger: Ledger;
  readonly members: Members;
  readonly consents: Consents;
  readonly rules: RuleRegistry;
  readonly catalogue: Catalogue;
  readonly simulations: SimulationWork;
  /** While true, the ledger takes no commands: what was recorded before it stays without its points. */
  ledgerDown: boolean;
  /** The same for this member's alone, as if only their shard did not answer. */
  ledgerDownFor: Uuid | null;
  readonly clock: ReturnType<typeof manualClock>;
  readonly jobs: JobsOptions;
  /** Text messages that were sent so far. */
  readonly sent: readonly TextMessage[];
  readonly api: FastifyInstance;
  /** Everything logged so far. */
  readonly logged: () => string;
  /** Sends a request with the root key and, for writes, a fresh idempotency key unless told otherwise. */
  call(
    method: string,
    path: string,
    body?: unknown,
    options?: { key?: string; auth?: string },
  ): Promise<Answered>;
  /** The same, and the answer's body; fails unless the status is 200, 201 or 202. */
  ok(
    method: string,
    path: string,
    body?: unknown,
    options?: { key?: string; auth?: string },
  ): Promise<Answered['body']>;
  /** A member of the default programme; its id. */
  member(): Promise<string>;
  /** A merchant of a programme (default: the default one) that gives `points` per `perFen`; its id. */
  merchant(options?: { programme?: string; points?: number; perFen?: number }): Promise<string>;
  /** An API key that is not the root key. */
  apiKey(scopes: readonly string[], merchantId?: string): Promise<string>;
  /** The member's balance in points of the default programme. */
  balance(member: string): Promise<Answered['body']>;
  close(): Promise<void>;
}

export const START = Date.parse('2026-03-01T00:00:00Z');

/** The whole API on a database of its own, its ledger in this thread, its clock moved by the test. */
export async function createPointsTestApp({
  payments,
  clock = manualClock(START),
}: {
  readonly payments?: Payments;
  readonly clock?: ReturnType<typeof manualClock>;
} = {}): Promise<PointsTestApp> {
  const database = await createTestDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'hongmi-points-'));
  const pool = createPool({ url: database.url, name: 'hongmi-test', connectionsMax: 10 });
  const ledgerPool = createLedgerPool(database.url, SHARDS);
  const rootKey = `hm_${randomBytes(32).toString('base64url')}`;
  await ensureRootKey(pool, { clock, dataDir, given: rootKey });
  const masterKey = randomBytes(32);
  const sealer = createSealer(masterKey);
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
  const keyring = createKeyring(pool, clock, { findSession });
  const members = createMembers(pool);
  const announce = createAnnounce(clock, programmes);
  const merchants = createMerchants(pool);
  const consents = createConsents(pool, clock);
  const { programmeClock, slidesOf } = programmes;
  const times = { clock, programmeClock, slidesOf };
  const opened = await createLedger({ pool: ledgerPool, ...times, shards: SHARDS });
  const ledger: Ledger = {
    ...opened,
    submit: (command) =>
      isDown([command]) ? Promise.reject(new LedgerUnavailable()) : opened.submit(command),
    submitAll: (commands) =>
      isDown(commands) ? Promise.reject(new LedgerUnavailable()) : opened.submitAll(commands),
  };
  const isDown = (commands: readonly { readonly member: Uuid }[]): boolean =>
    app.ledgerDown || commands.some(({ member }) => member === app.ledgerDownFor);
  const sent: TextMessage[] = [];
  let logged = '';
  const log = pino(
    { level: 'debug' },
    {
      write(line: string) {
        logged += line;
      },
    },
  );
  const rules = await openRuleRegistry({ pool, clock, onError: () => {} });
  const catalogue = await openCatalogue({ pool, clock, onError: () => {} });
  const points = createPoints({
    pool,
    clock,
    ledger,
    programmes,
    merchants,
    members,
    ruleBooks: rules,
    catalogue,
    sealer,
    consents,
    payments,
    onError: (err) => log.error({ err }, 'note failed'),
  });
  const clearing = createClearing({
    pool,
    clock,
    ledger,
    programmes,
    merchants,
    catalogue,
    sealer,
    shards: SHARDS,
    onError: (err) => log.error({ err }, 'clearing failed'),
  });
  const sharesWith = (member: Uuid, merchant: Uuid) =>
    consents.has(member, 'share_with_merchant', merchant);
  const forgetting = createForgetting({ clock, sealer });
  const consenting = {
    pool,
    clock,
    consents,
    ...personOf(pool, members),
    forgets: forgetting.byPurpose,
    hasMerchant: async (id: Uuid) => (await merchants.find(id)) !== undefined,
    programmeCode: (id: number) => programmes.byId(id)?.code ?? '',
  };
  const memberCookie = createMemberCookie({ pool, clock, publicOrigin: PUBLIC_ORIGIN });
  const api = await createApp({
    authenticate: keyring.authenticate,
    sessions: { staff: staff.cookieFor(keyring), members: memberCookie },
    sql: pool,
    clock,
    log,
    audit: { sql: pool },
    version: '0.0.0',
    features: [
      (v1) => keyRoutes(v1, { pool, clock, keyring }),
      (v1) => auditRoutes(v1, { pool, programmeId }),
      (v1) => actorRoutes(v1, { pool }),
      ...staff.featuresFor(keyring),
      (v1) => programmeRoutes(v1, { pool, clock, programmes, announce }),
      (v1) =>
        merchantRoutes(v1, {
          pool,
          clock,
          merchants,
          announce,
          programmeId,
        }),
      (v1) =>
        memberRoutes(v1, {
          pool,
          clock,
          sealer,
          members,
          onJoined: points.onJoined,
          refusesBirthday: (tx, member) => refuses(tx, member, 'birthday'),
          sharesWith,
        }),
      (v1) =>
        memberSearchRoutes(v1, {
          sql: pool,
          clock,
          sealer,
          sharesWith,
          knownTo: createKnownTo(pool, sharesWith),
        }),
      (v1) =>
        memberSessionRoutes(v1, {
          ...{ pool, clock, sealer, cookie: memberCookie, publicOrigin: PUBLIC_ORIGIN },
          sms: {
            async send(message) {
              sent.push(message);
            },
          },
          onError: (err) => log.error({ err }, 'a code was not sent'),
          onJoined: points.onJoined,
        }),
      (v1) => noticeRoutes(v1, { pool, clock }),
      (v1) => consentRoutes(v1, consenting),
      (v1) => profileRoutes(v1, consenting),
      ...points.features,
      ...clearing.features,
      (v1) => insightRoutes(v1, { pool, merchants, programmes }),
      (v1) => sealRoutes(v1, { pool }),
      (v1) => exploreRoutes(v1, { pool }),
      (v1) =>
        cutRoutes(v1, {
          pool,
          clock,
          ledger,
          programmeClock,
          shards: SHARDS,
          programmeId,
          programmeCode: (id) => programmes.byId(id)?.code ?? '',
        }),
      (v1) =>
        erasureRoutes(v1, {
          pool,
          clock,
          ledger,
          ...personOf(pool, members),
          forgets: forgetting.everything,
        }),
    ],
  });

  let requests = 0;
  const unique = (): string => {
    requests += 1;
    return `t${requests}`;
  };
  const call: PointsTestApp['call'] = async (
    method,
    path,
    body,
    { key = unique(), auth = rootKey } = {},
  ) => {
    const headers: Record<string, string> = { authorization: `Bearer ${auth}` };
    if (method !== 'GET') headers['idempotency-key'] = key;
    const request = {
      method,
      url: `/v1${path}`,
      headers,
      ...(body === undefined ? {} : { payload: body }),
    } as InjectOptions;
    const answer = await api.inject(request);
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: JSON.parse(answer.body),
      text: answer.body,
    };
  };
  const ok: PointsTestApp['ok'] = async (method, path, body, options) => {
    const answer = await call(method, path, body, options);
    if (![200, 201, 202].includes(answer.status))
      throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  };
  const app: PointsTestApp = {
    app: api,
    pool,
    url: database.url,
    ledger,
    members,
    consents,
    rules,
    catalogue,
    simulations: createSimulationWork({ pool, clock, sealer, programmes }),
    ledgerDown: false,
    ledgerDownFor: null,
    clock,
    jobs: {
      pool,
      ledger,
      programmes,
      shards: SHARDS,
      clock,
      resumes: points.resumes,
      others: {
        payments: () => points.settleCash(),
        tiers: () => points.keepTiers('minute'),
        redeemed: () => points.followRedeemed(),
        afterSales: points.sweepCases,
        ...clearing.jobs,
        insights: () => followInsights({ pool }),
      },
      log,
    },
    sent,
    api,
    logged: () => logged,
    call,
    ok,
    member: async () => (await ok('POST', '/members', { externalIds: { test: unique() } })).id,
    async merchant({ programme = 'default', points: per = 1, perFen = 100 } = {}) {
      const earnRatio = { points: per, perFen };
      return (
        await ok('POST', '/merchants', {
          name: unique(),
          category: 'grocery',
          programme,
          earnRatio,
        })
      ).id;
    },
    async apiKey(scopes, merchantId) {
      return (
        await ok('POST', '/keys', {
          name: unique(),
          scopes,
          ...(merchantId === undefined ? {} : { merchantId }),
        })
      ).secret;
    },
    async balance(member) {
      const { balances } = await ok('GET', `/members/${member}/balance`);
      return balances.find(
        (each: { programme: string; pointType: string }) =>
          each.programme === 'default' && each.pointType === 'points',
      );
    },
    async close() {
      programmes.close();
      rules.close();
      catalogue.close();
      await api.close();
      await points.drain();
      await ledger.drain();
      await ledgerPool.end();
      await pool.end();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
  return app;
}
