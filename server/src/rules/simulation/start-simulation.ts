import type Type from 'typebox';
import { showInstant } from '../../kernel/clock.ts';
import { newId, showId, type Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Transaction } from '../../platform/database.ts';
import { tell } from '../../platform/news.ts';
import { placeOf } from '../../platform/publishing/place.ts';
import {
  type Caller,
  isOwn,
  type PublishingProgramme,
} from '../../platform/publishing/published.ts';
import { findItem, readDrafts } from '../../platform/publishing/store.ts';
import { readVersionsFrom } from '../../platform/publishing/version-store.ts';
import type { Outcome } from '../../platform/web/idempotency.ts';
import { problem } from '../../platform/web/problem.ts';
import { mustReadId, mustReadInstant } from '../../platform/web/schema.ts';
import { checkBody } from '../check-body.ts';
import type { RuleBody } from '../rule.ts';
import { type NewSimulation, type SimulationShown, showSimulation } from './schema.ts';
import type { SimulatedDraft } from './simulation.ts';
import { findSimulation, insertSimulation } from './store.ts';

/** Three years, one of them a leap year. */
const PERIOD_MAX_MS = 1_096 * 86_400_000;

/**
 * Asks for a simulation: drafts are taken as they are now. It is worked off by whoever works simulations off.
 *
 * Refused: what `placeOf` refuses, `simulation_period`, `rule_not_found`, `merchant_out_of_reach` (somebody else's draft),
 * `rule_has_no_draft`, what is wrong with a draft, `simulation_of_orders`, `simulation_running`.
 */
export async function startSimulation(
  tx: Transaction,
  asked: Type.Static<typeof NewSimulation>,
  by: Caller,
): Promise<Outcome<Type.Static<typeof SimulationShown>>> {
  const place = await placeOf(tx, asked, by.view);
  if ('message' in place) return { refusal: place };
  const { programme, merchant } = place;
  const machine = by.clock.now();
  const now = machine + programme.clockOffsetMs;
  const from = mustReadInstant(asked.from);
  const until = mustReadInstant(asked.until);
  if (from >= until || until > now || until - from > PERIOD_MAX_MS) {
    const message = 'from comes before until, which is not after now and at most three years later';
    return { refusal: problem('simulation_period', message, { now: showInstant(now) }) };
  }
  const drafts: SimulatedDraft[] = [];
  for (const shown of new Set(asked.drafts)) {
    const draft = await draftOf(tx, mustReadId('rule', shown), programme, by);
    if ('message' in draft) return { refusal: draft };
    if (draft.body.on !== 'order') return { refusal: ofOrders(draft.rule) };
    drafts.push(draft);
  }
  const without: Uuid[] = [];
  for (const shown of new Set(asked.without)) {
    const id = mustReadId('rule', shown);
    const rule = await findItem(tx, 'rule', id, by.view);
    if (rule?.programme !== programme.id) return { refusal: noRule(id) };
    const versions = await readVersionsFrom<RuleBody>(tx, 'rule', id, from);
    if (versions.length > 0 && versions.every(({ body }) => body.on !== 'order'))
      return { refusal: ofOrders(id) };
    without.push(id);
  }
  const id = newId(machine);
  const existing = await insertSimulation(tx, {
    id,
    programme: programme.id,
    merchant,
    owner: by.view.merchant,
    from,
    until,
    rules: asked.rules ?? 'then',
    asOf: now,
    drafts,
    without,
    madeAt: now,
    madeBy: by.key,
  });
  if (existing !== null) {
    const facts = { simulationId: showId('simulation', existing) };
    return { refusal: problem('simulation_running', undefined, facts) };
  }
  await tell(tx, 'simulations');
  const made = await findSimulation(tx, id, by.view);
  if (made === undefined) throw new Error('a simulation is there once it is inserted');
  return { status: 201, body: showSimulation(made) };
}

async function draftOf(
  tx: Transaction,
  id: Uuid,
  programme: PublishingProgramme,
  { view }: Caller,
): Promise<SimulatedDraft | Refusal> {
  const rule = await findItem(tx, 'rule', id, view);
  if (rule?.programme !== programme.id) return noRule(id);
  if (!isOwn(view, rule)) return problem('merchant_out_of_reach');
  const draft = (await readDrafts<RuleBody>(tx, 'rule', [rule])).get(id);
  if (draft === undefined)
    return problem('rule_has_no_draft', undefined, { ruleId: showId('rule', id) });
  const { merchant, code } = rule;
  const { number, body } = draft;
  // What it names may have gone since it was saved.
  const refusal = await checkBody(tx, programme, merchant, body);
  return refusal ?? { id: draft.id, rule: id, code, number, merchant, body };
}

/** Activities are not replayed: that nothing changes would not be true. */
function ofOrders(id: Uuid): Refusal {
  return problem('simulation_of_orders', undefined, { ruleId: showId('rule', id) });
}

function noRule(id: Uuid): Refusal {
  return problem('rule_not_found', undefined, { ruleId: showId('rule', id) });
}
