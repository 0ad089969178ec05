import { performance } from 'node:perf_hooks';
import { verifyDataDir } from '@hongmi/server/main/verify';
import { withClient } from '../naive/prepare.ts';
import { medianOf, medianRatio, type Outcome, type Settings } from '../outcome.ts';
import { watchCores } from '../processes/cpu.ts';
import { type Stage, withStage } from '../stage.ts';
import { COMMANDS, REQUESTS_IN_FLIGHT } from './bulk.ts';
import { runLedger, show } from './run.ts';
import { undisturbed } from './undisturbed.ts';

const ROUNDS = 3;
const MERCHANTS = 200;
// Every thread compiles the code for itself: with 1,100,000 entries that was still a sixth of the processor time.
const ENTRIES = 3_000_000;
const COLUMNS = [
  'verify entries/s',
  'scan entries/s',
  'entries',
  'verify µs per entry',
  'database µs per entry',
  'other cores',
];

/** Verify of years of entries and of what a while of bulk writes left, against the plainest scan of the same entries. */
export async function verify(settings: Settings): Promise<Outcome> {
  return withStage({ ...settings, entries: ENTRIES, merchants: MERCHANTS }, async (stage) => {
    await runLedger(stage, {
      workload: stage.workload({ kind: 'bulk', commands: COMMANDS }),
      connections: REQUESTS_IN_FLIGHT,
      seconds: settings.seconds,
    });
    await withClient(stage.ledger.databaseUrl, (client) => client.query('vacuum analyze'));
    const quietly = undisturbed(settings);
    const rounds: Record<string, number>[] = [];
    for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
      const { figures } = await quietly(() => verifyOnce(stage));
      rounds.push(figures);
      settings.say(`round ${round}: ${show(figures, COLUMNS)}`);
    }
    return {
      benchmark: 'verify',
      checks: [
        {
          what: 'entries verified',
          measured: medianOf(rounds, 'verify entries/s'),
          unit: 'per second',
          atLeast: 200_000,
        },
        {
          what: 'verify / scan of the same entries',
          measured: medianRatio(rounds, 'verify entries/s', 'scan entries/s'),
          unit: 'share',
        },
      ],
      columns: COLUMNS,
      rounds,
      notes: [
        `The ledger was filled with ${ENTRIES.toLocaleString('en')} entries past the API, by the ledger’s own code, and then written to in bulk for a while. ` +
          'Verify replays every transaction, hash and balance with a thread per core; the scan is `select count(*), sum(points) from ledger.entry`. ' +
          'The µs are processor time per entry, in all threads of verify and in all processes of PostgreSQL.',
      ],
    };
  });
}

async function verifyOnce({ ledger }: Stage) {
  const { databaseUrl, dataDir } = ledger;
  const scanning = performance.now();
  const { rows } = await withClient(databaseUrl, (client) =>
    client.query<{ entries: number }>(
      'select count(*) as entries, sum(points) as points from ledger.entry',
    ),
  );
  const scanned = (performance.now() - scanning) / 1000;
  const watch = watchCores(dataDir);
  const before = process.cpuUsage();
  const started = performance.now();
  const { ok, entries } = await verifyDataDir({ dataDir, databaseUrl });
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(before);
  const { machineCores, databaseCores } = watch();
  if (!ok || entries !== rows[0]?.entries) throw new Error('the ledger does not verify');
  const ownCores = (user + system) / 1e6 / seconds;
  const otherCores =
    machineCores === undefined || databaseCores === undefined
      ? undefined
      : machineCores - databaseCores - ownCores;
  return {
    otherCores,
    figures: {
      'verify entries/s': entries / seconds,
      'scan entries/s': entries / scanned,
      entries,
      'verify µs per entry': (user + system) / entries,
      ...(databaseCores === undefined
        ? {}
        : { 'database µs per entry': (databaseCores * seconds * 1e6) / entries }),
      ...(otherCores === undefined ? {} : { 'other cores': otherCores }),
    },
  };
}
