import type { Catalogue } from '../catalogue/registry.ts';
import { closeAllBooks } from '../clearing/books/close-books.ts';
import { bookRoutes } from '../clearing/books/routes.ts';
import { adjustmentRoutes } from '../clearing/disputes/adjustment-routes.ts';
import { escalateDisputes } from '../clearing/disputes/escalate.ts';
import { disputeRoutes } from '../clearing/disputes/routes.ts';
import { dossierRoutes } from '../clearing/dossiers/routes.ts';
import { followFunding } from '../clearing/funding/follow.ts';
import { keepAccounts } from '../clearing/funding/keep-accounts.ts';
import type { FundingTerms } from '../clearing/funding/open-account.ts';
import { fundingRoutes } from '../clearing/funding/routes.ts';
import { type LookOptions, lookAround } from '../clearing/guard/look-around.ts';
import { guardedRewardRoutes } from '../clearing/guard/reward-routes.ts';
import { guardRoutes } from '../clearing/guard/routes.ts';
import type { ReadCash } from '../clearing/invoices/read-tax.ts';
import { invoiceRoutes } from '../clearing/invoices/routes.ts';
import { paymentRoutes } from '../clearing/payments/routes.ts';
import { type CloseDeps, resumeCloses } from '../clearing/periods/close-period.ts';
import { closeDuePeriods } from '../clearing/periods/due-periods.ts';
import type { Names } from '../clearing/periods/figures-csv.ts';
import { periodRoutes } from '../clearing/periods/routes.ts';
import { reconcileDue } from '../clearing/reconcile/reconcile.ts';
import { reconciliationRoutes } from '../clearing/reconcile/routes.ts';
import { countAllIssued } from '../clearing/statements/issued-points.ts';
import { statementRoutes } from '../clearing/statements/routes.ts';
import { applyPrices } from '../clearing/terms/apply-prices.ts';
import { creditLineAt } from '../clearing/terms/credit-line.ts';
import { departureRoutes } from '../clearing/terms/departure-routes.ts';
import { keepPrices } from '../clearing/terms/keep-prices.ts';
import { cycleAt } from '../clearing/terms/read-terms.ts';
import { termsRoutes } from '../clearing/terms/routes.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { lockPrices } from '../ledger/price-list.ts';
import type { Merchants } from '../merchants/registry.ts';
import type { Pool } from '../platform/database.ts';
import type { RenderApart } from '../platform/papers/render.ts';
import type { Sealer } from '../platform/seal.ts';
import type { App } from '../platform/web/route.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import { readRedemptions, readRewardsOf } from '../redemptions/store.ts';

export interface ClearingOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly programmes: ProgrammeRegistry;
  readonly merchants: Merchants;
  readonly catalogue: Catalogue;
  /** For the numbers of bank accounts. */
  readonly sealer: Sealer;
  readonly shards: number;
  /** Where long papers are made; absent: in this thread. */
  readonly press?: RenderApart;
  readonly onError: (error: unknown) => void;
}

export interface Clearing {
  readonly features: readonly ((v1: App) => void)[];
  /** What is done every minute, by name. */
  readonly jobs: Readonly<Record<string, () => Promise<number>>>;
}

/** Puts clearing and the books together: each part adds its routes and jobs here. */
export function createClearing(options: ClearingOptions): Clearing {
  const { pool, clock, ledger, merchants, programmes, catalogue, sealer, press, shards } = options;
  const books = { pool, clock, programmes, shards };
  const { programmeClock } = programmes;
  const terms: FundingTerms = {
    creditLineAt,
    async applyPrices(tx, programme) {
      await lockPrices(tx);
      await applyPrices(tx, programme, programmeClock(programme), null);
    },
  };
  const follow = (): Promise<number> => followFunding({ pool, shards, waits: true });
  const names = namesOf(programmes);
  const adjusting = { pool, clock, programmeClock, merchants, programmes, names };
  const pointTypeOf = (id: number, code: string): number | undefined =>
    programmes.byId(id)?.pointTypes.find((each) => each.code === code)?.id;
  const closing: CloseDeps = { pool, clock, ledger, programmeClock, shards, names };
  const reconciling = { ...books, names };
  const rewardsAt: LookOptions['rewardsAt'] = async (programme, at) =>
    (await catalogue.rewards.bookAt(programme, at)).inForceOf(at);
  return {
    features: [
      (v1) => fundingRoutes(v1, { pool, merchants, programmes, terms }),
      (v1) => paymentRoutes(v1, { pool, sealer, merchants, programmes, follow }),
      (v1) => invoiceRoutes(v1, { pool, merchants, programmes, readCash }),
      (v1) => periodRoutes(v1, { ...closing, programmes }),
      (v1) => statementRoutes(v1, { pool, sealer, merchants, names, programmes, press }),
      (v1) => bookRoutes(v1, { ...books, press }),
      (v1) => termsRoutes(v1, { pool, merchants, programmes }),
      (v1) => departureRoutes(v1, { pool, merchants, programmes }),
      (v1) => dossierRoutes(v1, { pool, merchants, programmes, applyPrices }),
      (v1) => adjustmentRoutes(v1, adjusting),
      (v1) => disputeRoutes(v1, { ...adjusting, pointTypeOf }),
      (v1) => reconciliationRoutes(v1, reconciling),
      (v1) => guardRoutes(v1, { pool, merchants, programmes }),
      (v1) => guardedRewardRoutes(v1, { pool, merchants, programmes }),
    ],
    jobs: {
      guard: () => lookAround({ pool, shards, programmes, rewardsOf: readRewardsOf, rewardsAt }),
      prices: () => keepPrices({ pool, programmeClock }),
      fundingFollowed: () => followFunding({ pool, shards }),
      fundingKept: () => keepAccounts({ pool, terms, programmeClock }),
      disputes: () => escalateDisputes(pool, programmes),
      async closes() {
        const resumed = await resumeCloses(closing);
        return resumed + (await closeDuePeriods({ ...closing, programmes, cycleOf: cycleAt }));
      },
      issuedCounted: () => countAllIssued(pool),
      books: () => closeAllBooks(books),
      clearingReconciled: () => reconcileDue(reconciling),
    },
  };
}

/** Cash that redemptions cost beside points, as it was agreed. */
const readCash: ReadCash = async (sql, ids) =>
  new Map([...(await readRedemptions(sql, ids))].map(([id, { cashFen }]) => [id, cashFen]));

function namesOf(programmes: ProgrammeRegistry): Names {
  return {
    programmeCode: (id) => programmes.byId(id)?.code ?? String(id),
    pointTypeCode: (id, pointType) =>
      programmes.byId(id)?.pointTypes.find((each) => each.id === pointType)?.code ??
      String(pointType),
  };
}
