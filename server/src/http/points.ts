import { createActivities } from '../activities/activities.ts';
import { readActivityDeeds, walkActivities } from '../activities/deeds.ts';
import { activitiesOn } from '../activities/given-on.ts';
import { readShownReceipts } from '../activities/read-shown.ts';
import { carbonRoutes } from '../carbon/routes.ts';
import { memberCatalogueRoutes } from '../catalogue/member-routes.ts';
import type { Catalogue } from '../catalogue/registry.ts';
import { catalogueRoutes } from '../catalogue/routes.ts';
import { unchargedCertificates } from '../certificates/charge-issuers.ts';
import { followReturns } from '../certificates/lower-charges.ts';
import { createCertificates } from '../certificates/registry.ts';
import { certificateRoutes } from '../certificates/routes.ts';
import type { Consents } from '../consents/registry.ts';
import { offerRoutes } from '../engagement/offers/routes.ts';
import type { JobsOptions } from '../jobs/run-jobs.ts';
import type { Clock, Instant } from '../kernel/clock.ts';
import type { Counting } from '../kernel/counting.ts';
import { showId, type Uuid } from '../kernel/id.ts';
import { eachAlone, finishLeftovers, resuming } from '../kernel/leftovers.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { readProgrammesOf } from '../ledger/read-account.ts';
import { createBalanceReader } from '../ledger/read-balance.ts';
import { memberCodeRoutes } from '../members/codes/routes.ts';
import { uniteNames } from '../members/keep-name.ts';
import { createMemberships } from '../members/memberships.ts';
import { personOf } from '../members/person.ts';
import type { Members } from '../members/registry.ts';
import { ratioAt } from '../merchants/merchant.ts';
import { offlineLimitRoutes, offlineMaxOf } from '../merchants/offline-limit.ts';
import { readPayee } from '../merchants/payee.ts';
import { reachedMerchant } from '../merchants/reached.ts';
import type { Merchants } from '../merchants/registry.ts';
import { followMerges } from '../merges/follow-merges.ts';
import { createEmptyAbsorbed, openMerges } from '../merges/resume-merges.ts';
import { mergeRoutes } from '../merges/routes.ts';
import { createAfterSalesNotices } from '../messages/notice-after-sales.ts';
import { noticeRewardChange } from '../messages/notice-reward-change.ts';
import { createRewardNotices } from '../messages/notice-reward-news.ts';
import { noticeRuleChange } from '../messages/notice-rule-change.ts';
import { createTierNotices } from '../messages/notice-tiers.ts';
import { messagePolicyRoutes } from '../messages/policy-routes.ts';
import { messageRoutes } from '../messages/routes.ts';
import { createWaitingReturns } from '../orders/apply-waiting.ts';
import { completionsLeft } from '../orders/complete-orders.ts';
import { readOrderDeeds, walkOrders } from '../orders/deeds.ts';
import { ordersOn } from '../orders/given-on.ts';
import { createRerating } from '../orders/rates.ts';
import { readPurchases } from '../orders/read-purchases.ts';
import { readPaidReceipts } from '../orders/read-receipts.ts';
import { orderRoutes } from '../orders/routes.ts';
import { createSettling } from '../orders/settling.ts';
import { readOrderNumbers } from '../orders/store.ts';
import type { Pool, Transaction } from '../platform/database.ts';
import type { Payments } from '../platform/payment/payment.ts';
import type { WorseChange } from '../platform/publishing/published.ts';
import type { Sealer } from '../platform/seal.ts';
import { problem } from '../platform/web/problem.ts';
import type { App } from '../platform/web/route.ts';
import { createBudgets } from '../programs/budget-registry.ts';
import { budgetRoutes } from '../programs/budget-routes.ts';
import { pointTypeOf, usualExpiry } from '../programs/programme.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import { createCancellingMany } from '../redemptions/after-sales/cancel-many.ts';
import { afterSalesRoutes } from '../redemptions/after-sales/routes.ts';
import { createSettling as createCaseSettling } from '../redemptions/after-sales/settle-cases.ts';
import { supplierRoutes } from '../redemptions/after-sales/supplier-routes.ts';
import { sweepCases } from '../redemptions/after-sales/sweep-cases.ts';
import { billReturnsLeft } from '../redemptions/bills/bill-returns.ts';
import { billRoutes } from '../redemptions/bills/bill-routes.ts';
import { quoteRoutes } from '../redemptions/bills/quote-routes.ts';
import { bookingRoutes } from '../redemptions/bookings/booking-routes.ts';
import { remindBooked } from '../redemptions/bookings/remind.ts';
import { bulkRedemptionRoutes } from '../redemptions/bulk-routes.ts';
import { createCashDesk } from '../redemptions/cash/desk.ts';
import { createFollowCash } from '../redemptions/cash/follow.ts';
import { paymentRoutes } from '../redemptions/cash/routes.ts';
import { deliveryRoutes } from '../redemptions/deliveries/delivery-routes.ts';
import { eraseRecipients } from '../redemptions/deliveries/erase-recipients.ts';
import { createFulfil } from '../redemptions/fulfil.ts';
import { fundRoutes } from '../redemptions/funds/routes.ts';
import { createRedeem } from '../redemptions/redeem.ts';
import { redemptionRoutes } from '../redemptions/routes.ts';
import { createSaga } from '../redemptions/saga.ts';
import { createLeftOf } from '../redemptions/stock/left.ts';
import { quotaRoutes } from '../redemptions/stock/quota-routes.ts';
import { stockRoutes } from '../redemptions/stock/stock-routes.ts';
import { readCounts } from '../redemptions/stock/stock-store.ts';
import { voucherRoutes } from '../redemptions/vouchers/voucher-routes.ts';
import { createVouchersOf } from '../redemptions/vouchers/voucher-store.ts';
import type { RuleRegistry } from '../rules/registry.ts';
import { ruleRoutes } from '../rules/routes.ts';
import { simulationRoutes } from '../rules/simulation/routes.ts';
import { asksForTier } from '../rules/tier-asked.ts';
import { countDeeds } from '../tiers/count-deeds.ts';
import { deedsOf } from '../tiers/deed.ts';
import { keepTiers } from '../tiers/keep-tiers.ts';
import { proposalRoutes } from '../tiers/proposal-routes.ts';
import { tierRoutes } from '../tiers/routes.ts';
import { readVersionAt } from '../tiers/scheme-store.ts';
import { serviceRoutes } from '../tiers/service-routes.ts';
import { noteUnion, uniteTiers } from '../tiers/unite-tiers.ts';
import { adjustmentRoutes } from '../transactions/adjustment-routes.ts';
import { approvedLeft } from '../transactions/approve.ts';
import { programmeTimes, readBalances } from '../transactions/balance.ts';
import { expiryRoutes } from '../transactions/expiry-routes.ts';
import { readRoutes } from '../transactions/read-routes.ts';
import { transactionRoutes } from '../transactions/routes.ts';
import { Display } from '../transactions/show.ts';
import { statementRoutes } from '../transactions/statement-routes.ts';
import { createSubjects } from '../transactions/subjects.ts';
import { createDelivery } from '../transfers/deliver.ts';
import { transferRoutes } from '../transfers/routes.ts';
import { createFactsOf } from './facts.ts';
import { createOfferOf, createVersionOf } from './offer-of.ts';
import { createRewardFacts } from './reward-facts.ts';

