import Type from 'typebox';
import { showInstant } from '../../kernel/clock.ts';
import { showId } from '../../kernel/id.ts';
import { Code, InstantText, idOf, nullable, object } from '../../platform/web/schema.ts';
import { SimulationResult } from './result-schema.ts';
import { SIMULATION_STATES, type Simulation } from './simulation.ts';

/** Rules that a simulation may name on either list. */
const RULES_MAX = 50;
const Rules = Type.Array(idOf('rule'), { minItems: 1, maxItems: RULES_MAX });
const Against = Type.Enum(['then', 'now'], {
  description:
    '`then`: beside the rules of each order’s day. `now`: beside the rules of today, as though they had always been in force.',
});

export const NewSimulation = object(
  {
    programme: Type.Optional(Code),
    merchantId: Type.Optional({
      ...idOf('merchant'),
      description: 'Only its orders; absent: all of the programme, or the key’s own.',
    }),
    from: { ...InstantText, description: 'Orders that were paid from here,' },
    until: {
      ...InstantText,
      description: 'until here, not included; not after now, and at most three years later.',
    },
    rules: Type.Optional({ ...Against, default: 'then' }),
    drafts: Type.Optional({
      ...Rules,
      description: 'Rules whose draft takes the place of what is in force of them, all the time.',
    }),
    without: Type.Optional({ ...Rules, description: 'Rules that are left out.' }),
  },
  { title: 'NewSimulation' },
);

export const SimulationShown = object(
  {
    id: idOf('simulation'),
    programme: Code,
    merchantId: nullable(idOf('merchant')),
    from: InstantText,
    until: InstantText,
    rules: Against,
    drafts: Type.Array(idOf('ruleVersion'), { description: 'Their versions to be.' }),
    without: Type.Array(idOf('rule')),
    state: Type.Enum(SIMULATION_STATES),
    done: { ...Type.Integer(), description: 'Orders replayed so far,' },
    total: { ...nullable(Type.Integer()), description: 'of so many; null: not counted yet.' },
    result: nullable(SimulationResult),
    failure: {
      ...nullable(
        Type.String({ examples: ['too_many_orders', 'points_out_of_range', 'given_up'] }),
      ),
      description: 'Why it failed.',
    },
    madeAt: InstantText,
    finishedAt: nullable(InstantText),
  },
  { title: 'Simulation' },
);

/** A merchant could ask by a draft who is in a credit band, or was born today: it learns how many. */
function withoutNames(result: Simulation['result']): Simulation['result'] {
  if (result === null) return null;
  const members = result.members.map((each) => ({
    ...each,
    biggestWinners: [],
    biggestLosers: [],
  }));
  return { ...result, members };
}

export function showSimulation(simulation: Simulation): Type.Static<typeof SimulationShown> {
  const { merchant, owner, finishedAt, rules, state, done, total, result, failure } = simulation;
  return {
    id: showId('simulation', simulation.id),
    programme: simulation.programmeCode,
    merchantId: merchant === null ? null : showId('merchant', merchant),
    from: showInstant(simulation.from),
    until: showInstant(simulation.until),
    rules,
    drafts: simulation.drafts.map(({ id }) => showId('ruleVersion', id)),
    without: simulation.without.map((id) => showId('rule', id)),
    state,
    done,
    total,
    result: owner === null ? result : withoutNames(result),
    failure,
    madeAt: showInstant(simulation.madeAt),
    finishedAt: finishedAt === null ? null : showInstant(finishedAt),
  };
}
