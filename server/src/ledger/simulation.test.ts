import { randomInt } from 'node:crypto';
import { expect, it } from 'vitest';
import { simulate } from './testing/simulation.ts';

/** To see a failure again, put its seed here. */
const SEED: number | undefined = undefined;
const COMMANDS = 20_000;

it('equals a serial order of the reference model, whatever is lost, late, restarted or crashes', async () => {
  const seed = SEED ?? randomInt(2 ** 31);
  console.info(`simulation: seed ${seed}`);
  const told = await simulate(seed, COMMANDS);
  console.info(`simulation: ${JSON.stringify(told)}`);
  expect(told.commands).toBeGreaterThanOrEqual(0.9 * COMMANDS);
  // Without trouble it would prove little.
  expect(told.repeats).toBeGreaterThan(COMMANDS / 200);
});

it('does the same again for the same seed, and something else for another', async () => {
  const traces = [];
  for (const seed of [7, 7, 8]) traces.push((await simulate(seed, 1_000)).trace);
  expect(traces[1]).toBe(traces[0]);
  expect(traces[2]).not.toBe(traces[0]);
});
