import Type from 'typebox';
import { showInstant } from '../../kernel/clock.ts';
import { showId } from '../../kernel/id.ts';
import { Code, InstantText, idOf, nullable, object } from '../../platform/web/schema.ts';
import { SimulationResult } from './result-schema.ts';
import { type ListedSimulation, SIMULATION_STATES, type Simulation } from './simulation.ts';

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

const head = {
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
  failure: {
    ...nullable(Type.String({ examples: ['too_many_orders', 'points_out_of_range', 'given_up'] })),
    description: 'Why it failed.',
  },
  madeAt: InstantText,
  finishedAt: nullable(InstantText),
};
export const SimulationShown = object(
  { ...head, result: nullable(SimulationResult) },
  { title: 'Simulation' },
);
export const SimulationListed = object(
  {
    ...head,
    ruleIds: Type.Array(idOf('rule'), { description: 'Of its drafts, and those left out.' }),
    madeBy: idOf('apiKey'),
  },
  { title: 'SimulationListed' },
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

function showHead(simulation: Omit<Simulation, 'result'>) {
  const { merchant, finishedAt, rules, state, done, total, failure } = simulation;
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
    failure,
    madeAt: showInstant(simulation.madeAt),
    finishedAt: finishedAt === null ? null : showInstant(finishedAt),
  };
}

export function showSimulation(simulation: Simulation): Type.Static<typeof SimulationShown> {
  const { owner, result } = simulation;
  return { ...showHead(simulation), result: owner === null ? result : withoutNames(result) };
}

export function showListed(simulation: ListedSimulation): Type.Static<typeof SimulationListed> {
  const ofDrafts = simulation.drafts.map(({ rule }) => rule);
  return {
    ...showHead(simulation),
    ruleIds: [...ofDrafts, ...simulation.without].map((id) => showId('rule', id)),
    madeBy: showId('apiKey', simulation.madeBy),
  };
}
