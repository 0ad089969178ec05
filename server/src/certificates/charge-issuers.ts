import type { Clock } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Leftovers } from '../kernel/leftovers.ts';
import type { Pool, Sql } from '../platform/database.ts';
import { markSettled, UNSETTLED, unsettledOf, type Waiting } from '../platform/unsettled.ts';
import type { Certificate, Charge } from './certificate.ts';
import { insertCharges, readCertificates } from './store.ts';

/** Whoever records what gives points on certificates; each tells of its own. */
export interface GivenOn {
  /** Whether the ledger is not known to have answered for everything that was recorded on a certificate. */
  hasUnsettled(sql: Sql, certificate: Uuid): Promise<boolean>;
  /**
   * Earns that the ledger has answered for and nobody was charged with for this certificate yet, page by page, with
   * the points that were given on it (none: then so much is known). Walked once: looking again for what is not
   * charged would pass by all that is, page after page.
   */
  walkUncharged(pool: Pool, certificate: Certificate): AsyncIterable<readonly Charge[]>;
}

/**
 * Revoked certificates whose merchants are not charged with everything that was given on them yet. They are charged
 * earn by earn, each once: whoever goes on after a crash finds what is left. Members keep their points.
 */
export function unchargedCertificates(
  { pool, clock }: { readonly pool: Pool; readonly clock: Clock },
  givers: readonly GivenOn[],
): Leftovers<Waiting> {
  return unsettledOf(pool, UNSETTLED.revocation, async (ids) => {
    let done = 0;
    for (const certificate of await readCertificates(pool, ids)) {
      // Nothing is recorded on it any more; what was recorded before may still be on its way.
      const onTheirWay = await Promise.all(
        givers.map((each) => each.hasUnsettled(pool, certificate.id)),
      );
      for (const giver of givers)
        for await (const charges of giver.walkUncharged(pool, certificate))
          await insertCharges(pool, certificate, charges, clock.now());
      if (onTheirWay.includes(true)) continue;
      await markSettled(pool, [certificate.id]);
      done += 1;
    }
    return done;
  });
}
