import { medianOf, type Outcome, type Settings } from '../outcome.ts';
import { startBaseline } from '../processes/server.ts';
import { withStage } from '../stage.ts';
import { COST_NOTE, profileLedger, run, runLedger, show, usage } from './run.ts';
import { undisturbed } from './undisturbed.ts';

const ROUNDS = 3;
const COLUMNS = [
  'ledger p50 ms',
  'ledger p90 ms',
  'ledger p99 ms',
  'echo p50 ms',
  'echo server µs',
  'ledger server µs',
  'ledger database µs',
  'ledger other cores',
];

/** One request in flight: what a single till waits. */
export async function lone(settings: Settings): Promise<Outcome> {
  const { seconds, say } = settings;
  return withStage({ ...settings, merchants: 20 }, async (stage) => {
    const echo = await startBaseline('echo', stage.ledger);
    stage.onClose(() => echo.stop());
    const job = () => ({ workload: stage.workload({ kind: 'single' }), connections: 1, seconds });
    const quietly = undisturbed(settings);
    const rounds: Record<string, number>[] = [];
    for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
      const echoed = await quietly(() => run(stage, echo, job()));
      const ledger = await quietly(() => runLedger(stage, job()));
      const figures: Record<string, number> = {
        'ledger p50 ms': ledger.latencyMs.p50,
        'ledger p90 ms': ledger.latencyMs.p90,
        'ledger p99 ms': ledger.latencyMs.p99,
        'echo p50 ms': echoed.latencyMs.p50,
        ...usage('echo', echoed),
        ...usage('ledger', ledger),
      };
      rounds.push(figures);
      say(`round ${round}: ${show(figures, COLUMNS)}`);
    }
    return {
      benchmark: 'lone',
      checks: [
        {
          what: 'median, one request in flight',
          measured: medianOf(rounds, 'ledger p50 ms'),
          unit: 'ms',
          atMost: 3,
        },
        {
          what: 'p99, one request in flight',
          measured: medianOf(rounds, 'ledger p99 ms'),
          unit: 'ms',
        },
        { what: 'median of the echo route', measured: medianOf(rounds, 'echo p50 ms'), unit: 'ms' },
      ],
      columns: COLUMNS,
      rounds,
      ...(settings.profile ? { profile: await profileLedger(stage, job()) } : {}),
      notes: ['One connection, one request in flight, 75 % issues and 25 % burns.', COST_NOTE],
    };
  });
}
