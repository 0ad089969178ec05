import { createConsents } from '../consents/registry.ts';
import type { Clock } from '../kernel/clock.ts';
import { createHistory } from '../orders/history.ts';
import { countOrdersBefore } from '../orders/history-store.ts';
import type { Pool } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import { pointTypeOf, usualExpiry } from '../programs/programme.ts';
import type { ProgrammeRegistry } from '../programs/registry.ts';
import type { SimulationWork } from '../rules/simulation/work-off.ts';
import { createFactsOf } from './facts.ts';

/** What simulations need of everybody: orders, members, programmes. */
export function createSimulationWork({
  pool,
  clock,
  sealer,
  programmes,
}: {
  readonly pool: Pool;
  readonly clock: Clock;
  readonly sealer: Sealer;
  readonly programmes: Pick<ProgrammeRegistry, 'byId' | 'programmeClock'>;
}): SimulationWork {
  return {
    pool,
    programmeClock: programmes.programmeClock,
    history: createHistory({
      sql: pool,
      sealer,
      factsOf: createFactsOf(
        pool,
        { consents: createConsents(pool, clock), sealer },
        countOrdersBefore,
      ),
      timeZoneOf(id) {
        const programme = programmes.byId(id);
        if (programme === undefined) throw new Error(`there is no programme ${id}`);
        return programme.timeZone;
      },
    }),
    termsOf(id) {
      const programme = programmes.byId(id);
      if (programme === undefined) return undefined;
      return {
        timeZone: programme.timeZone,
        usualExpiry(code, at) {
          const then = programmes.byId(id, at) ?? programme;
          const pointType = pointTypeOf(then, code);
          return pointType === undefined ? null : usualExpiry(then, pointType.id, at);
        },
        guidanceOf: (code) => pointTypeOf(programme, code)?.guidance ?? null,
      };
    },
  };
}
