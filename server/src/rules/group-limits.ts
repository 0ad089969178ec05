import type { Uuid } from '../kernel/id.ts';
import type { Limit } from '../ledger/command.ts';
import type { LiveRule } from './live-rule.ts';
import type { RuleVersion } from './rule.ts';
import type { RuleIndex } from './rule-index.ts';
import type { Scene } from './scene.ts';
import { limitsOf } from './terms.ts';

const known = new WeakMap<RuleIndex, boolean>();

/** Whether any rule of a group is limited at all: looked at for every order, and seldom so. */
export function hasGroupLimits(index: RuleIndex): boolean {
  let has = known.get(index);
  if (has === undefined) {
    has = index.rules.some(({ version }) => isLimitedInGroup(version));
    known.set(index, has);
  }
  return has;
}

/** Whether caps or a budget that span orders decide who of its group gives points. */
export function isLimitedInGroup({ body: { group, terms = {} } }: RuleVersion): boolean {
  const { caps = [], budget } = terms;
  return group !== undefined && (budget !== undefined || caps.some(({ per }) => per !== 'order'));
}

/**
 * What limits those rules that could fire in a group, by rule: of a group one gives points, and not one of which is known
 * that nothing is left. Most groups have none.
 */
export function groupLimitsOf(
  scene: Scene,
  candidates: readonly LiveRule[],
): ReadonlyMap<Uuid, readonly Limit[]> {
  const found = new Map<Uuid, readonly Limit[]>();
  for (const { version } of candidates) {
    if (isLimitedInGroup(version)) found.set(version.rule, limitsOf(version, scene));
  }
  return found;
}

/** What is left, without what nothing limits: as it is kept with an order. */
export function finiteOnly(
  left: readonly (readonly [rule: Uuid, points: number])[],
): Readonly<Record<Uuid, number>> {
  return Object.fromEntries(left.filter(([, points]) => Number.isFinite(points)));
}
