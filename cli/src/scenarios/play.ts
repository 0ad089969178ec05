import type { Hongmi } from '@hongmi/sdk';
import type { Figure, Played, Reason, Scenario } from './scenario.ts';
import { buildTown } from './town.ts';

const RUN_LENGTH = 12;

/** Plays a scenario on a server. Every play has programmes of its own, so it can be repeated on the same one. */
export async function play({ id, play: act }: Scenario, hongmi: Hongmi): Promise<Played> {
  const run = crypto.randomUUID().replaceAll('-', '').slice(0, RUN_LENGTH);
  const figures: Figure[] = [];
  const reasons: Reason[] = [];
  let towns = 0;
  await act({
    run,
    town(wishes) {
      towns += 1;
      return buildTown(hongmi, `${id.toLowerCase()}-${run}-${towns}`, wishes);
    },
    figure: (name, expected, found) => void figures.push({ name, expected, found }),
    reason: (reason) => void reasons.push(reason),
  });
  return { figures, reasons };
}
