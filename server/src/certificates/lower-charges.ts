import type { Uuid } from '../kernel/id.ts';
import type { Command } from '../ledger/command.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Answer } from '../ledger/transaction.ts';
import type { Pool } from '../platform/database.ts';
import type { GivenOn } from './given-on.ts';
import { readChargesOf, updateCharges } from './store.ts';

/** Nobody is charged with points that came back: lowers what merchants are charged with of these earns. */
export async function lowerCharges(
  pool: Pool,
  givers: readonly GivenOn[],
  earns: readonly Uuid[],
): Promise<void> {
  const charges = await readChargesOf(pool, earns);
  if (charges.length === 0) return;
  for (const giver of givers) await updateCharges(pool, await giver.chargesNow(pool, charges));
}

/**
 * The ledger, where charges follow returns, whatever they are of: goods, forged evidence, or points that somebody takes back
 * by hand. A return that is sent again after a crash lowers them again.
 */
export function followReturns(ledger: Ledger, pool: Pool, givers: readonly GivenOn[]): Ledger {
  async function follow(commands: readonly Command[], answers: readonly Answer[]): Promise<void> {
    const earns = commands.flatMap((command, place) =>
      command.kind === 'return' && answers[place]?.status === 'applied' ? command.earn : [],
    );
    if (earns.length > 0) await lowerCharges(pool, givers, earns);
  }
  return {
    ...ledger,
    async submit(command) {
      const answer = await ledger.submit(command);
      await follow([command], [answer]);
      return answer;
    },
    async submitAll(commands) {
      const answers = await ledger.submitAll(commands);
      await follow(commands, answers);
      return answers;
    },
  };
}
