import { expect, test } from 'vitest';
import { showId, type Uuid } from '../../kernel/id.ts';
import { anId, at, body, SHOP, version } from '../testing/told.ts';
import {
  type DoubtedChange,
  flawOf,
  PROOF_DAYS_MIN,
  PROOF_MET_MIN,
  PROOF_ORDERS_MIN,
} from './proof.ts';
import type { Simulation } from './simulation.ts';

const DAY_MS = 86_400_000;
const NOW = at('2027-06-01T00:00:00Z');
const AS_OF = NOW - DAY_MS;
const told = body({ kind: 'extra', points: 1, perFen: 100 });
const draft = { of: anId(), id: anId(), number: 2, body: told, madeAt: 1, madeBy: anId() };
const replaced = version(body({ kind: 'times', num: 2, den: 1 }), {
  rule: draft.of,
  merchant: SHOP,
  from: AS_OF - DAY_MS,
});
const against = showId('ruleVersion', replaced.id);

const change: DoubtedChange = {
  rule: { merchant: SHOP },
  draft,
  doubts: [{ path: '/earn/kind', reason: 'other_effect', against }],
  now: NOW,
  beside: [replaced],
  ratios: [{ points: 1, perFen: 100 }],
};
const evidence = {
  worse: 0,
  met: [
    { ruleVersionId: null, orders: PROOF_ORDERS_MIN },
    { ruleVersionId: against, orders: PROOF_MET_MIN },
  ],
  ratios: [
    { points: 1, perFen: 100, orders: PROOF_MET_MIN - 1 },
    { points: 2, perFen: 200, orders: 1 },
  ],
};
const result: NonNullable<Simulation['result']> = {
  orders: PROOF_ORDERS_MIN,
  refused: { before: 0, after: 0 },
  pointTypes: [],
  rules: [],
  funders: [],
  members: [],
  liability: [],
  evidence,
};
const simulation: Simulation = {
  id: anId(),
  programme: 1,
  programmeCode: 'default',
  owner: null,
  merchant: null,
  from: AS_OF - PROOF_DAYS_MIN * DAY_MS,
  until: AS_OF,
  rules: 'now',
  asOf: AS_OF,
  drafts: [{ ...draft, rule: draft.of, code: 'rule', merchant: SHOP }],
  without: [],
  state: 'done',
  attempts: 1,
  done: PROOF_ORDERS_MIN,
  total: PROOF_ORDERS_MIN,
  result,
  failure: null,
  madeAt: AS_OF,
  finishedAt: AS_OF,
};

test('a simulation of just this draft, on enough of the latest history, proves it', () => {
  expect(flawOf(simulation, change)).toBeNull();
  expect(flawOf({ ...simulation, merchant: SHOP }, change)).toBeNull();
  // Fields have no order: what was read from the database is what was asked.
  const again = {
    earn: { perFen: 100, points: 1, kind: 'extra' },
    when: {},
    on: 'order',
    name: 'a rule',
  };
  expect(
    flawOf(simulation, { ...change, draft: { ...draft, body: again as typeof told } }),
  ).toBeNull();
  const seven = { ...simulation, until: NOW - 7 * DAY_MS, from: NOW - 97 * DAY_MS };
  expect(flawOf(seven, change)).toBeNull();
});

const other = (id: Uuid) => ({ ...draft, rule: draft.of, id, code: 'other', merchant: SHOP });
const shown = (more: Partial<typeof result>) => ({ result: { ...result, ...more } });
test.each<[string, Partial<Simulation>]>([
  ['not_done', { state: 'running', result: null }],
  ['not_done', { state: 'failed', result: null }],
  ['not_done', { state: 'cancelled', result: null }],
  ['other_rules', { rules: 'then' }],
  ['other_rules', { drafts: [] }],
  ['other_rules', { drafts: [...simulation.drafts, other(anId())] }],
  ['other_rules', { without: [anId()] }],
  ['other_draft', { drafts: [other(anId())] }],
  ['other_draft', { drafts: [{ ...other(draft.id), body: { ...told, priority: 1 } }] }],
  ['other_orders', { merchant: anId() }],
  ['too_old', { until: NOW - 7 * DAY_MS - 1, from: NOW - 100 * DAY_MS }],
  ['too_short', { from: simulation.from + 1 }],
  ['too_few_orders', shown({ orders: PROOF_ORDERS_MIN - 1 })],
  ['somebody_worse', shown({ evidence: { ...evidence, worse: 1 } })],
  ['somebody_worse', shown({ refused: { before: 0, after: 1 } })],
  ['not_met', shown({ evidence: { ...evidence, met: evidence.met.slice(0, 1) } })],
  [
    'not_met',
    shown({
      evidence: { ...evidence, met: [{ ruleVersionId: against, orders: PROOF_MET_MIN - 1 }] },
    }),
  ],
  ['ratio_not_met', shown({ evidence: { ...evidence, ratios: evidence.ratios.slice(0, 1) } })],
])('%s: %j proves nothing', (flaw, more) => {
  expect(flawOf({ ...simulation, ...more }, change)?.flaw).toBe(flaw);
});

const doubt = (reason: string, from: string | null = null) => ({
  doubts: [...change.doubts, { path: '/x', reason, against: from }],
});
test.each<[string, Partial<DoubtedChange>]>([
  // Published after it was simulated; or to begin, or to end.
  ['rules_changed', { beside: [replaced, { ...replaced, from: AS_OF + 1 }] }],
  ['rules_changed', { beside: [{ ...replaced, until: NOW + 100 * DAY_MS }] }],
  ['not_about_amounts', doubt('gives_less')],
  ['not_about_amounts', doubt('narrower')],
  ['not_about_amounts', doubt('base_elsewhere')],
  ['not_about_amounts', doubt('other_points')],
  ['not_about_amounts', doubt('lapses_sooner')],
  ['not_about_amounts', doubt('waits_longer')],
  ['not_about_amounts', doubt('lower_cap')],
  ['not_about_amounts', doubt('budget')],
  ['not_about_amounts', doubt('below_ratio')],
  ['not_about_amounts', doubt('other_terms')],
  ['not_about_amounts', doubt('other_trigger')],
  ['not_met', doubt('group', showId('ruleVersion', anId()))],
  ['ratio_not_met', { ratios: [...change.ratios, { points: 3, perFen: 100 }] }],
])('%s: history does not refute %j', (flaw, more) => {
  expect(flawOf(simulation, { ...change, ...more })?.flaw).toBe(flaw);
});

test.each(['rounded_apart', 'other_effect'])('%s against the ratios is refuted', (reason) => {
  expect(flawOf(simulation, { ...change, ...doubt(reason) })).toBeNull();
});
