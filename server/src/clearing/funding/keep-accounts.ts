import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { eachAlone } from '../../kernel/leftovers.ts';
import { type Pool, type Sql, withTransaction } from '../../platform/database.ts';
import type { Meter } from '../../platform/telemetry/meter.ts';
import { availableFenOf, FUNDING_FEN_MAX, type FundingAccount, isLow } from './account.ts';
import type { FundingTerms } from './open-account.ts';
import {
  countLow,
  insertAlert,
  listAccounts,
  lockAccount,
  readTurned,
  setCredit,
  settleTotal,
} from './store.ts';

export interface KeepOptions {
  readonly pool: Pool;
  readonly terms: Pick<FundingTerms, 'creditLineAt'>;
  readonly programmeClock: (programme: number) => Instant;
}

const PAGE = 200;

/**
 * Keeps credit lines what the terms of the moment say, and notes which accounts became low or have enough again; answers
 * how many changed. Issuing does not wait for it but where a credit line grew.
 */
export async function keepAccounts(options: KeepOptions): Promise<number> {
  return (await keepCredit(options)) + (await noteTurned(options));
}

async function keepCredit({ pool, terms, programmeClock }: KeepOptions): Promise<number> {
  const everyone = { programme: null, merchant: null, low: false };
  // Whoever issues waits for a locked account: only one that changes is.
  async function keepOne({ id, programme, merchant, creditFen }: FundingAccount): Promise<number> {
    const line = async (sql: Sql): Promise<number> => {
      const told = await terms.creditLineAt(sql, programme, merchant, programmeClock(programme));
      return Math.min(told ?? 0, FUNDING_FEN_MAX);
    };
    if ((await line(pool)) === creditFen) return 0;
    return await withTransaction(pool, async (tx) => {
      if ((await lockAccount(tx, id)) === undefined) return 0;
      await setCredit(tx, id, await line(tx));
      await settleTotal(tx, id);
      return 1;
    });
  }
  let changed = 0;
  for (let after: Uuid | null = null; ; ) {
    const page = await listAccounts(pool, everyone, after, PAGE);
    changed += await eachAlone(page, keepOne, 'not every credit line could be kept');
    after = page.at(-1)?.id ?? null;
    if (page.length < PAGE) return changed;
  }
}

async function noteTurned({ pool, programmeClock }: KeepOptions): Promise<number> {
  return await eachAlone(
    await readTurned(pool),
    (id) =>
      withTransaction(pool, async (tx) => {
        const account = await lockAccount(tx, id);
        if (account === undefined || isLow(account) === (account.lowSince !== null)) return 0;
        const { programme, alertFen } = account;
        await insertAlert(tx, {
          ...{ account: id, at: programmeClock(programme), alertFen },
          ...{ isLow: isLow(account), availableFen: availableFenOf(account) },
        });
        return 1;
      }),
    'not every account could be looked at',
  );
}

/** Shows how many accounts have less than their alert value; every process says the same. */
export function watchFunding(meter: Meter, pool: Pool): void {
  meter.onRead(async () => {
    meter.set('hongmi_clearing_funding_low', await countLow(pool));
  });
}
