import type { Case } from './case.ts';
import { holdsUnits } from './case-steps.ts';

/** The places that cases hold; `for ever`: those that came back, or are about to. */
export function placesHeld(cases: readonly Case[], how: 'for ever' | 'at all'): Set<number> {
  const holding = cases.filter(({ state }) => {
    const holds = holdsUnits(state);
    return holds === 'for ever' || (how === 'at all' && holds === 'for now');
  });
  return new Set(holding.flatMap(({ places }) => places));
}
