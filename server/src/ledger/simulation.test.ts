import { expect, it } from 'vitest';
import { testSeed } from '../kernel/testing/seed.ts';
import { ACCRUAL_KINDS } from './accrual.ts';
import { KINDS } from './command.ts';
import { simulate } from './testing/simulation.ts';

const COMMANDS = 20_000;
const REFUSALS = [
  ...['insufficient_points', 'limit_reached', 'budget_exhausted', 'budget_not_found', 'holds_open'],
  ...['hold_expired', 'hold_closed', 'expires_before_available', 'return_exceeds_earn'],
  ...['issuing_closed', 'accepting_closed'],
];

it('equals a serial order of the reference model, whatever is lost, late, restarted or crashes', async () => {
  const seed = testSeed('simulation');
  const told = await simulate(seed, COMMANDS);
  console.info(`simulation: ${JSON.stringify(told)}`);
  expect(told.commands).toBeGreaterThanOrEqual(0.9 * COMMANDS);
  // Without trouble it would prove little.
  expect(told.repeats).toBeGreaterThan(COMMANDS / 200);
  // What never happens is not tested.
  expect(Object.keys(told.applied).sort()).toEqual(Object.keys(KINDS).sort());
  expect(Object.keys(told.accrued).sort()).toEqual(Object.keys(ACCRUAL_KINDS).sort());
  expect(told.extended).toBeGreaterThan(COMMANDS / 100);
  expect(Object.keys(told.refused)).toEqual(expect.arrayContaining(REFUSALS));
});

it('does the same again for the same seed, and something else for another', async () => {
  const traces = [];
  for (const seed of [7, 7, 8]) traces.push((await simulate(seed, 1_000)).trace);
  expect(traces[1]).toBe(traces[0]);
  expect(traces[2]).not.toBe(traces[0]);
});
