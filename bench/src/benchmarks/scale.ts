import { medianOf, medianRatio, type Outcome, type Settings } from '../outcome.ts';
import { type Stage, withStage } from '../stage.ts';
import { COMMANDS, REQUESTS_IN_FLIGHT } from './bulk.ts';
import { CONNECTIONS } from './interactive.ts';
import { COST_NOTE, runLedger, show, usage } from './run.ts';
import { undisturbed } from './undisturbed.ts';

const ROUNDS = 3;
const MERCHANTS = 200;
const SMALL_MEMBERS = 100_000;
const SIZES = ['small', 'large'] as const;
const WORKLOADS = ['bulk', 'single'] as const;
const COLUMNS = WORKLOADS.flatMap((workload) =>
  SIZES.flatMap((size) => {
    const name = `${workload} ${size}`;
    return [
      `${name} /s`,
      `${name} p50 ms`,
      `${name} p99 ms`,
      `${name} server µs`,
      `${name} database µs`,
      `${name} batch`,
    ];
  }),
);

/** The same work on a ledger of 100,000 members and on one of many, side by side. */
export async function scale(settings: Settings): Promise<Outcome> {
  const { large, say, seconds } = settings;
  const members = Math.min(SMALL_MEMBERS, Math.ceil(large.members / 10));
  const perMember = large.entries / large.members;
  const small = { members, entries: Math.round(members * perMember) };
  return withStage({ ...settings, ...small, merchants: MERCHANTS }, (smallStage) =>
    withStage({ ...settings, ...large, merchants: MERCHANTS }, async (largeStage) => {
      const stages = { small: smallStage, large: largeStage };
      const quietly = undisturbed(settings);
      const rounds: Record<string, number>[] = [];
      for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
        const figures: Record<string, number> = {};
        for (const workload of WORKLOADS) {
          for (const size of SIZES) {
            const name = `${workload} ${size}`;
            const measured = await quietly(() =>
              runLedger(stages[size], jobOf(stages[size], workload, seconds)),
            );
            Object.assign(figures, usage(name, measured), {
              [`${name} /s`]: measured.commandsPerSecond,
              [`${name} p50 ms`]: measured.latencyMs.p50,
              [`${name} p99 ms`]: measured.latencyMs.p99,
            });
          }
        }
        rounds.push(figures);
        say(`round ${round}: ${show(figures, COLUMNS)}`);
      }
      return {
        benchmark: 'scale',
        checks: [
          ...WORKLOADS.map((workload) => ({
            what: `${workload === 'bulk' ? 'in bulk' : 'one per request'}, large / small`,
            measured: medianRatio(rounds, `${workload} large /s`, `${workload} small /s`),
            unit: 'share' as const,
            atLeast: 0.75,
          })),
          ...WORKLOADS.map((workload) => ({
            what: `${workload === 'bulk' ? 'in bulk' : 'one per request'}, p99 large / small`,
            measured: medianRatio(rounds, `${workload} large p99 ms`, `${workload} small p99 ms`),
            unit: 'times' as const,
          })),
          ...SIZES.map((size) => ({
            what: `commands in bulk, ${size}`,
            measured: medianOf(rounds, `bulk ${size} /s`),
            unit: 'per second' as const,
          })),
        ],
        columns: COLUMNS,
        rounds,
        notes: [
          `A ledger of ${describe(large)} against one of ${describe(small)}, each with a server and a PostgreSQL of its own, in turn: ` +
            `${COMMANDS} commands per request and ${REQUESTS_IN_FLIGHT} requests in flight, then one command per request on ${CONNECTIONS} connections. ` +
            'Members are picked at random among all of them and every request has a random key: no page is likelier than another.',
          'Both were filled by the same program past the API: decided, chained and appended by the ledger’s own code as two years of ' +
            'issues and burns, so that they verify; without phone numbers and external ids; indexes were built afterwards, everything vacuumed and written out.',
          'Ten million members with fifty million entries (`npm run bench -- scale --members 10000000 --entries 50000000 --dir FOLDER`) need about ' +
            '65 GB of disk and half an hour on an idle machine to be filled.',
          COST_NOTE,
        ],
      };
    }),
  );
}

function jobOf(stage: Stage, kind: (typeof WORKLOADS)[number], seconds: number) {
  const workload = stage.workload({ kind, commands: COMMANDS, randomKeys: true });
  return {
    workload,
    connections: kind === 'bulk' ? REQUESTS_IN_FLIGHT : CONNECTIONS,
    seconds,
  };
}

function describe({ members, entries }: Settings['large']): string {
  return `${members.toLocaleString('en')} members and ${entries.toLocaleString('en')} entries`;
}
