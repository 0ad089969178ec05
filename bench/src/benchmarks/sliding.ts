import { medianOf, medianRatio, type Outcome, type Settings } from '../outcome.ts';
import { withStage } from '../stage.ts';
import { COMMANDS, REQUESTS_IN_FLIGHT } from './bulk.ts';
import { openProgramme } from './open-programme.ts';
import { COST_NOTE, runLedger, show, usage } from './run.ts';
import { undisturbed } from './undisturbed.ts';

const ROUNDS = 3;
const COLUMNS = ['rolling', 'beside', 'sliding'].flatMap((name) => [
  `${name} /s`,
  `${name} server µs`,
  `${name} database µs`,
  `${name} batch`,
]);
const YEAR = { kind: 'rolling', years: 1 };

/**
 * The same commands on points that lapse a year after they were earned, on such points of a programme that has others
 * which slide, and on points that slide.
 */
export async function sliding(settings: Settings): Promise<Outcome> {
  const { seconds, say } = settings;
  return withStage({ ...settings, merchants: 1 }, async (stage) => {
    const quietly = undisturbed(settings);
    const plain = await openProgramme(stage, 'plain', { points: YEAR });
    const mixed = await openProgramme(stage, 'mixed', {
      points: YEAR,
      slides: { kind: 'sliding', months: 12 },
    });
    const run = (merchants: readonly string[], pointType: string) =>
      quietly(() =>
        runLedger(stage, {
          workload: stage.workload({ kind: 'bulk', commands: COMMANDS, merchants, pointType }),
          connections: REQUESTS_IN_FLIGHT,
          seconds,
        }),
      );
    const rounds: Record<string, number>[] = [];
    for (let round = 1; round <= (settings.rounds ?? ROUNDS); round += 1) {
      const rolling = await run(plain, 'points');
      const beside = await run(mixed, 'points');
      const slides = await run(mixed, 'slides');
      const figures: Record<string, number> = {
        'rolling /s': rolling.commandsPerSecond,
        'beside /s': beside.commandsPerSecond,
        'sliding /s': slides.commandsPerSecond,
        ...usage('rolling', rolling),
        ...usage('beside', beside),
        ...usage('sliding', slides),
      };
      rounds.push(figures);
      say(`round ${round}: ${show(figures, COLUMNS)}`);
    }
    return {
      benchmark: 'sliding',
      checks: [
        {
          what: 'points that slide / rolling',
          measured: medianRatio(rounds, 'sliding /s', 'rolling /s'),
          unit: 'share',
          atLeast: 0.7,
        },
        {
          what: 'rolling, beside others that slide / rolling',
          measured: medianRatio(rounds, 'beside /s', 'rolling /s'),
          unit: 'share',
          atLeast: 0.9,
        },
        {
          what: 'on points that slide',
          measured: medianOf(rounds, 'sliding /s'),
          unit: 'per second',
        },
      ],
      columns: COLUMNS,
      rounds,
      notes: [
        'As the bulk benchmark: on points that lapse a year after they were earned, in a programme of nothing else and in one that has points which slide as well, and on these. Within a month: the first activity of a month, which extends every lot of its account once, is not among them.',
        COST_NOTE,
      ],
    };
  });
}
