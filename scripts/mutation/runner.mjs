import { setMaxListeners } from 'node:events';
import { VitestTestRunner } from 'vitest/runners';
import { getFn } from 'vitest/suite';

// What the switches in the instrumented sources look at.
globalThis.__stryker__ ??= {};
const switches = globalThis.__stryker__;
/** A mutant that runs this many times as often as the code it replaces will never end. */
const TIMES_MORE = 20;
const AT_LEAST = 10_000;
const killed = new Set();
// Each run of a test listens for its being cancelled.
setMaxListeners(0);

/**
 * Runs each test as it is, to see which mutants it meets, and then again with each of those that no test has
 * killed yet.
 */
export default class MutationRunner extends VitestTestRunner {
  async runTask(test) {
    const run = getFn(test);
    switches.currentTestId = test.id;
    await run();
    switches.currentTestId = undefined;
    const met = Object.entries(switches.mutantCoverage?.perTest[test.id] ?? {});
    const kills = [];
    for (const [id, times] of met) {
      if (killed.has(id)) continue;
      Object.assign(switches, { activeMutant: id, hitCount: 0 });
      switches.hitLimit = Math.max(times * TIMES_MORE, AT_LEAST);
      try {
        await run();
      } catch {
        killed.add(id);
        kills.push(id);
      } finally {
        Object.assign(switches, { activeMutant: undefined, hitCount: undefined });
      }
    }
    test.meta.mutation = { met: met.map(([id]) => id), kills };
    // A test that mutants have spoilt would kill whatever comes next.
    if (met.length > 0) await run();
  }

  async onAfterRunSuite(suite) {
    await super.onAfterRunSuite?.(suite);
    if (suite.filepath !== undefined)
      suite.meta.loaded = Object.keys(switches.mutantCoverage?.static ?? {});
  }
}
