import type { BackingOf, SaidGreen } from '../kernel/green-standing.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';
import { createLane } from '../platform/lane.ts';
import { backingBy } from './backing.ts';
import type { Certificate, Certified } from './certificate.ts';
import { readBehind, readNamed } from './store.ts';

/** Looks certificates up, always as they are now: a revocation counts at once. */
export interface Certificates {
  /**
   * The certificate of this merchant that covers the behaviour, was valid then and has not been revoked; of
   * several the one that is valid longest. Null: none stands behind it.
   */
  behind(asked: Certified): Promise<Uuid | null>;
  /** What stands behind goods. */
  readonly backingOf: BackingOf;
}

const LOOKUPS_MAX = 1_000;
const WAITING_MAX = 50_000;

export function createCertificates(sql: Sql): Certificates {
  const lane = createLane<Certified, Uuid | null>({
    maxBatch: LOOKUPS_MAX,
    maxQueue: WAITING_MAX,
    run: (asked) => readBehind(sql, asked),
  });
  const named = createLane<SaidGreen, readonly Certificate[]>({
    maxBatch: LOOKUPS_MAX,
    maxQueue: WAITING_MAX,
    run: (asked) => readNamed(sql, asked),
  });
  return {
    behind: (asked) => lane.push(asked),
    async backingOf(asked) {
      const found = await named.pushAll(asked);
      return asked.map((each, place) => backingBy(found[place] ?? [], each));
    },
  };
}
