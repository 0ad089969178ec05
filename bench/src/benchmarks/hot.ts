import { medianOf, medianRatio, type Outcome, type Settings } from '../outcome.ts';
import { withStage } from '../stage.ts';
import { COMMANDS, REQUESTS_IN_FLIGHT } from './bulk.ts';
import { COST_NOTE, runLedger, show, usage } from './run.ts';
import { undisturbed } from './undisturbed.ts';

const ROUNDS = 3;
const MERCHANTS = 200;
const COLUMNS = ['spread', 'one merchant', 'hot members'].flatMap((name) => [
  `${name} /s`,
  `${name} server µs`,
  `${name} database µs`,
  `${name} batch`,
]);

/** The same commands where everybody shops at one merchant, and where few members do most of the shopping. */
export async function hot(settings: Settings): Promise<Outcome> {
  const { seconds, say } = settings;
  return withStage({ ...settings, merchants: MERCHANTS }, async (stage) => {
    const quietly = undisturbed(settings);
    const run = async (given: Partial<Parameters<typeof stage.workload>[0]>) => {
      const job = () => ({
        workload: stage.workload({ kind: 'bulk', commands: COMMANDS, ...given }),
        connections: REQUESTS_IN_FLIGHT,
        seconds,
      });
      return quietly(() => runLedger(stage, job()));
    };
    const rounds: Record<string, number>[] = [];
    for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
      const spread = await run({});
      const oneMerchant = await run({ merchants: stage.merchants.slice(0, 1) });
      const hotMembers = await run({ members: 'zipf' });
      const figures: Record<string, number> = {
        'spread /s': spread.commandsPerSecond,
        'one merchant /s': oneMerchant.commandsPerSecond,
        'hot members /s': hotMembers.commandsPerSecond,
        ...usage('spread', spread),
        ...usage('one merchant', oneMerchant),
        ...usage('hot members', hotMembers),
      };
      rounds.push(figures);
      say(`round ${round}: ${show(figures, COLUMNS)}`);
    }
    return {
      benchmark: 'hot',
      checks: [
        {
          what: 'one merchant / many merchants',
          measured: medianRatio(rounds, 'one merchant /s', 'spread /s'),
          unit: 'share',
          atLeast: 0.8,
        },
        {
          what: 'Zipf-hot members / uniform members',
          measured: medianRatio(rounds, 'hot members /s', 'spread /s'),
          unit: 'share',
          atLeast: 0.6,
        },
        {
          what: 'commands on one merchant',
          measured: medianOf(rounds, 'one merchant /s'),
          unit: 'per second',
        },
        {
          what: 'commands on Zipf-hot members',
          measured: medianOf(rounds, 'hot members /s'),
          unit: 'per second',
        },
      ],
      columns: COLUMNS,
      rounds,
      notes: [
        `As the bulk benchmark: once over ${MERCHANTS} merchants and members at random, once all on one merchant, once with members by Zipf's law with exponent 1 (the busiest member has about 8 % of the commands).`,
        COST_NOTE,
      ],
    };
  });
}
