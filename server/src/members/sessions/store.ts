import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import { DAY_MS, ENDED_KEPT_MS, IDLE_MAX_MS, LASTS_MAX_MS } from './limits.ts';

/** Keyed indexes of a number, and of the network that asks about it. */
export interface Asked {
  readonly phone: Buffer;
  readonly asker: Buffer;
}

/** Makes others who ask about this number, or from this network, wait until the transaction ends. */
export async function lockAsked(tx: Transaction, { phone, asker }: Asked): Promise<void> {
  // In one order for all, so that nobody waits crosswise.
  for (const [kind, index] of [
    ['number', phone],
    ['network', asker],
  ] as const)
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `member code ${kind} ${index.toString('hex')}`,
    ]);
}

/** When codes were asked for in the last day: for this number, and from this network. */
export async function readAsked(
  tx: Transaction,
  { phone, asker }: Asked,
  now: Instant,
): Promise<{ readonly ofNumber: Instant[]; readonly ofNetwork: Instant[] }> {
  const { rows } = await tx.query<{ numbers: Instant[] | null; networks: Instant[] | null }>(
    `select array_agg(made_at_ms) filter (where phone = $1) as numbers,
        array_agg(made_at_ms) filter (where asker = $2) as networks
      from member_code where (phone = $1 or asker = $2) and made_at_ms > $3`,
    [phone, asker, now - DAY_MS],
  );
  return { ofNumber: rows[0]?.numbers ?? [], ofNetwork: rows[0]?.networks ?? [] };
}

/** Writes a code down, and forgets those of before the last day. */
export async function insertCode(
  tx: Transaction,
  code: Asked & { readonly id: Uuid; readonly code: Buffer; readonly madeAt: Instant },
): Promise<void> {
  await tx.query('delete from member_code where made_at_ms <= $1', [code.madeAt - DAY_MS]);
  await tx.query(
    'insert into member_code (id, phone, asker, code, made_at_ms) values ($1, $2, $3, $4, $5)',
    [code.id, code.phone, code.asker, code.code, code.madeAt],
  );
}

export interface SentCode {
  readonly id: Uuid;
  readonly code: Buffer;
  readonly madeAt: Instant;
  readonly tries: number;
  readonly used: boolean;
  /** What it was used by, and what for: the request's index, the session, whether its member became one by it; null: nothing to repeat. */
  readonly request: Buffer | null;
  readonly session: Uuid | null;
  readonly joined: boolean;
}

/** The last code that was asked for a number, locked: of two who try it at once one is first. */
export async function lockLastCode(tx: Transaction, phone: Buffer): Promise<SentCode | undefined> {
  const { rows } = await tx.query<SentCode>(
    `select id, code, made_at_ms as "madeAt", tries, used, request, session, joined from member_code
      where phone = $1 order by made_at_ms desc, id desc limit 1 for update`,
    [phone],
  );
  return rows[0];
}

export async function noteTry(tx: Transaction, id: Uuid, isRight: boolean): Promise<void> {
  await tx.query('update member_code set tries = tries + 1, used = $2 where id = $1', [
    id,
    isRight,
  ]);
}

/** Notes what a code was used for, so that the same request may be answered again. */
export async function noteUsed(
  tx: Transaction,
  id: Uuid,
  used: { readonly request: Buffer | null; readonly session: Uuid; readonly joined: boolean },
): Promise<void> {
  await tx.query('update member_code set request = $2, session = $3, joined = $4 where id = $1', [
    id,
    used.request,
    used.session,
    used.joined,
  ]);
}

/** Gives a session that began since then, and goes on, another token: the one before opens it no more. */
export async function renewSession(
  tx: Transaction,
  { id, token, since }: { readonly id: Uuid; readonly token: Buffer; readonly since: Instant },
): Promise<MemberSession | undefined> {
  const { rows } = await tx.query<MemberSession>(
    `update member_session s set token = $2
      where s.id = $1 and s.begun_at_ms > $3 and s.ended_at_ms is null returning ${COLUMNS}`,
    [id, token, since],
  );
  return rows[0];
}

