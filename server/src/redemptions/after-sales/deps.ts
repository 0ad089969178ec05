import type { AfterSalesNews } from '../../kernel/after-sales-news.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Pool, Transaction } from '../../platform/database.ts';
import type { Sealer } from '../../platform/seal.ts';
import type { Programme } from '../../programs/programme.ts';
import type { ProgrammeRegistry } from '../../programs/registry.ts';

export interface AfterSalesDeps {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly programmes: Pick<ProgrammeRegistry, 'all' | 'byId' | 'programmeClock'>;
  readonly sealer: Sealer;
  /** Tells members what became of their cases, in the transaction in which it does. */
  readonly tell: (tx: Transaction, news: readonly AfterSalesNews[]) => Promise<void>;
}

export function programmeOf({ programmes }: AfterSalesDeps, id: number): Programme {
  const programme = programmes.byId(id);
  if (programme === undefined) throw new Error('the programme of a redemption is known');
  return programme;
}
