import fc from 'fast-check';
import { expect, inject, test } from 'vitest';
import { testSeed } from '../kernel/testing/seed.ts';
import { createDeskLedger } from './testing/desk-ledger.ts';
import { judge } from './testing/judge.ts';
import { castOf, play, worldOf } from './testing/play.ts';
import { scenario } from './testing/scenario.ts';

declare module 'vitest' {
  interface ProvidedContext {
    mutationSeed?: number;
  }
}

/** To see a failure again, put fast-check's path here, and its seed into HONGMI_SEED. */
const PATH: string | undefined = undefined;
/** Mutation testing needs the same scenarios each time, and few of them. */
const MUTATION_SEED = inject('mutationSeed');
const RUNS = MUTATION_SEED === undefined ? 60 : 12;
const START = Date.UTC(2027, 0, 1);

// The long form, with batches, races and a database, is ledger.property.pg.test.ts.
test('deciding equals the reference model, and verify replays it to the same state', async () => {
  const seed = MUTATION_SEED ?? testSeed('decide property');
  let run = 0;
  const property = fc.asyncProperty(scenario, async (drafted) => {
    run += 1;
    let now = START;
    const ledger = createDeskLedger(() => now);
    const cast = castOf(seed, run, drafted.members, 1);
    const asked = await play(drafted, cast, {
      ledgers: [ledger],
      shards: 1,
      start: START,
      setMachine: () => undefined,
      setProgramme: (at) => {
        now = at;
      },
      price: async (world) => ledger.price(world),
      termsOf: async (lots) => ledger.termsOf(lots),
    });
    const faults = judge(
      asked.map((each) => ({ ...each, previewed: null })),
      1,
      ledger.recorded,
      ledger.readState(),
      worldOf(drafted, cast, START),
    );
    faults.push(...ledger.audit());
    if (faults.length > 0) throw new Error(faults.slice(-60).join('\n'));
  });
  const path = PATH === undefined ? {} : { path: PATH };
  await fc.assert(property, { seed, numRuns: RUNS, ...path });
  expect(run).toBeGreaterThan(0);
});
