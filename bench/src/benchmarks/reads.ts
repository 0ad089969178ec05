import { medianOf, type Outcome, type Settings } from '../outcome.ts';
import { startLoadProcess } from '../processes/load.ts';
import { withStage } from '../stage.ts';
import { assertApplied, countedIn, type Measured, run, show, usage } from './run.ts';
import { undisturbed } from './undisturbed.ts';

const ROUNDS = 3;
const READERS = 64;
const WRITERS = 64;
const WRITES_PER_SECOND = 2_000;
// The writes begin before the reads are measured and end after them.
const MARGIN_SECONDS = 3;
const COLUMNS = [
  'reads /s',
  'read p50 ms',
  'read p99 ms',
  'writes /s',
  'write p99 ms',
  'read server cores',
  'read database cores',
  'read other cores',
];

/** Balances read as fast as answers come, beside a steady stream of writes. */
export async function reads(settings: Settings): Promise<Outcome> {
  const { seconds, say } = settings;
  return withStage({ ...settings, merchants: 200 }, async (stage) => {
    const writer = startLoadProcess();
    stage.onClose(() => writer.stop());
    const quietly = undisturbed(settings);
    const rounds: Record<string, number>[] = [];
    const write = async () => {
      const written = await writer.run({
        address: stage.ledger.address,
        workload: stage.workload({ kind: 'single' }),
        connections: WRITERS,
        warmupSeconds: MARGIN_SECONDS,
        seconds: seconds + MARGIN_SECONDS,
        requestsPerSecond: WRITES_PER_SECOND,
      });
      assertApplied(written);
      return written;
    };
    const readBesideWrites = async (profile: boolean) => {
      const workload = stage.workload({ kind: 'balance' });
      let reading: Promise<Measured> | undefined;
      const written = await countedIn(stage, () => {
        reading = run(stage, stage.ledger, { workload, connections: READERS, seconds }, profile);
        // Awaited below; a failure there must wait for the writes as well.
        reading.catch(() => undefined);
        return write();
      });
      const read = (await reading) as Measured;
      // The writing generator is part of the run.
      const otherCores =
        read.otherCores === undefined ? undefined : read.otherCores - written.cores;
      return { written, read: { ...read, otherCores }, otherCores };
    };
    for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
      const { read, written } = await quietly(() => readBesideWrites(false));
      const figures: Record<string, number> = {
        'reads /s': read.requestsPerSecond,
        'read p50 ms': read.latencyMs.p50,
        'read p99 ms': read.latencyMs.p99,
        'writes /s': written.requestsPerSecond,
        'write p99 ms': written.latencyMs.p99,
        // Per read, with what the writes cost in it.
        ...usage('read', read),
      };
      rounds.push(figures);
      say(`round ${round}: ${show(figures, COLUMNS)}`);
    }
    return {
      benchmark: 'reads',
      checks: [
        {
          what: 'balances read beside writes',
          measured: medianOf(rounds, 'reads /s'),
          unit: 'per second',
          atLeast: 5_000,
        },
        { what: 'p99 of a read', measured: medianOf(rounds, 'read p99 ms'), unit: 'ms' },
        {
          what: 'writes meanwhile',
          measured: medianOf(rounds, 'writes /s'),
          unit: 'per second',
          // The pace must be kept, or the reads were fast at the cost of the writes.
          atLeast: 0.95 * WRITES_PER_SECOND,
        },
      ],
      columns: COLUMNS,
      rounds,
      ...(settings.profile ? { profile: (await readBesideWrites(true)).read.server.threads } : {}),
      notes: [
        `GET /v1/members/{id}/balance of members at random over ${READERS} connections, while another process writes ${WRITES_PER_SECOND.toLocaleString('en')} transactions per second.`,
      ],
    };
  });
}
