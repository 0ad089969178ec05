import { prepareNaiveDatabase } from '../naive/prepare.ts';
import { medianOf, medianRatio, type Outcome, type Settings } from '../outcome.ts';
import { startBaseline } from '../processes/server.ts';
import { STARTING_POINTS, type Stage, withStage } from '../stage.ts';
import { prepareTpcB } from '../tpcb.ts';
import { profileLedger, runBaseline, runLedger, usage } from './run.ts';

const CONNECTIONS = 256;
const ROUNDS = 3;
const MERCHANTS = 200;

/** One command per request over many connections: echo, ledger and naive ledger in turn, then TPC-B. */
export async function interactive(settings: Settings): Promise<Outcome> {
  const { say, seconds } = settings;
  return withStage({ ...settings, merchants: MERCHANTS }, async (stage) => {
    const { echo, naive } = await startBaselines(stage);
    const tpcb = await prepareTpcB(stage.ledger.databaseUrl);
    if (tpcb === undefined) say('pgbench is not on the PATH: no ratio to TPC-B');
    const job = () => ({
      workload: stage.workload({ kind: 'single' }),
      connections: CONNECTIONS,
      seconds,
    });

    const rounds: Record<string, number>[] = [];
    for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
      const echoed = await runBaseline(stage, echo, job());
      const ledger = await runLedger(stage, job());
      const naively = await runBaseline(stage, naive, job());
      const figures: Record<string, number> = {
        echo: echoed.requestsPerSecond,
        ledger: ledger.requestsPerSecond,
        naive: naively.requestsPerSecond,
        echoP99: echoed.latencyMs.p99,
        ledgerP50: ledger.latencyMs.p50,
        ledgerP99: ledger.latencyMs.p99,
        ledgerP999: ledger.latencyMs.p999,
        naiveP99: naively.latencyMs.p99,
        ...usage('echo', echoed),
        ...usage('ledger', ledger),
        ...usage('naive', naively),
        ...(tpcb === undefined ? {} : { tpcb: await tpcb.run(2 * seconds) }),
      };
      rounds.push(figures);
      say(
        `round ${round}: ${show(figures, ['echo', 'ledger', 'naive', 'tpcb', 'ledgerP50', 'ledgerP99', 'echoServerMicroseconds', 'ledgerServerMicroseconds', 'ledgerDatabaseMicroseconds', 'naiveDatabaseMicroseconds', 'ledgerBatch', 'ledgerOtherCores'])}`,
      );
    }
    return {
      benchmark: 'interactive',
      checks: [
        {
          what: 'ledger / echo route',
          measured: medianRatio(rounds, 'ledger', 'echo'),
          unit: 'share',
          atLeast: 0.45,
          aim: 0.6,
        },
        {
          what: 'ledger / naive ledger',
          measured: medianRatio(rounds, 'ledger', 'naive'),
          unit: 'times',
          atLeast: 3,
        },
        {
          what: 'p99, 256 connections',
          measured: medianOf(rounds, 'ledgerP99'),
          unit: 'ms',
          atMost: 60,
        },
        { what: 'p50, 256 connections', measured: medianOf(rounds, 'ledgerP50'), unit: 'ms' },
        { what: 'commands', measured: medianOf(rounds, 'ledger'), unit: 'per second' },
        ...(tpcb === undefined
          ? []
          : [
              {
                what: 'ledger / TPC-B',
                measured: medianRatio(rounds, 'ledger', 'tpcb'),
                unit: 'times' as const,
              },
            ]),
      ],
      rounds,
      ...(settings.profile ? { profile: await profileLedger(stage, job()) } : {}),
      notes: [
        `75 % issues and 25 % burns over ${stage.members.length.toLocaleString('en')} members and ${MERCHANTS} merchants, one command per request, ${CONNECTIONS} connections with one request in flight each.`,
        `The generator used ${medianOf(rounds, 'echoGeneratorCores').toFixed(2)} of a core while it drove the echo route at ${Math.round(medianOf(rounds, 'echo')).toLocaleString('en')} requests/s, so it is not what bounds the others.`,
      ],
    };
  });
}

async function startBaselines(stage: Stage) {
  const echo = await startBaseline('echo', stage.ledger);
  stage.onClose(() => echo.stop());
  const database = await prepareNaiveDatabase(
    stage.ledger.databaseUrl,
    stage.members,
    stage.merchants[0] ?? '',
    STARTING_POINTS,
  );
  const naive = await startBaseline('naive', stage.ledger, database);
  stage.onClose(() => naive.stop());
  return { echo, naive };
}

/** Some figures of a round on one line. */
export function show(figures: Readonly<Record<string, number>>, names: readonly string[]): string {
  const rounded = (value: number): string =>
    value < 100 ? value.toFixed(2) : String(Math.round(value));
  return names
    .flatMap((name) => (figures[name] === undefined ? [] : [`${name} ${rounded(figures[name])}`]))
    .join(', ');
}
