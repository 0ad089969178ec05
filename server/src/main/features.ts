import type { FastifyBaseLogger } from 'fastify';
import { actorRoutes } from '../audit/actors.ts';
import { forgetEntries } from '../audit/forget-entries.ts';
import { auditRoutes } from '../audit/routes.ts';
import { openCatalogue } from '../catalogue/registry.ts';
import { noticeRoutes } from '../consents/notice-routes.ts';
import { profileRoutes } from '../consents/profile-routes.ts';
import { refuses } from '../consents/refuses.ts';
import { createConsents } from '../consents/registry.ts';
import { consentRoutes } from '../consents/routes.ts';
import { createAnnounce } from '../http/announce-terms.ts';
import { createClearing } from '../http/clearing.ts';
import { createKnownTo } from '../http/customers.ts';
import { createForgetting } from '../http/forgetting.ts';
import { createPoints } from '../http/points.ts';
import { followInsights } from '../insights/follow.ts';
import { insightRoutes } from '../insights/routes.ts';
import { bookDue, type JobsOptions } from '../jobs/run-jobs.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { createKeyring } from '../keys/authenticate.ts';
import { openKeyUses } from '../keys/key-uses.ts';
import type { RootKey } from '../keys/root-key.ts';
import { ensureRootKey } from '../keys/root-key.ts';
import { keyRoutes } from '../keys/routes.ts';
import { resumeCuts } from '../ledger/cuts/make-cut.ts';
import { cutRoutes } from '../ledger/cuts/routes.ts';
import { erasureRoutes } from '../ledger/erasures/routes.ts';
import { exploreRoutes } from '../ledger/explore/routes.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readHeads } from '../ledger/read.ts';
import { findingRoutes } from '../ledger/reconcile/routes.ts';
import { sealRoutes } from '../ledger/seals/routes.ts';
import { createSealing, type Sealing } from '../ledger/seals/sealing.ts';
import { openSigningKeys } from '../ledger/seals/signing-keys.ts';
import { assertMasterKeyFits } from '../members/check-master-key.ts';
import { personOf } from '../members/person.ts';
import { createMembers } from '../members/registry.ts';
import { memberRoutes } from '../members/routes.ts';
import { memberSearchRoutes } from '../members/search-routes.ts';
import { memberSessionRoutes } from '../members/sessions/routes.ts';
import { createMemberCookie } from '../members/sessions/session-cookie.ts';
import { createMerchants } from '../merchants/registry.ts';
import { merchantRoutes } from '../merchants/routes.ts';
import { noticeExpiries } from '../messages/notice-expiries.ts';
import type { Config } from '../platform/config.ts';
import type { Pool } from '../platform/database.ts';
import { listenToNews } from '../platform/news.ts';
import { createPaperPress } from '../platform/papers/paper-press.ts';
import type { Payments } from '../platform/payment/payment.ts';
import { createSealer, readMasterKey } from '../platform/seal.ts';
import { openSms } from '../platform/sms/open-sms.ts';
import type { Authenticate } from '../platform/web/auth.ts';
import type { Sessions } from '../platform/web/guard.ts';
import type { App } from '../platform/web/route.ts';
import { openProgrammeRegistry, type ProgrammeRegistry } from '../programs/registry.ts';
import { programmeRoutes } from '../programs/routes.ts';
import { openRuleRegistry } from '../rules/registry.ts';
import { openStaff, type StaffFeature } from '../staff/open-staff.ts';
import type { Closers } from './closers.ts';
import { openSimulations } from './simulations.ts';

/** The last seal must not keep a process from stopping: the next start makes it as well. */
const LAST_SEAL_MS = 30_000;

export interface FeatureOptions {
  readonly config: Pick<
    Config,
    | 'role'
    | 'dataDir'
    | 'rootKey'
    | 'masterKey'
    | 'sealKey'
    | 'sealFile'
    | 'publicUrl'
    | 'demo'
    | 'sms'
    | 'auditDays'
  >;
  readonly pool: Pool;
  /** The same database, for a connection that listens. */
  readonly databaseUrl: string;
  readonly clock: Clock;
  readonly log: FastifyBaseLogger;
  readonly closers: Closers;
  /** Who takes cash; undefined: nobody. */
  readonly payments: Payments | undefined;
  readonly openLedger: (
    programmes: Pick<ProgrammeRegistry, 'programmeClock' | 'slidesOf'>,
  ) => Promise<Ledger>;
}

