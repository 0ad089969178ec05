import { medianOf, type Outcome, type Settings } from '../outcome.ts';
import { startLoadProcess } from '../processes/load.ts';
import { withStage } from '../stage.ts';
import { show } from './interactive.ts';
import { runLedger, usage } from './run.ts';

const ROUNDS = 3;
const READERS = 64;
const WRITERS = 64;
const WRITES_PER_SECOND = 2_000;
// The writes begin before the reads are measured and end after them.
const MARGIN_SECONDS = 3;

/** Balances read as fast as answers come, beside a steady stream of writes. */
export async function reads(settings: Settings): Promise<Outcome> {
  const { seconds, say } = settings;
  return withStage({ ...settings, merchants: 200 }, async (stage) => {
    const writer = startLoadProcess();
    stage.onClose(() => writer.stop());
    const rounds: Record<string, number>[] = [];
    for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
      const writing = writer.run({
        address: stage.ledger.address,
        workload: stage.workload({ kind: 'single' }),
        connections: WRITERS,
        warmupSeconds: MARGIN_SECONDS,
        seconds: seconds + MARGIN_SECONDS,
        requestsPerSecond: WRITES_PER_SECOND,
      });
      const read = await runLedger(stage, {
        workload: stage.workload({ kind: 'balance' }),
        connections: READERS,
        seconds,
      });
      const written = await writing;
      const figures = {
        reads: read.requestsPerSecond,
        readP50: read.latencyMs.p50,
        readP99: read.latencyMs.p99,
        writes: written.requestsPerSecond,
        writeP99: written.latencyMs.p99,
        ...usage('read', read),
      };
      rounds.push(figures);
      say(
        `round ${round}: ${show(figures, ['reads', 'readP50', 'readP99', 'writes', 'writeP99'])}`,
      );
    }
    return {
      benchmark: 'reads',
      checks: [
        {
          what: 'balances read beside writes',
          measured: medianOf(rounds, 'reads'),
          unit: 'per second',
          atLeast: 5_000,
        },
        { what: 'p99 of a read', measured: medianOf(rounds, 'readP99'), unit: 'ms' },
        { what: 'writes meanwhile', measured: medianOf(rounds, 'writes'), unit: 'per second' },
      ],
      rounds,
      notes: [
        `GET /v1/members/{id}/balance of members at random over ${READERS} connections, while another process writes ${WRITES_PER_SECOND.toLocaleString('en')} transactions per second.`,
      ],
    };
  });
}
