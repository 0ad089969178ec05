import { type Ledger, LedgerUnavailable } from '../../ledger/ledger.ts';
import type { Pool } from '../../platform/database.ts';

/** A process that dies at its n-th step, a statement or a call of the ledger: before it is done, or `after` it and before the answer. */
export interface Dying {
  readonly pool: Pool;
  readonly ledger: Ledger;
  /** Whoever else is asked over a connection: every call is a step. */
  over<T extends object>(other: T, lost: () => Error): T;
  /** Steps so far. */
  readonly steps: () => number;
}

class Died extends Error {
  readonly code = 'ECONNRESET';
  readonly syscall = 'read';
}

type Query = (...args: unknown[]) => Promise<unknown>;

export function dying(pool: Pool, ledger: Ledger, at: number, after: boolean): Dying {
  let steps = 0;
  /** Nothing is done any more once it is dead, not even what would tidy up. */
  const step = async <T>(work: () => Promise<T>, why: () => Error): Promise<T> => {
    steps += 1;
    if (steps > at || (steps === at && !after)) throw why();
    const done = await work();
    if (steps >= at) throw why();
    return done;
  };
  const lost = (): Error => new Died('the connection is gone');
  const down = (): Error => new LedgerUnavailable();
  const overSql = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(inner, name) {
        const value: unknown = Reflect.get(inner, name);
        if (name === 'query')
          return (...args: unknown[]) => step(() => (value as Query).apply(inner, args), lost);
        if (name === 'connect')
          return async () => overSql(await (value as () => Promise<object>).apply(inner));
        return typeof value === 'function' ? value.bind(inner) : value;
      },
    });
  return {
    pool: overSql(pool),
    ledger: {
      ...ledger,
      submit: (command) => step(() => ledger.submit(command), down),
      submitAll: (commands) => step(() => ledger.submitAll(commands), down),
      preview: (commands) => step(() => ledger.preview(commands), down),
    },
    over: (other, gone) =>
      new Proxy(other, {
        get(inner, name) {
          const value = Reflect.get(inner, name) as Query;
          return (...args: unknown[]) => step(() => value.apply(inner, args), gone);
        },
      }),
    steps: () => steps,
  };
}
