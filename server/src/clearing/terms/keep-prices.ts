import type { Instant } from '../../kernel/clock.ts';
import { eachAlone } from '../../kernel/leftovers.ts';
import { lockPrices } from '../../ledger/price-list.ts';
import { type Pool, withTransaction } from '../../platform/database.ts';
import { applyPrices } from './apply-prices.ts';
import { merchantsWanting } from './quotas.ts';
import {
  groupByMerchant,
  listCleared,
  readPointTypes,
  readStanding,
  readTimeZone,
} from './store.ts';

export interface KeepPricesDeps {
  readonly pool: Pool;
  readonly programmeClock: (programme: number) => Instant;
}

/**
 * Keeps budgets of monthly quotas ahead, and those of this month at what the terms in force say. All else in the price list stands
 * there for all time to come; only a programme with something to do is locked for it. Answers for how many merchants rows were written.
 */
export async function keepPrices({ pool, programmeClock }: KeepPricesDeps): Promise<number> {
  const message = 'not all price lists could be kept';
  return await eachAlone(await listCleared(pool), keep, message);

  async function keep(programme: number): Promise<number> {
    const scope = {
      programme,
      timeZone: await readTimeZone(pool, programme),
      terms: groupByMerchant(await readStanding(pool, programme)),
      pointTypes: await readPointTypes(pool, programme),
    };
    const wanting = await merchantsWanting(pool, scope, programmeClock(programme));
    if (wanting.length === 0) return 0;
    return await withTransaction(pool, async (tx) => {
      await lockPrices(tx);
      await applyPrices(tx, programme, programmeClock(programme), wanting);
      return wanting.length;
    });
  }
}
