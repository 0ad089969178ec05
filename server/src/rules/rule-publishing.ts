import type { Uuid } from '../kernel/id.ts';
import type { View } from '../platform/publishing/published.ts';
import type { Judged, Publishing } from '../platform/publishing/publishing.ts';
import { checkBody } from './check-body.ts';
import { judgeChange } from './judge-change.ts';
import type { RuleBody } from './rule.ts';
import { proveChange } from './simulation/prove-change.ts';

/** Rules that one owner may have in force or announced: every process holds all of them, compiled. */
export const RULES_MAX = 1_000;

/** How rules are published: by their form they are proven to be as good for members, or they are not. */
export const RULES: Publishing<RuleBody> = {
  family: 'rule',
  itemsMax: RULES_MAX,
  check: checkBody,
  judge: judgeChange,
  tellOf: ({ name, description = null }) => ({ name, description }),
  isOver: ({ when }, today) => (when.dates?.to ?? '9999-12-31') < today,
};

/** The same, where a simulation may prove what the form leaves in doubt; it refuses `simulation_not_found`, `simulation_proves_nothing`. */
export function rulesProvenBy(simulation: Uuid | null, view: View): Publishing<RuleBody> {
  if (simulation === null) return RULES;
  return {
    ...RULES,
    async judge(tx, change: Judged<RuleBody>) {
      const comparison = await judgeChange(tx, change);
      if (comparison.verdict === 'better_or_equal') return comparison;
      return await proveChange(tx, { ...change, comparison, simulation, view });
    },
  };
}