export interface PointsOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly programmes: ProgrammeRegistry;
  readonly merchants: Merchants;
  readonly members: Members;
  readonly sealer: Sealer;
  readonly ruleBooks: RuleRegistry;
  readonly catalogue: Catalogue;
  readonly consents: Consents;
  /** Who takes cash; undefined: nobody. */
  readonly payments: Payments | undefined;
  /** Told about notes that failed; the settle job makes up for them. */
  readonly onError: (error: unknown) => void;
}

/** Everything that moves points or tells about them, wired together once. */
export interface Points {
  /** For `createApp`. */
  readonly features: readonly ((app: App) => void)[];
  /** For `runJobs`. */
  readonly resumes: JobsOptions['resumes'];
  /** For `memberRoutes`. */
  readonly onJoined: (members: readonly Uuid[]) => Promise<void>;
  /** What follows from a programme's time alone: birthdays, referrals that are verified. Answers how much that was. */
  readonly followClock: () => Promise<number>;
  /** What time alone brings to what was redeemed: reminders, and recipients that are erased. Answers how much that was. */
  readonly followRedeemed: () => Promise<number>;
  /** Looks every minute at cash that nobody told of, and sends what goes back; answers how much came to its end. */
  readonly settleCash: () => Promise<number>;
  /** What tiers need every minute, or when a clock was moved; answers how many members and orders were looked at. */
  readonly keepTiers: (why: 'minute' | 'clock') => Promise<number>;
  /** Moves after-sales cases whose time has come; answers how many. */
  readonly sweepCases: () => Promise<number>;
  /** Waits until nothing is under way; close the API first. */
  drain(): Promise<void>;
}

