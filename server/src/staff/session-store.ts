import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import { tell } from '../platform/news.ts';

/** A session as it is kept: `id` is shown, the token is in its cookie alone. */
export interface Session {
  readonly id: Uuid;
  readonly login: Uuid;
  readonly signedInAt: Instant;
  readonly seenAt: Instant;
  readonly provenAt: Instant;
  readonly address: string | null;
  readonly userAgent: string | null;
}

interface Row {
  id: Uuid;
  login: Uuid;
  signed_in_at_ms: Instant;
  seen_at_ms: Instant;
  proven_at_ms: Instant;
  ip_address: string | null;
  user_agent: string | null;
}
const COLUMNS = 'id, login, signed_in_at_ms, seen_at_ms, proven_at_ms, ip_address, user_agent';

const sessionOf = (row: Row): Session => ({
  id: row.id,
  login: row.login,
  signedInAt: row.signed_in_at_ms,
  seenAt: row.seen_at_ms,
  provenAt: row.proven_at_ms,
  address: row.ip_address || null,
  userAgent: row.user_agent || null,
});

/** What of a session has not ended by time: begun after `begunAfter`, used after `usedAfter`. */
export interface Alive {
  readonly begunAfter: Instant;
  readonly usedAfter: Instant;
}

/** The session of a token, by its hash, as long as it is alive. */
export async function findSession(
  sql: Sql,
  token: string,
  { begunAfter, usedAfter }: Alive,
): Promise<Session | undefined> {
  const { rows } = await sql.query<Row>({
    name: 'find-staff-session',
    text: `select ${COLUMNS} from staff_session where token = $1 and signed_in_at_ms > $2 and seen_at_ms > $3`,
    values: [token, begunAfter, usedAfter],
  });
  return rows[0] === undefined ? undefined : sessionOf(rows[0]);
}

export async function readSession(sql: Sql, id: Uuid): Promise<Session | undefined> {
  const { rows } = await sql.query<Row>(`select ${COLUMNS} from staff_session where id = $1`, [id]);
  return rows[0] === undefined ? undefined : sessionOf(rows[0]);
}

/** The sessions of an account that are alive, the last used first. */
export async function listSessions(
  sql: Sql,
  login: Uuid,
  { begunAfter, usedAfter }: Alive,
): Promise<Session[]> {
  const { rows } = await sql.query<Row>(
    `select ${COLUMNS} from staff_session where login = $1 and signed_in_at_ms > $2 and seen_at_ms > $3
     order by seen_at_ms desc, id desc limit 200`,
    [login, begunAfter, usedAfter],
  );
  return rows.map(sessionOf);
}

/** Says that a session was used. */
export async function noteSeen(sql: Sql, id: Uuid, at: Instant): Promise<void> {
  await sql.query('update staff_session set seen_at_ms = $2 where id = $1 and seen_at_ms < $2', [
    id,
    at,
  ]);
}

/** Says that its person has just proven who they are. */
export async function noteProven(sql: Sql, id: Uuid, at: Instant): Promise<void> {
  await sql.query('update staff_session set proven_at_ms = $2 where id = $1', [id, at]);
}

/** Ends a session, in every process. */
export async function endSession(tx: Transaction, id: Uuid): Promise<void> {
  await tx.query('delete from staff_session where id = $1', [id]);
  await tell(tx, 'session', id);
}

/** Ends all sessions of an account but `kept`, and what was begun for one. */
export async function endSessions(tx: Transaction, login: Uuid, kept?: Uuid): Promise<void> {
  const { rows } = await tx.query<{ id: Uuid }>(
    'delete from staff_session where login = $1 and id is distinct from $2 returning id',
    [login, kept ?? null],
  );
  await tx.query('delete from staff_verification where value = $1', [login]);
  for (const { id } of rows) await tell(tx, 'session', id);
}

/** Removes what nobody can use any more: sessions that ended by time, and what was begun to sign in and is too old. */
export async function sweepSessions(sql: Sql, { begunAfter, usedAfter }: Alive): Promise<void> {
  await sql.query('delete from staff_session where signed_in_at_ms <= $1 or seen_at_ms <= $2', [
    begunAfter,
    usedAfter,
  ]);
  await sql.query('delete from staff_verification where expires_at < now()');
}