export interface MemberSession {
  readonly id: Uuid;
  readonly member: Uuid;
  readonly begunAt: Instant;
  /** Within the hour. */
  readonly seenAt: Instant;
  readonly userAgent: string | null;
}

/** Begins a session. False: its number is another one's, and nothing was written. Those long over are forgotten. */
export async function insertSession(
  tx: Transaction,
  session: MemberSession,
  { token, number }: { readonly token: Buffer; readonly number: number },
): Promise<boolean> {
  const { id, member, begunAt, seenAt, userAgent } = session;
  const { rowCount } = await tx.query(
    `insert into member_session (id, token, member, begun_at_ms, seen_at_ms, user_agent, code_number)
      values ($1, $2, $3, $4, $5, $6, $7) on conflict (code_number) do nothing`,
    [id, token, member, begunAt, seenAt, userAgent, number],
  );
  const over = begunAt - ENDED_KEPT_MS;
  await tx.query(
    'delete from member_session where member = $1 and (begun_at_ms <= $2 or seen_at_ms <= $3 or ended_at_ms <= $4)',
    [member, over - LASTS_MAX_MS, over - IDLE_MAX_MS, over],
  );
  return rowCount === 1;
}

const COLUMNS = `s.id, s.member, s.begun_at_ms as "begunAt", s.seen_at_ms as "seenAt", s.user_agent as "userAgent"`;
/** Of a session called s that goes on at $2: it ends when its member becomes part of another one, too. */
const GOES_ON = `s.ended_at_ms is null and s.begun_at_ms > $2::int8 - ${LASTS_MAX_MS} and s.seen_at_ms > $2::int8 - ${IDLE_MAX_MS}
  and exists (select from member m where m.id = s.member and m.merged_into is null)`;

export async function findSession(
  sql: Sql,
  token: Buffer,
  now: Instant,
): Promise<(MemberSession & { readonly hasAbsorbed: boolean }) | undefined> {
  const { rows } = await sql.query<MemberSession & { hasAbsorbed: boolean }>({
    name: 'find-member-session',
    text: `select ${COLUMNS}, exists (select from member a where a.merged_into = s.member) as "hasAbsorbed"
      from member_session s where s.token = $1 and ${GOES_ON}`,
    values: [token, now],
  });
  return rows[0];
}

export async function noteSeen(sql: Sql, id: Uuid, now: Instant): Promise<void> {
  await sql.query('update member_session set seen_at_ms = $2 where id = $1 and seen_at_ms < $2', [
    id,
    now,
  ]);
}

/** The sessions of a member that go on, the newest first. */
export async function listSessions(sql: Sql, member: Uuid, now: Instant): Promise<MemberSession[]> {
  const { rows } = await sql.query<MemberSession>(
    `select ${COLUMNS} from member_session s where s.member = $1 and ${GOES_ON}
      order by s.begun_at_ms desc, s.id desc`,
    [member, now],
  );
  return rows;
}

/** False when the member has no such session. */
export async function endSession(
  sql: Sql,
  { id, member }: Pick<MemberSession, 'id' | 'member'>,
  now: Instant,
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `update member_session set ended_at_ms = $3, user_agent = null
      where id = $1 and member = $2 and ended_at_ms is null`,
    [id, member, now],
  );
  return rowCount === 1;
}

/** Ends the session of a token, whoever's it is. */
export async function endByToken(tx: Transaction, token: Buffer, now: Instant): Promise<void> {
  await tx.query(
    'update member_session set ended_at_ms = $2, user_agent = null where token = $1 and ended_at_ms is null',
    [token, now],
  );
}

/** Deletes all sessions of these members, as if they had never been. */
export async function deleteSessionsOf(tx: Transaction, members: readonly Uuid[]): Promise<void> {
  await tx.query('delete from member_session where member = any ($1::uuid[])', [members]);
}
