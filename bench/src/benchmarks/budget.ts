import { callApi } from '../api.ts';
import { medianOf, medianRatio, type Outcome, type Settings } from '../outcome.ts';
import { withStage } from '../stage.ts';
import { COMMANDS, REQUESTS_IN_FLIGHT } from './bulk.ts';
import { COST_NOTE, runLedger, show, usage } from './run.ts';
import { undisturbed } from './undisturbed.ts';

const ROUNDS = 3;
const MERCHANTS = 200;
/** More than a run issues, so that nothing is refused; lent out in parts all the same. */
const TOTAL = 1_000_000_000;
const COLUMNS = ['without', 'one budget'].flatMap((name) => [
  `${name} /s`,
  `${name} server µs`,
  `${name} database µs`,
  `${name} batch`,
]);

/** The same commands where every issue, of every member in every shard, is taken from one budget. */
export async function budget(settings: Settings): Promise<Outcome> {
  const { seconds, say } = settings;
  return withStage({ ...settings, merchants: MERCHANTS }, async (stage) => {
    const quietly = undisturbed(settings);
    let budgets = 0;
    const run = (name?: string) =>
      runLedger(stage, {
        workload: stage.workload({
          kind: 'bulk',
          commands: COMMANDS,
          ...(name === undefined ? {} : { budget: name }),
        }),
        connections: REQUESTS_IN_FLIGHT,
        seconds,
      });
    // A new one for each run: the first loans, which are small, belong to what is measured.
    const limited = async () => {
      budgets += 1;
      const name = `campaign ${budgets}`;
      await callApi(stage.ledger, '/v1/budgets', { name, total: TOTAL }, `budget-${budgets}`);
      return run(name);
    };
    const rounds: Record<string, number>[] = [];
    for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
      const without = await quietly(() => run());
      const oneBudget = await quietly(limited);
      const figures: Record<string, number> = {
        'without /s': without.commandsPerSecond,
        'one budget /s': oneBudget.commandsPerSecond,
        ...usage('without', without),
        ...usage('one budget', oneBudget),
      };
      rounds.push(figures);
      say(`round ${round}: ${show(figures, COLUMNS)}`);
    }
    return {
      benchmark: 'budget',
      checks: [
        {
          what: 'one budget shared by everyone / without',
          measured: medianRatio(rounds, 'one budget /s', 'without /s'),
          unit: 'share',
          atLeast: 0.75,
        },
        {
          what: 'commands on one budget',
          measured: medianOf(rounds, 'one budget /s'),
          unit: 'per second',
        },
      ],
      columns: COLUMNS,
      rounds,
      notes: [
        'As the bulk benchmark: once without limits, once with every issue (three quarters of the commands) taken from one budget that all members in all shards share, a new one in every run.',
        COST_NOTE,
      ],
    };
  });
}
