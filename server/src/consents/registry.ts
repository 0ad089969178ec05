import { LRUCache } from 'lru-cache';
import type { Clock, Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';
import { createLane } from '../platform/lane.ts';
import { type ConsentedFacts, consents, factsOf, type Known, readKnown } from './known.ts';
import type { Purpose } from './purpose.ts';

/** About 30 MB when full, of members who said something. */
const KNOWN_MAX = 100_000;
/** How late a change may be noticed where the news of it did not come. */
const FRESH_MS = 10_000;
const TTL_STEP_MS = 500;
const LOOKUPS_MAX = 1_000;
const WAITING_MAX = 50_000;

/** Tells what members consent to, for the hot paths: at once for those seen before, else with whatever other look-ups wait. */
export interface Consents {
  /** Whether the member consents to the purpose now; with a merchant, to that merchant's receiving data. */
  has(member: Uuid, purpose: Purpose, merchant?: Uuid): boolean | Promise<boolean>;
  /** What rules of a programme may know of the member at `at`, by the programme's clock. */
  factsOf(member: Uuid, programme: number, at: Instant): ConsentedFacts | Promise<ConsentedFacts>;
  /** Whether the member is known to be under 14 now. */
  isChild(member: Uuid): boolean | Promise<boolean>;
  /** Something of the member changed. */
  forget(member: Uuid): void;
  forgetAll(): void;
}

export function createConsents(sql: Sql, clock: Clock): Consents {
  const remembered = new LRUCache<Uuid, Known>({
    max: KNOWN_MAX,
    ttl: FRESH_MS,
    ttlResolution: TTL_STEP_MS,
  });
  // What changed while it was being read may have been read as it was before.
  const changed = new Set<Uuid>();
  let allChanged = false;
  const lane = createLane<Uuid, Known>({
    maxBatch: LOOKUPS_MAX,
    maxQueue: WAITING_MAX,
    async run(members) {
      changed.clear();
      allChanged = false;
      const found = await readKnown(sql, [...new Set(members)]);
      for (const [member, known] of found)
        if (!allChanged && !changed.has(member)) remembered.set(member, known);
      return members.map(
        (member) => found.get(member) ?? new Error('what is known of a member was not read'),
      );
    },
  });
  const of = (member: Uuid): Known | Promise<Known> => remembered.get(member) ?? lane.push(member);
  return {
    has(member, purpose, merchant) {
      const known = of(member);
      const tell = (each: Known): boolean => consents(each, purpose, merchant ?? null, clock.now());
      return known instanceof Promise ? known.then(tell) : tell(known);
    },
    factsOf(member, programme, at) {
      const known = of(member);
      const tell = (each: Known): ConsentedFacts =>
        factsOf(each, { programme, at, now: clock.now() });
      return known instanceof Promise ? known.then(tell) : tell(known);
    },
    isChild(member) {
      const known = of(member);
      const tell = ({ minorUntil }: Known): boolean =>
        minorUntil !== null && minorUntil > clock.now();
      return known instanceof Promise ? known.then(tell) : tell(known);
    },
    forget(member) {
      if (lane.depth > 0) changed.add(member);
      remembered.delete(member);
    },
    forgetAll() {
      allChanged = true;
      remembered.clear();
    },
  };
}
