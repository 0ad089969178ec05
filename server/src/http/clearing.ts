import { followFunding } from '../clearing/funding/follow.ts';
import { keepAccounts } from '../clearing/funding/keep-accounts.ts';
import type { FundingTerms } from '../clearing/funding/open-account.ts';
import { fundingRoutes } from '../clearing/funding/routes.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Merchants } from '../merchants/registry.ts';
import type { Pool } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import type { App } from '../platform/web/route.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';

export interface ClearingOptions {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly programmes: ProgrammeRegistry;
  readonly merchants: Merchants;
  /** For the numbers of bank accounts. */
  readonly sealer: Sealer;
  readonly shards: number;
  readonly onError: (error: unknown) => void;
}

export interface Clearing {
  readonly features: readonly ((v1: App) => void)[];
  /** What is done every minute, by name. */
  readonly jobs: Readonly<Record<string, () => Promise<number>>>;
}

/** Puts clearing and the books together: each part adds its routes and jobs here. */
export function createClearing(options: ClearingOptions): Clearing {
  const { pool, merchants, programmes, shards } = options;
  const { programmeClock } = programmes;
  const terms: FundingTerms = {
    creditLineAt: () => Promise.resolve(null),
    applyPrices: () => Promise.resolve(),
  };
  return {
    features: [(v1) => fundingRoutes(v1, { pool, merchants, programmes, terms })],
    jobs: {
      fundingFollowed: () => followFunding({ pool, shards }),
      fundingKept: () => keepAccounts({ pool, terms, programmeClock }),
    },
  };
}
