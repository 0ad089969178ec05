import type { Instant } from '../../kernel/clock.ts';

/** Sets in force that are kept ready: history is looked at in the order in which it happened. */
const SETS_MAX = 16;

interface Dated {
  /** In force from here, */
  readonly from: Instant;
  /** until here, not included; null: until further notice. */
  readonly until: Instant | null;
}

/** What `make` makes of those of these versions that are in force at an instant: made once for all instants between two changes. */
export function createEras<V extends Dated, Made>(
  versions: readonly V[],
  make: (inForce: readonly V[]) => Made,
): (at: Instant) => Made {
  const ends = versions.flatMap(({ from, until }) => (until === null ? [from] : [from, until]));
  const changes = Float64Array.from(new Set(ends)).sort();
  const sets = new Map<number, Made>();
  return (at) => {
    const era = changesUntil(changes, at);
    let set = sets.get(era);
    if (set === undefined) {
      set = make(versions.filter((version) => isInForce(version, at)));
      if (sets.size >= SETS_MAX) sets.clear();
      sets.set(era, set);
    }
    return set;
  };
}

function isInForce({ from, until }: Dated, at: Instant): boolean {
  return at >= from && (until === null || at < until);
}

/** How many of the changes had come by this instant. */
function changesUntil(changes: Float64Array, at: Instant): number {
  let low = 0;
  let high = changes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((changes[middle] as number) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
