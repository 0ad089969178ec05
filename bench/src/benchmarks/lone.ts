import { medianOf, type Outcome, type Settings } from '../outcome.ts';
import { startBaseline } from '../processes/server.ts';
import { withStage } from '../stage.ts';
import { show } from './interactive.ts';
import { profileLedger, runBaseline, runLedger } from './run.ts';

const ROUNDS = 3;

/** One request in flight: what a single till waits. */
export async function lone(settings: Settings): Promise<Outcome> {
  const { seconds, say } = settings;
  return withStage({ ...settings, merchants: 20 }, async (stage) => {
    const echo = await startBaseline('echo', stage.ledger);
    stage.onClose(() => echo.stop());
    const job = () => ({ workload: stage.workload({ kind: 'single' }), connections: 1, seconds });
    const rounds: Record<string, number>[] = [];
    for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
      const echoed = await runBaseline(stage, echo, job());
      const ledger = await runLedger(stage, job());
      const figures = {
        echoP50: echoed.latencyMs.p50,
        ledgerP50: ledger.latencyMs.p50,
        ledgerP90: ledger.latencyMs.p90,
        ledgerP99: ledger.latencyMs.p99,
        ledger: ledger.requestsPerSecond,
      };
      rounds.push(figures);
      say(`round ${round}: ${show(figures, Object.keys(figures))}`);
    }
    return {
      benchmark: 'lone',
      checks: [
        {
          what: 'median, one request in flight',
          measured: medianOf(rounds, 'ledgerP50'),
          unit: 'ms',
          atMost: 3,
        },
        { what: 'p99, one request in flight', measured: medianOf(rounds, 'ledgerP99'), unit: 'ms' },
        { what: 'median of the echo route', measured: medianOf(rounds, 'echoP50'), unit: 'ms' },
      ],
      rounds,
      ...(settings.profile ? { profile: await profileLedger(stage, job()) } : {}),
      notes: ['One connection, one request in flight, 75 % issues and 25 % burns.'],
    };
  });
}