export interface Features {
  readonly authenticate: Authenticate;
  readonly sessions: Sessions;
  readonly staff: StaffFeature;
  readonly features: readonly ((v1: App) => void)[];
  readonly jobs: JobsOptions;
  readonly rootKey: RootKey;
}

/** Puts every feature together over one database. */
export async function openFeatures(options: FeatureOptions): Promise<Features> {
  const { config, pool, clock, log, closers } = options;
  const masterKey = readMasterKey(config.dataDir, config.masterKey);
  const sealer = createSealer(masterKey);
  await assertMasterKeyFits(pool, sealer);
  const rootKey = await ensureRootKey(pool, {
    clock,
    dataDir: config.dataDir,
    given: config.rootKey,
  });

  const onError = (what: string) => (error: unknown) => log.warn({ err: error }, what);
  const programmes = await openProgrammeRegistry(
    pool,
    clock,
    onError('reading the programmes again failed'),
  );
  closers.add('programmes', () => programmes.close());
  const sealing = createSealing({
    pool,
    clock,
    keys: openSigningKeys(config.dataDir, config.sealKey),
    dataDir: config.dataDir,
    file: config.sealFile,
    programmes: () => programmes.all(),
  });
  // Stopped after the ledger: then nothing follows what this seals.
  if (config.role !== 'api') closers.add('seals', () => sealRest(sealing, log), LAST_SEAL_MS);
  const ledger = await options.openLedger(programmes);

  const rules = await openRuleRegistry({
    pool,
    clock,
    onError: onError('reading the rules again failed'),
  });
  closers.add('rules', () => rules.close());
  const refreshRules = (): void =>
    void rules.refresh().catch(onError('reading the rules again failed'));

  const onCatalogueError = onError('reading the catalogue again failed');
  const catalogue = await openCatalogue({ pool, clock, onError: onCatalogueError });
  closers.add('catalogue', () => catalogue.close());
  const refreshRewards = (): void => void catalogue.rewards.refresh().catch(onCatalogueError);
  const refreshPromotions = (): void => void catalogue.promotions.refresh().catch(onCatalogueError);

  const simulations = openSimulations({
    pool,
    data: { url: options.databaseUrl, masterKey },
    onError: onError('a simulation was interrupted; it is begun again'),
  });
  closers.add('simulations', () => simulations.close());
  // Worked off where jobs are done: there a minute is the longest that one waits.
  const wakeSimulations = (): void => {
    if (config.role !== 'api') simulations.wake();
  };

  const keyUses = openKeyUses(pool, onError('noting when keys were used failed'));
  closers.add('uses of keys', () => keyUses.close());
  const programmeId = async (code: string): Promise<number | undefined> =>
    (await programmes.find(code))?.id;
  const staff = await openStaff({
    pool,
    clock,
    sealer,
    masterKey,
    publicUrl: config.publicUrl,
    isDemo: config.demo !== 'off',
    programmeId,
  });
  const { findSession } = staff;
  const keyring = createKeyring(pool, clock, { onUse: keyUses.note, findSession });
  const announce = createAnnounce(clock, programmes);
  const refreshProgrammes = (): void =>
    void programmes.refresh().catch(onError('reading the programmes again failed'));
  const members = createMembers(pool);
  const consents = createConsents(pool, clock);
  const merchants = createMerchants(pool);
  const news = listenToNews({
    url: options.databaseUrl,
    on: {
      key: (id) => keyring.forget(id as Uuid),
      keys: () => keyring.forgetAll(),
      session: (id) => keyring.forgetSession(id as Uuid),
      programmes: refreshProgrammes,
      member: (id) => members.forget(id as Uuid),
      consent: (member) => consents.forget(member as Uuid),
      consents: () => consents.forgetAll(),
      rules: refreshRules,
      rewards: refreshRewards,
      promotions: refreshPromotions,
      simulations: wakeSimulations,
      merchant: (id) => merchants.forget(id as Uuid),
    },
    onGap() {
      members.forgetAll();
      consents.forgetAll();
      merchants.forgetAll();
      keyring.forgetAll();
      refreshProgrammes();
      refreshRules();
      refreshRewards();
      refreshPromotions();
      wakeSimulations();
    },
    onError: onError('listening to the news of other processes failed'),
  });
  closers.add('news', () => news.close());
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
    payments: options.payments,
    onError: onError('noting what was settled failed'),
  });
  closers.add('settling', () => points.drain());
  const { shards } = await readHeads(pool);
  const { programmeClock } = programmes;
  const clearing = createClearing({
    pool,
    clock,
    ledger,
    programmes,
    merchants,
    catalogue,
    sealer,
    shards,
    press: createPaperPress(new URL('./paper-thread.js', import.meta.url)),
    onError: onError('clearing failed'),
  });
  const cutting = { pool, clock, ledger, programmeClock, shards };
  const programmeCode = (id: number): string => programmes.byId(id)?.code ?? String(id);
  const expiryNotices = (): Promise<number> => noticeExpiries({ pool, clock, programmes, shards });
  const insights = (): Promise<number> => followInsights({ pool });
  const jobs: JobsOptions = {
    pool,
    ledger,
    programmes,
    shards,
    clock,
    resumes: points.resumes,
    others: {
      expiryNotices,
      payments: () => points.settleCash(),
      tiers: () => points.keepTiers('minute'),
      redeemed: () => points.followRedeemed(),
      afterSales: points.sweepCases,
      simulations() {
        simulations.wake();
        return Promise.resolve(0);
      },
      audit: () => forgetEntries({ sql: pool, clock }, config.auditDays),
      seal: () => sealing.seal(),
      cut: () => resumeCuts(cutting),
      // Last: a seal waits for nobody.
      ...clearing.jobs,
      insights,
    },
    log,
  };
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
    programmeCode,
  };
  // What cannot be done now is logged and left to the minute's jobs, and what comes after it is done all the same.
  const late = onError('doing what the moved clock made due failed');
  async function onClockMoved(): Promise<void> {
    const done = async (...works: readonly (() => Promise<unknown>)[]): Promise<void> => {
      await Promise.all(works.map((work) => work().catch(late)));
    };
    await done(() => bookDue(jobs));
    // Side by side what does not wait for the other: tiers count what birthdays gave, and insights all that was booked.
    await done(expiryNotices, async () => {
      await done(points.followClock, points.sweepCases);
      await done(() => points.keepTiers('clock'), insights);
    });
  }
  const memberCookie = createMemberCookie({ pool, clock, publicOrigin: config.publicUrl.origin });
  return {
    authenticate: keyring.authenticate,
    sessions: { staff: staff.cookieFor(keyring), members: memberCookie },
    staff,
    jobs,
    rootKey,
    features: [
      (v1) => keyRoutes(v1, { pool, clock, keyring }),
      (v1) => auditRoutes(v1, { pool, programmeId }),
      (v1) => actorRoutes(v1, { pool }),
      (v1) => programmeRoutes(v1, { pool, clock, programmes, announce, onClockMoved }),
      (v1) => merchantRoutes(v1, { pool, clock, merchants, programmeId, announce }),
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
          ...{ pool, clock, sealer, sms: openSms(config.sms) },
          cookie: memberCookie,
          publicOrigin: config.publicUrl.origin,
          onError: onError('a text message was not sent'),
          onJoined: points.onJoined,
        }),
      (v1) => noticeRoutes(v1, { pool, clock }),
      (v1) => consentRoutes(v1, consenting),
      (v1) => profileRoutes(v1, consenting),
      ...staff.featuresFor(keyring),
      ...points.features,
      ...clearing.features,
      (v1) => insightRoutes(v1, { pool, merchants, programmes }),
      (v1) => sealRoutes(v1, { pool }),
      (v1) => exploreRoutes(v1, { pool }),
      (v1) => findingRoutes(v1, { pool, clock }),
      (v1) => cutRoutes(v1, { ...cutting, programmeId, programmeCode }),
      (v1) =>
        erasureRoutes(v1, {
          pool,
          clock,
          ledger,
          ...personOf(pool, members),
          forgets: forgetting.everything,
        }),
    ],
  };
}

/** Seals what changed since the last minute, so that nothing is left unsealed while nobody runs. */
async function sealRest(sealing: Sealing, log: FastifyBaseLogger): Promise<void> {
  try {
    await sealing.seal();
  } catch (error) {
    log.error(
      { err: error },
      'what changed since the last seal was not sealed; the next start will',
    );
  }
}
