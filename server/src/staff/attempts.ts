import type { Clock } from '../kernel/clock.ts';
import type { Pool, Sql } from '../platform/database.ts';
import type { Sealer } from '../platform/seal.ts';
import { networkOf } from '../platform/web/network.ts';

const WINDOW_MS = 15 * 60_000;
/** So many wrong ones in a window lock the account's password. */
const ACCOUNT_WRONG_MAX = 5;
/** An office may have one address for all who work in it; of IPv6 the network counts, which is somebody's as a whole. */
const ADDRESS_WRONG_MAX = 50;
/** For how long, each time longer until somebody gets in. */
const LOCK_MINUTES = [1, 5, 15, 60];
/** After so long nobody asks any more what was tried. */
const FORGET_MS = 24 * 60 * 60_000;

/** One attempt, counted before anybody knows what it comes to. */
export interface Attempt {
  /** It was right: what counted against the account is over, and the address has its attempt back. */
  right(): Promise<void>;
  /** It was wrong: what is too much is locked. */
  wrong(): Promise<void>;
}

export type Taken = Attempt | { readonly retryAfterSeconds: number };

/**
 * Counts what is tried at sign-in, in the database: by account, whether there is one or not, and by address. Every process
 * counts the same, and a restart forgets nothing. Sessions that are open, and passkeys, are not concerned.
 */
export interface Attempts {
  take(email: string, address: string): Promise<Taken>;
  /** What counted against an account is over. */
  unlock(sql: Sql, email: string): Promise<void>;
}

export function createAttempts(pool: Pool, clock: Clock, sealer: Sealer): Attempts {
  const accountOf = (email: string): Buffer => sealer.index('sign-in account', email);
  const addressOf = (address: string): Buffer =>
    sealer.index('sign-in address', networkOf(address));

  return {
    async take(email, address) {
      const now = clock.now();
      await pool.query('delete from staff_attempt where from_ms < $1', [now - FORGET_MS]);
      const account = await count(pool, accountOf(email), now, ACCOUNT_WRONG_MAX);
      if (account.lockedUntil !== null) return waitUntil(account.lockedUntil, now);
      const network = await count(pool, addressOf(address), now, ADDRESS_WRONG_MAX);
      if (network.lockedUntil !== null) return waitUntil(network.lockedUntil, now);
      return {
        async right() {
          await pool.query('delete from staff_attempt where about = $1', [accountOf(email)]);
          await pool.query(
            'update staff_attempt set wrong = greatest(wrong - 1, 0) where about = $1',
            [addressOf(address)],
          );
        },
        async wrong() {
          if (account.wrong >= ACCOUNT_WRONG_MAX) await lock(pool, accountOf(email), now);
          if (network.wrong >= ADDRESS_WRONG_MAX) await lock(pool, addressOf(address), now);
        },
      };
    },
    async unlock(sql, email) {
      await sql.query('delete from staff_attempt where about = $1', [accountOf(email)]);
    },
  };
}

interface Counted {
  /** In this window, this attempt included. */
  readonly wrong: number;
  readonly lockedUntil: number | null;
}

// Counted at once, not after the password was looked at: a burst would be through before its first one is wrong.
async function count(pool: Pool, about: Buffer, now: number, wrongMax: number): Promise<Counted> {
  const { rows } = await pool.query<{ wrong: number; locked_until_ms: number | null }>({
    name: 'count-sign-in-attempt',
    text: `insert into staff_attempt as a (about, from_ms, wrong) values ($1, $2, 1)
      on conflict (about) do update set
        wrong = case when a.locked_until_ms > $2 then a.wrong when a.from_ms between $2 - $3::bigint and $2 then a.wrong + 1 else 1 end,
        from_ms = case when a.locked_until_ms > $2 or a.from_ms between $2 - $3::bigint and $2 then a.from_ms else $2 end
      returning wrong, case when locked_until_ms > $2 then locked_until_ms end as locked_until_ms`,
    values: [about, now, WINDOW_MS],
  });
  const { wrong = 1, locked_until_ms: lockedUntil = null } = rows[0] ?? {};
  if (lockedUntil !== null || wrong <= wrongMax) return { wrong, lockedUntil };
  // Others are being looked at, which will lock it if they are wrong too.
  return { wrong, lockedUntil: now + minutes(0) };
}

async function lock(pool: Pool, about: Buffer, now: number): Promise<void> {
  await pool.query(
    `update staff_attempt set locks = locks + 1, wrong = 0, from_ms = $2,
       locked_until_ms = $2 + ($3::bigint[])[least(locks + 1, cardinality($3::bigint[]))]
     where about = $1 and coalesce(locked_until_ms, 0) <= $2`,
    [about, now, LOCK_MINUTES.map((_, at) => minutes(at))],
  );
}

const minutes = (at: number): number => (LOCK_MINUTES[at] ?? 1) * 60_000;

function waitUntil(until: number, now: number): { readonly retryAfterSeconds: number } {
  return { retryAfterSeconds: Math.max(1, Math.ceil((until - now) / 1_000)) };
}
