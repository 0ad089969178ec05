import { prepareNaiveDatabase } from '../naive/prepare.ts';
import { medianOf, medianRatio, type Outcome, type Settings } from '../outcome.ts';
import { startBaseline } from '../processes/server.ts';
import { STARTING_POINTS, type Stage, withStage } from '../stage.ts';
import { prepareTpcB } from '../tpcb.ts';
import { COST_NOTE, profileLedger, run, runLedger, show, usage } from './run.ts';
import { undisturbed } from './undisturbed.ts';

export const CONNECTIONS = 256;
const ROUNDS = 3;
const MERCHANTS = 200;
const COLUMNS = [
  'echo /s',
  'ledger /s',
  'naive /s',
  'TPC-B /s',
  'ledger p50 ms',
  'ledger p99 ms',
  'echo server µs',
  'ledger server µs',
  'ledger database µs',
  'naive server µs',
  'naive database µs',
  'ledger main thread busy',
  'ledger worker thread 1 busy',
  'ledger batch',
  'ledger other cores',
];

/** One command per request over many connections: echo, ledger and naive ledger in turn, then TPC-B. */
export async function interactive(settings: Settings): Promise<Outcome> {
  const { say, seconds } = settings;
  return withStage({ ...settings, merchants: MERCHANTS }, async (stage) => {
    const { echo, naive } = await startBaselines(stage);
    const tpcb = await prepareTpcB(stage.ledger);
    if (tpcb === undefined) say('pgbench is not on the PATH: no ratio to TPC-B');
    const job = () => ({
      workload: stage.workload({ kind: 'single' }),
      connections: CONNECTIONS,
      seconds,
    });

    const quietly = undisturbed(settings);
    const rounds: Record<string, number>[] = [];
    for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
      const echoed = await quietly(() => run(stage, echo, job()));
      const ledger = await quietly(() => runLedger(stage, job()));
      const naively = await quietly(() => run(stage, naive, job()));
      const figures: Record<string, number> = {
        'echo /s': echoed.requestsPerSecond,
        'ledger /s': ledger.requestsPerSecond,
        'naive /s': naively.requestsPerSecond,
        ...(tpcb === undefined
          ? {}
          : { 'TPC-B /s': (await quietly(() => tpcb.run(2 * seconds))).rate }),
        'ledger p50 ms': ledger.latencyMs.p50,
        'ledger p99 ms': ledger.latencyMs.p99,
        'ledger p999 ms': ledger.latencyMs.p999,
        'echo p99 ms': echoed.latencyMs.p99,
        'naive p99 ms': naively.latencyMs.p99,
        ...usage('echo', echoed),
        ...usage('ledger', ledger),
        ...usage('naive', naively),
      };
      rounds.push(figures);
      say(`round ${round}: ${show(figures, COLUMNS)}`);
    }
    return {
      benchmark: 'interactive',
      checks: [
        {
          what: 'ledger / echo route',
          measured: medianRatio(rounds, 'ledger /s', 'echo /s'),
          unit: 'share',
          atLeast: 0.45,
          aim: 0.6,
        },
        {
          what: 'ledger / naive ledger',
          measured: medianRatio(rounds, 'ledger /s', 'naive /s'),
          unit: 'times',
          atLeast: 3,
        },
        {
          what: 'p99, 256 connections',
          measured: medianOf(rounds, 'ledger p99 ms'),
          unit: 'ms',
          atMost: 60,
        },
        { what: 'p50, 256 connections', measured: medianOf(rounds, 'ledger p50 ms'), unit: 'ms' },
        { what: 'commands', measured: medianOf(rounds, 'ledger /s'), unit: 'per second' },
        ...(tpcb === undefined
          ? []
          : [
              {
                what: 'ledger / TPC-B',
                measured: medianRatio(rounds, 'ledger /s', 'TPC-B /s'),
                unit: 'times' as const,
              },
            ]),
      ],
      columns: COLUMNS,
      rounds,
      ...(settings.profile ? { profile: await profileLedger(stage, job()) } : {}),
      notes: [
        `75 % issues and 25 % burns over ${stage.members.length.toLocaleString('en')} members and ${MERCHANTS} merchants, one command per request, ${CONNECTIONS} connections with one request in flight each.`,
        `The generator used ${medianOf(rounds, 'echo generator cores').toFixed(2)} of a core while it drove the echo route at ${Math.round(medianOf(rounds, 'echo /s')).toLocaleString('en')} requests/s, so it is not what bounds the others.`,
        COST_NOTE,
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
