import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql, Transaction } from '../platform/database.ts';

/** Longer than the library takes a code. */
const CODE_KEPT_MS = 10 * 60_000;

/**
 * Takes a code of an authenticator, once: the library takes it again as long as its half minute and the one beside it last
 * (RFC 6238, 5.2 forbids that). False when it was taken before.
 */
export async function useCode(sql: Sql, login: Uuid, code: string, at: Instant): Promise<boolean> {
  await sql.query('delete from staff_code_used where used_at_ms < $1', [at - CODE_KEPT_MS]);
  const { rowCount } = await sql.query(
    'insert into staff_code_used (login, code, used_at_ms) values ($1, $2, $3) on conflict do nothing',
    [login, code, at],
  );
  return rowCount === 1;
}

/** Whose second factor is asked for, by what the cookie of that holds. */
export async function findPending(sql: Sql, identifier: string): Promise<Uuid | undefined> {
  const { rows } = await sql.query<{ value: Uuid }>(
    'select value from staff_verification where identifier = $1 and expires_at > now()',
    [identifier],
  );
  return rows[0]?.value;
}

export interface Passkey {
  readonly id: Uuid;
  readonly name: string | null;
  /** Whether its maker keeps it in more than one place. */
  readonly synced: boolean;
  readonly createdAt: Instant;
}

export async function listPasskeys(sql: Sql, login: Uuid): Promise<Passkey[]> {
  const { rows } = await sql.query<{
    id: Uuid;
    name: string | null;
    backed_up: boolean;
    created_at: Instant;
  }>('select id, name, backed_up, created_at from staff_passkey where login = $1 order by id', [
    login,
  ]);
  return rows.map(({ id, name, backed_up: synced, created_at: createdAt }) => {
    return { id, name, synced, createdAt };
  });
}

/** False when there is none of this id. */
export async function deletePasskey(tx: Transaction, login: Uuid, id: Uuid): Promise<boolean> {
  const { rowCount } = await tx.query('delete from staff_passkey where login = $1 and id = $2', [
    login,
    id,
  ]);
  return rowCount === 1;
}

/** False when there is none. */
export async function deleteAuthenticator(tx: Transaction, login: Uuid): Promise<boolean> {
  await tx.query('update staff_login set two_factor_enabled = false where id = $1', [login]);
  const { rowCount } = await tx.query('delete from staff_two_factor where login = $1', [login]);
  return rowCount === 1;
}

/** Writes down what somebody signs in by: their address, and the hash of their password. */
export async function putLogin(
  tx: Transaction,
  { id, name, email }: { readonly id: Uuid; readonly name: string; readonly email: string },
  { credential, password }: { readonly credential: Uuid; readonly password: string },
): Promise<void> {
  await tx.query(
    `insert into staff_login (id, name, email, email_verified, created_at, updated_at) values ($1, $2, $3, true, now(), now())
     on conflict (id) do update set name = excluded.name`,
    [id, name, email],
  );
  await tx.query(
    `insert into staff_credential (id, login, account_id, provider_id, password, created_at, updated_at)
     values ($1, $2, $2::uuid::text, 'credential', $3, now(), now())
     on conflict (login, provider_id) do update set password = excluded.password, updated_at = now()`,
    [credential, id, password],
  );
}

/** Takes away all that somebody signs in by. */
export async function clearLogin(tx: Transaction, login: Uuid): Promise<void> {
  await deleteAuthenticator(tx, login);
  await tx.query('delete from staff_passkey where login = $1', [login]);
  await tx.query('delete from staff_credential where login = $1', [login]);
}
