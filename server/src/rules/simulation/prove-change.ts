import { showId, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Transaction } from '../../platform/database.ts';
import { readVersionsSince } from '../../platform/publishing/book-store.ts';
import type { Compared, View } from '../../platform/publishing/published.ts';
import type { Judged } from '../../platform/publishing/publishing.ts';
import { problem } from '../../platform/web/problem.ts';
import { canMeet } from '../can-meet.ts';
import { readRatios } from '../reference-store.ts';
import { type RuleBody, ruleVersionOf } from '../rule.ts';
import { flawOf } from './proof.ts';
import { findSimulation } from './store.ts';

/**
 * A comparison that by its form is in doubt, proven by a simulation. What it goes by is kept with the comparison, because the
 * simulation itself goes one day. The books must be held: what is beside the draft stays as it is.
 *
 * Refused: `simulation_not_found`, `simulation_proves_nothing` with the `flaw`.
 */
export async function proveChange(
  tx: Transaction,
  {
    item: rule,
    draft,
    comparison,
    simulation: id,
    view,
    now,
  }: Judged<RuleBody> & {
    readonly comparison: Compared;
    readonly simulation: Uuid;
    readonly view: View;
  },
): Promise<Compared | Refusal> {
  const simulation = await findSimulation(tx, id, view);
  if (simulation?.programme !== rule.programme) return problem('simulation_not_found');
  const { from, until, asOf, result } = simulation;
  const found = await readVersionsSince<RuleBody>(tx, 'rule', [
    { programme: rule.programme, since: asOf },
  ]);
  const { body } = draft;
  const flaw = flawOf(simulation, {
    rule,
    draft,
    doubts: comparison.reasons,
    now,
    beside: (found.get(rule.programme) ?? [])
      .map(ruleVersionOf)
      .filter((each) => each.rule === rule.id || canMeet({ merchant: rule.merchant, body }, each)),
    ratios: await readRatios(tx, rule, body, now),
  });
  if (flaw !== null)
    return problem('simulation_proves_nothing', flaw.message, { flaw: flaw.flaw, ...flaw.facts });
  return {
    ...comparison,
    verdict: 'better_or_equal',
    provenBy: 'simulation',
    simulation: { id: showId('simulation', id), from, until, asOf, orders: result?.orders ?? 0 },
  };
}
