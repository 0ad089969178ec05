import type { Clock } from '../kernel/clock.ts';
import type { Leftovers } from '../kernel/leftovers.ts';
import type { Pool } from '../platform/database.ts';
import { markSettled, UNSETTLED, unsettledOf, type Waiting } from '../platform/unsettled.ts';
import type { GivenOn } from './given-on.ts';
import { lowerCharges } from './lower-charges.ts';
import { insertCharges, readCertificates } from './store.ts';

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
        for await (const charges of giver.walkUncharged(pool, certificate)) {
          await insertCharges(pool, certificate, charges, clock.now());
          // What came back while this page was read has found no charge to lower.
          await lowerCharges(
            pool,
            givers,
            charges.map(({ transaction }) => transaction),
          );
        }
      if (onTheirWay.includes(true)) continue;
      await markSettled(pool, [certificate.id]);
      done += 1;
    }
    return done;
  });
}