export function createPoints(options: PointsOptions): Points {
  const { pool, programmes, onError } = options;
  // Everyone but merging itself works on the ledger that follows merges, and charges on returns.
  const givers = [activitiesOn, ordersOn({ ...options, rules: options.ruleBooks })];
  const ledger = followReturns(followMerges(options), pool, givers);
  const nameOf = async (id: Uuid): Promise<string> => {
    const merchant = await options.merchants.find(id);
    if (merchant === undefined)
      throw new Error('whose tiers, rules and rewards there are is known');
    return merchant.name;
  };
  const tiers = {
    ...options,
    notices: createTierNotices(options, nameOf),
    deeds: deedsOf([
      { read: readOrderDeeds, walk: walkOrders },
      { read: readActivityDeeds, walk: walkActivities },
    ]),
  };
  const counting: Counting = {
    concerns: (programme) => programmes.byId(programme)?.tiered === true,
    count: (touched) => countDeeds(tiers, touched),
  };
  const settling = createSettling({ pool, ledger, counting, onError });
  const delivery = createDelivery({ pool, ledger });
  const balances = createBalanceReader(pool, ledger.shardOf, () => programmeTimes(programmes));
  const display = new Display(programmes);
  const certificates = createCertificates(pool);
  const { backingOf } = certificates;
  const deps = {
    ...options,
    ledger,
    backingOf,
    areShown: readShownReceipts,
    settling,
    rules: options.ruleBooks,
    factsOf: createFactsOf(pool, options),
    delivery,
    balances,
    display,
    subjects: createSubjects(pool),
    budgets: createBudgets(pool),
    programmeOfMerchant: async (id: Uuid) => (await options.merchants.find(id))?.programme,
    memberships: createMemberships(pool),
    orderNumbers: (ids: Parameters<typeof readOrderNumbers>[1]) => readOrderNumbers(pool, ids),
  };
  const waitingReturns = createWaitingReturns({
    ...options,
    settling,
    createRerating: () => createRerating(deps),
  });
  const ruling = {
    ...options,
    registry: options.ruleBooks,
    async announce(tx: Transaction, { programme, version, merchant, name, ...told }: WorseChange) {
      // Another process may have made the programme a moment ago.
      await programmes.find(programme.code);
      const whose = merchant === null ? null : await nameOf(merchant);
      const change = { ...told, ruleVersion: version, rule: name, merchant: whose };
      await noticeRuleChange(tx, options, programme, change);
    },
    programmeClock: programmes.programmeClock,
    backingOf,
    factsOf: deps.factsOf,
    isMember: options.members.has,
    async hasTiers(merchant: Uuid, programme: number, at: Instant) {
      const ladder = { programme, ladder: merchant };
      return (await readVersionAt(pool, ladder, at)) !== undefined;
    },
    sharesWith: (member: Uuid, merchant: Uuid) =>
      options.consents.has(member, 'share_with_merchant', merchant),
    async findMerchant(id: Uuid) {
      const found = await options.merchants.find(id);
      return found && { ...found, ratioAt: (at: Instant) => ratioAt(found, at) };
    },
    usualExpiry(id: number, code: string, at: Instant) {
      const programme = programmes.byId(id, at);
      const pointType = programme === undefined ? undefined : pointTypeOf(programme, code);
      if (programme === undefined || pointType === undefined) return null;
      return usualExpiry(programme, pointType.id, at);
    },
  };
  const cataloguing = {
    ...options,
    ...personOf(pool, options.members),
    sharesWith: ruling.sharesWith,
    rewardFactsOf: createRewardFacts(pool, deps),
    countedOf: readCounts,
    leftOf: createLeftOf(pool),
    async announce(
      tx: Transaction,
      { family, programme, version, merchant, name, ...told }: WorseChange,
    ) {
      // Another process may have made the programme a moment ago.
      await programmes.find(programme.code);
      const whose = merchant === null ? null : await nameOf(merchant);
      const versionId = showId(family === 'reward' ? 'rewardVersion' : 'promotionVersion', version);
      const change = { ...told, versionId, reward: name, merchant: whose };
      await noticeRewardChange(tx, options, programme, change);
    },
  };
  const tell = createRewardNotices(options, nameOf);
  const timeZoneOf = (id: number): string => {
    const programme = programmes.byId(id);
    if (programme === undefined) throw new Error(`there is no programme ${id}`);
    return programme.timeZone;
  };
  const codeOf = (programme: number, pointType: number): string =>
    display.codes(programme, pointType).pointType;
  const fulfil = createFulfil({ sealer: options.sealer, timeZoneOf, tell, codeOf });
  const saga = createSaga({ ...deps, fulfil, followCash: createFollowCash(options) });
  const activities = createActivities({
    ...options,
    counting,
    ledger,
    certificates,
    ruleBookOf: options.ruleBooks.bookAt,
    factsOf: deps.factsOf,
    purchasesOf: (asked) => readPurchases(pool, asked),
    arePaidReceipts: readPaidReceipts,
    person: personOf(pool, options.members),
    codeOf,
  });
  const timeAt = async (id: Uuid): Promise<number | undefined> => {
    const merchant = await options.merchants.find(id);
    return merchant === undefined ? undefined : programmes.programmeClock(merchant.programme);
  };
  const codes = display.codes.bind(display);
  const versionOf = createVersionOf(options);
  const followRedeemed = (): Promise<number> =>
    eachAlone(
      [remindBooked, eraseRecipients],
      (work) => work({ pool, programmes, tell }),
      'not all that time brings to what was redeemed was done',
    );
  const { payments } = options;
  const cash = payments && { payments, desk: createCashDesk({ ...options, payments, saga }) };
  const offline = {
    ...{ pool, clock: options.clock, merchants: options.merchants },
    programmeMaxOf: (id: number) => programmes.byId(id)?.offlineDayMax ?? 0,
  };
  async function payeeOf(merchant: Uuid) {
    if (cash === undefined)
      return problem('payment_not_offered', 'this server takes no cash', { why: 'no_provider' });
    const message = 'the merchant has no account at the payment provider';
    const { account } = await readPayee(pool, merchant);
    return account ?? problem('payment_not_offered', message, { why: 'no_account' });
  }
  const offerOf = createOfferOf({ versionOf, ...options, ...cataloguing });
  const redeeming = {
    ...deps,
    saga,
    cash,
    codesOf: codes,
    // One of each: requests of all kinds that come at one moment are recorded, and shown, together.
    redeeming: createRedeem({
      ...{ ...deps, saga, offerOf, payeeOf },
      offlineMaxOf: (merchant, programme) => offlineMaxOf(offline, merchant, programme),
    }),
    vouchersOf: createVouchersOf(pool, options.sealer),
  };
  const making = { ...redeeming, tell: createAfterSalesNotices(options, nameOf) };
  const settlingCases = createCaseSettling(making);
  const cancelling = createCancellingMany(making, settlingCases);
  const afterSales = {
    ...making,
    ...personOf(pool, options.members),
    settling: settlingCases,
    cancelling,
  };
  const measuring = {
    ...options,
    ...personOf(pool, options.members),
    programmeClock: programmes.programmeClock,
    programmeId: async (code: string) => (await programmes.find(code))?.id,
    programmeCode: (id: number) => programmes.byId(id)?.code ?? String(id),
  };
  const tiering = {
    ...tiers,
    ...personOf(pool, options.members),
    async asksForTiers(merchant: Uuid, programme: number, now: Instant): Promise<boolean> {
      const { byVersion } = await options.ruleBooks.bookAt(programme, now);
      const own = [...byVersion.values()].filter(({ version }) => version.merchant === merchant);
      return own.some(({ version }) => asksForTier(version.body));
    },
  };
  const uniting = {
    async note(tx: Transaction, absorbed: Uuid, survivor: Uuid) {
      await noteUnion(tx, absorbed);
      await uniteNames(tx, { absorbed, survivor }, options.sealer);
    },
    // What fails now is made up for by the minute.
    unite: () => uniteTiers(tiers).then(() => {}, onError),
  };
  const inboxes = {
    ...deps,
    ...personOf(pool, options.members),
    accountsOf: (member: Uuid) => readProgrammesOf(pool, ledger.shardOf(member), member),
  };
  return {
    features: [
      (app) => orderRoutes(app, deps),
      (app) => ruleRoutes(app, ruling),
      (app) => simulationRoutes(app, ruling),
      (app) => catalogueRoutes(app, cataloguing),
      (app) => memberCatalogueRoutes(app, cataloguing),
      (app) => offerRoutes(app, cataloguing),
      activities.routes,
      (app) => certificateRoutes(app, { ...options, timeAt, codes }),
      (app) => carbonRoutes(app, measuring),
      (app) => transactionRoutes(app, deps),
      (app) => adjustmentRoutes(app, deps),
      (app) => readRoutes(app, deps),
      (app) => expiryRoutes(app, deps),
      (app) => statementRoutes(app, deps),
      (app) => budgetRoutes(app, deps),
      (app) => redemptionRoutes(app, redeeming),
      (app) => bulkRedemptionRoutes(app, redeeming),
      (app) => paymentRoutes(app, { pool, cash, onError }),
      (app) => quoteRoutes(app, redeeming),
      (app) => offlineLimitRoutes(app, offline),
      (app) => billRoutes(app, redeeming),
      (app) => fundRoutes(app, options),
      (app) => stockRoutes(app, options),
      (app) => quotaRoutes(app, options),
      (app) => voucherRoutes(app, options),
      (app) => deliveryRoutes(app, { ...options, tell }),
      (app) => bookingRoutes(app, { ...options, timeZoneOf, versionOf, tell, codesOf: codes }),
      (app) => afterSalesRoutes(app, afterSales),
      (app) => supplierRoutes(app, afterSales),
      (app) => tierRoutes(app, tiering),
      (app) => serviceRoutes(app, tiering),
      (app) => proposalRoutes(app, tiering),
      (app) => transferRoutes(app, deps),
      (app) => mergeRoutes(app, { ...options, uniting }),
      (app) => messageRoutes(app, inboxes),
      (app) => messagePolicyRoutes(app, options),
      (app) =>
        memberCodeRoutes(app, {
          ...options,
          sharesWith: ruling.sharesWith,
          programmeClock: programmes.programmeClock,
          merchantOf: (principal, id) => reachedMerchant(options.merchants, principal, id),
          async availableOf(member, programme) {
            const all = (await readBalances(deps, member)) ?? [];
            return all
              .filter((each) => each.programme === programme)
              .map(({ pointType, available }) => ({ pointType, available }));
          },
        }),
    ],
    resumes: [
      ...settling.leftovers.map(resuming),
      resuming(completionsLeft(deps)),
      resuming(waitingReturns.leftovers),
      ledger.resumeClaims,
      resuming(delivery.leftovers),
      resuming(saga.leftovers),
      resuming(billReturnsLeft(redeeming)),
      resuming(settlingCases.leftovers),
      resuming(cancelling.leftovers),
      ...openMerges(options).map(resuming<unknown>),
      createEmptyAbsorbed(options),
      resuming(approvedLeft({ pool, ledger })),
      ...activities.leftovers.map(resuming),
      ...activities.others,
      resuming(unchargedCertificates(options, givers)),
    ],
    onJoined: activities.joined,
    async settleCash() {
      const lists = cash?.desk.leftovers ?? [];
      const message = 'not all cash could be settled';
      return eachAlone(lists, (each) => finishLeftovers(each, options.clock.now() + 1), message);
    },
    async followClock() {
      const works = [...activities.others, followRedeemed].map((each) => each());
      await Promise.allSettled(works);
      return eachAlone(works, (done) => done, 'not all that a moved clock brings was done');
    },
    followRedeemed,
    sweepCases: () => sweepCases(making, settlingCases),
    keepTiers: (why) => keepTiers(tiers, why === 'minute'),
    async drain() {
      await balances.drain();
      await settling.drain();
    },
  };
}
