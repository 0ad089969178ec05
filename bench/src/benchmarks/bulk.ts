import { medianOf, medianRatio, type Outcome, type Settings } from '../outcome.ts';
import { withStage } from '../stage.ts';
import { prepareTpcB } from '../tpcb.ts';
import { COST_NOTE, profileLedger, runLedger, show, usage } from './run.ts';
import { undisturbed } from './undisturbed.ts';

const PAIRS = 5;
const MERCHANTS = 200;
const COLUMNS = [
  'TPC-B /s',
  'ledger /s',
  'ledger p50 ms',
  'ledger p99 ms',
  'ledger server µs',
  'ledger database µs',
  'ledger main thread busy',
  'ledger worker thread 1 busy',
  'ledger batch',
  'ledger other cores',
];
export const COMMANDS = 500;
// As many as pgbench has clients.
export const REQUESTS_IN_FLIGHT = 16;

/** Commands in bulk against TPC-B, in interleaved pairs. */
export async function bulk(settings: Settings): Promise<Outcome> {
  const { seconds, say } = settings;
  return withStage({ ...settings, merchants: MERCHANTS }, async (stage) => {
    const tpcb = await prepareTpcB(stage.ledger);
    if (tpcb === undefined) say('pgbench is not on the PATH: no ratio to TPC-B');
    const job = () => ({
      workload: stage.workload({ kind: 'bulk', commands: COMMANDS }),
      connections: REQUESTS_IN_FLIGHT,
      seconds,
    });
    const quietly = undisturbed(settings);
    const rounds: Record<string, number>[] = [];
    for (let round = 1; round <= (settings.rounds ?? PAIRS); round += 1) {
      const transactions =
        tpcb === undefined ? undefined : (await quietly(() => tpcb.run(2 * seconds))).rate;
      const ledger = await quietly(() => runLedger(stage, job()));
      const figures: Record<string, number> = {
        ...(transactions === undefined ? {} : { 'TPC-B /s': transactions }),
        'ledger /s': ledger.commandsPerSecond,
        'ledger p50 ms': ledger.latencyMs.p50,
        'ledger p99 ms': ledger.latencyMs.p99,
        ...usage('ledger', ledger),
      };
      rounds.push(figures);
      say(`pair ${round}: ${show(figures, COLUMNS)}`);
    }
    return {
      benchmark: 'bulk',
      checks: [
        ...(tpcb === undefined
          ? []
          : [
              {
                what: 'ledger / TPC-B',
                measured: medianRatio(rounds, 'ledger /s', 'TPC-B /s'),
                unit: 'times' as const,
                atLeast: 4,
                aim: 6,
              },
            ]),
        { what: 'commands', measured: medianOf(rounds, 'ledger /s'), unit: 'per second' },
        { what: 'p99 of a request', measured: medianOf(rounds, 'ledger p99 ms'), unit: 'ms' },
      ],
      columns: COLUMNS,
      rounds,
      ...(settings.profile ? { profile: await profileLedger(stage, job()) } : {}),
      notes: [
        `${COMMANDS} commands per request, ${REQUESTS_IN_FLIGHT} requests in flight, members at random; TPC-B is pgbench at scale 50 with 16 clients and prepared statements on the same PostgreSQL.`,
        COST_NOTE,
      ],
    };
  });
}
