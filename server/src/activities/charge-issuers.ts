import type { Certificate, Charge } from '../certificates/certificate.ts';
import { insertCharges, markCharged, readUncharged } from '../certificates/store.ts';
import type { Clock, Instant } from '../kernel/clock.ts';
import { readTransactions } from '../ledger/read.ts';
import type { Pool } from '../platform/database.ts';
import { hasUnsettledOn, readUnchargedAwards, type Uncharged } from './store.ts';

const PAGE = 500;

/**
 * Charges the merchants of revoked certificates with the points that were given on them, earn by earn, each once:
 * whoever goes on after a crash finds what is left. Members keep their points. At most `limit` certificates of
 * those revoked before `before`; answers how many are done.
 */
export async function chargeIssuers(
  { pool, clock }: { readonly pool: Pool; readonly clock: Clock },
  before: Instant,
  limit: number,
): Promise<number> {
  let done = 0;
  for (const certificate of await readUncharged(pool, before, limit)) {
    // Nothing is recorded on it any more; what was recorded before may still be on its way.
    const isOnItsWay = await hasUnsettledOn(pool, certificate.id);
    await chargeIssuer(pool, certificate, clock.now());
    if (isOnItsWay) continue;
    await markCharged(pool, certificate.id);
    done += 1;
  }
  return done;
}

async function chargeIssuer(pool: Pool, certificate: Certificate, now: Instant): Promise<void> {
  // Walked once: looking again for what is not charged would pass by all that is, page after page.
  for (let last: Uncharged | undefined; ; ) {
    const awards: Uncharged[] = await readUnchargedAwards(pool, certificate.id, last ?? null, PAGE);
    if (awards.length === 0) return;
    last = awards.at(-1);
    const earns = await readTransactions(
      pool,
      awards.map(({ transaction }) => transaction),
    );
    const charges = awards.map(({ transaction, programme, pointType }): Charge => {
      const earn = earns.get(transaction)?.transaction;
      const points = earn === undefined || earn.refusal !== null ? 0 : earn.points;
      return { transaction, programme, pointType, points };
    });
    await insertCharges(pool, certificate, charges, now);
  }
}
