import { medianOf, medianRatio, type Outcome, type Settings } from '../outcome.ts';
import { withStage } from '../stage.ts';
import { COMMANDS, REQUESTS_IN_FLIGHT } from './bulk.ts';
import { COST_NOTE, profileLedger, runLedger, show, usage } from './run.ts';
import { undisturbed } from './undisturbed.ts';

const ROUNDS = 3;
const MERCHANTS = 200;
const CONNECTIONS = 256;
const COLUMNS = ['commands', 'transfers', 'one by one'].flatMap((name) => [
  `${name} /s`,
  `${name} server µs`,
  `${name} database µs`,
  `${name} batch`,
]);

/** Gifts between members at random, most of them across shards: in bulk and one per request, beside plain commands. */
export async function transfers(settings: Settings): Promise<Outcome> {
  const { seconds, say } = settings;
  return withStage({ ...settings, merchants: MERCHANTS }, async (stage) => {
    const quietly = undisturbed(settings);
    const job = (kind: 'bulk' | 'gifts' | 'gift') => ({
      workload: stage.workload({ kind, commands: COMMANDS }),
      connections: kind === 'gift' ? CONNECTIONS : REQUESTS_IN_FLIGHT,
      seconds,
    });
    const rounds: Record<string, number>[] = [];
    for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
      const commands = await quietly(() => runLedger(stage, job('bulk')));
      const inBulk = await quietly(() => runLedger(stage, job('gifts')));
      const oneByOne = await quietly(() => runLedger(stage, job('gift')));
      const figures: Record<string, number> = {
        'commands /s': commands.commandsPerSecond,
        'transfers /s': inBulk.commandsPerSecond,
        'one by one /s': oneByOne.commandsPerSecond,
        'one by one p99 ms': oneByOne.latencyMs.p99,
        ...usage('commands', commands),
        ...usage('transfers', inBulk),
        ...usage('one by one', oneByOne),
      };
      rounds.push(figures);
      say(`round ${round}: ${show(figures, COLUMNS)}`);
    }
    return {
      benchmark: 'transfers',
      checks: [
        {
          what: 'transfers in bulk',
          measured: medianOf(rounds, 'transfers /s'),
          unit: 'per second',
          atLeast: 2_000,
        },
        {
          what: 'transfers one by one',
          measured: medianOf(rounds, 'one by one /s'),
          unit: 'per second',
          atLeast: 2_000,
        },
        {
          what: 'transfers / plain commands',
          measured: medianRatio(rounds, 'transfers /s', 'commands /s'),
          unit: 'share',
        },
        {
          what: 'p99 of a transfer, one by one',
          measured: medianOf(rounds, 'one by one p99 ms'),
          unit: 'ms',
        },
      ],
      columns: COLUMNS,
      rounds,
      ...(settings.profile ? { profile: await profileLedger(stage, job('gifts')) } : {}),
      notes: [
        `Gifts of one point between members at random: ${COMMANDS} per request with ${REQUESTS_IN_FLIGHT} requests in flight, then one per request over ${CONNECTIONS} connections, beside the commands of the bulk benchmark. Each is two transactions of the ledger, mostly in different shards, between two statements that note it.`,
        COST_NOTE,
      ],
    };
  });
}
