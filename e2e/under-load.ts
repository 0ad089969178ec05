import { reach } from '@hongmi/server/kernel/testing/patience';
import { type Bank, createDice, visit } from './bank.ts';
import type { Caller } from './caller.ts';
import { postmasterOf, type ServerProcess } from './running-server.ts';

/** Clients that repeat each request until it is answered; the returned function lets them finish. */
export function startLoad(
  caller: Caller,
  bank: Bank,
  { seed, clients }: { seed: number; clients: number },
): () => Promise<void> {
  let stopped = false;
  const all = Array.from({ length: clients }, async (_, client) => {
    const dice = createDice(seed + client);
    for (let i = 0; !stopped; i += 1) {
      await visit(bank, dice, `k${client}-${i}`, async (body, key) => [
        await caller.until('POST', '/transactions', body, key),
      ]);
    }
  });
  const done = Promise.all(all);
  // A client that fails before the load is stopped must not end the test run; it fails the test below. When
  // the load stands still because of it, nobody gets there.
  done.catch((error: unknown) => process.stderr.write(`a client gave up: ${error}\n`));
  return async () => {
    stopped = true;
    await done;
  };
}

export function countAnswered(bank: Bank): number {
  return bank.slips.filter((slip) => slip.answers.length > 0).length;
}

/** Waits for what only happens while the server answers; what it said last tells why it does not. */
export function reachUnderLoad(
  isReached: () => boolean,
  server: Pick<ServerProcess, 'lastWords'>,
  clients?: Promise<unknown>,
): Promise<void> {
  return reach(isReached, () => `the load stands still:\n${server.lastWords()}`, clients);
}

/** kill -9 of the embedded PostgreSQL's first process; false when none runs at the moment. */
export function killPostgres(dataDir: string): boolean {
  const pid = postmasterOf(dataDir);
  if (pid === undefined) return false;
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}
