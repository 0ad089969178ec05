import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import type { Role } from './role.ts';
import type { Staff, StaffState } from './staff.ts';

interface Row {
  id: Uuid;
  key: Uuid;
  name: string;
  email: string;
  role: Role;
  state: StaffState;
  demo: boolean;
  merchant: Uuid | null;
  programme: number | null;
  programme_code: string | null;
  created_at_ms: Instant;
  changed_at_ms: Instant;
  invitation_until_ms: Instant | null;
  two_factor_enabled: boolean | null;
  passkeys: number;
  seen_at_ms: Instant | null;
}

const COLUMNS = `t.id, t.key, t.name, t.email, t.role, t.state, t.demo, t.merchant, t.created_at_ms, t.changed_at_ms,
  t.invitation_until_ms, p.id as programme, p.code as programme_code, l.two_factor_enabled,
  (select count(*) from staff_passkey k where k.login = t.id)::int as passkeys,
  (select max(s.seen_at_ms) from staff_session s where s.login = t.id) as seen_at_ms`;
/** Staff called t, with the programme they reach and what they sign in by. */
const FROM = `staff t left join staff_login l on l.id = t.id left join merchant m on m.id = t.merchant
  left join programme p on p.id = coalesce(t.programme, m.programme)`;

function staffOf(row: Row): Staff {
  const { programme, programme_code: code } = row;
  return {
    id: row.id,
    key: row.key,
    name: row.name,
    email: row.email,
    role: row.role,
    state: row.state,
    demo: row.demo,
    merchant: row.merchant,
    programme: programme === null || code === null ? null : { id: programme, code },
    createdAt: row.created_at_ms,
    changedAt: row.changed_at_ms,
    invitedUntil: row.invitation_until_ms,
    hasAuthenticator: row.two_factor_enabled === true,
    passkeys: row.passkeys,
    seenAt: row.seen_at_ms,
  };
}

export async function findStaff(sql: Sql, id: Uuid): Promise<Staff | undefined> {
  const { rows } = await sql.query<Row>(`select ${COLUMNS} from ${FROM} where t.id = $1`, [id]);
  return rows[0] === undefined ? undefined : staffOf(rows[0]);
}

/** The same, kept as it is until the transaction ends. */
export async function lockStaff(tx: Transaction, id: Uuid): Promise<Staff | undefined> {
  await tx.query('select 1 from staff where id = $1 for update', [id]);
  return await findStaff(tx, id);
}

export async function findStaffByEmail(sql: Sql, email: string): Promise<Staff | undefined> {
  const { rows } = await sql.query<Row>(`select ${COLUMNS} from ${FROM} where t.email = $1`, [
    email,
  ]);
  return rows[0] === undefined ? undefined : staffOf(rows[0]);
}

/** Whose invitation this is, kept as it is until the transaction ends; undefined when it does not count any more. */
export async function findInvited(
  tx: Transaction,
  hash: Buffer,
  now: Instant,
): Promise<Staff | undefined> {
  const { rows } = await tx.query<{ id: Uuid }>(
    `select id from staff where invitation = $1 and invitation_until_ms > $2 and state = 'invited' for update`,
    [hash, now],
  );
  return rows[0] === undefined ? undefined : await findStaff(tx, rows[0].id);
}

export interface StaffQuery {
  readonly merchant: Uuid | null;
  readonly programme: number | null;
  readonly role: Role | null;
  readonly state: StaffState | null;
  readonly after: Uuid | null;
  readonly limit: number;
}

/** Staff by age, after the account `after`. */
export async function listStaff(sql: Sql, query: StaffQuery): Promise<Staff[]> {
  const { merchant, programme, role, state, after, limit } = query;
  const { rows } = await sql.query<Row>(
    `select ${COLUMNS} from ${FROM}
     where ($1::uuid is null or t.merchant = $1) and ($2::int is null or coalesce(t.programme, m.programme) = $2)
       and ($3::text is null or t.role = $3) and ($4::text is null or t.state = $4) and ($5::uuid is null or t.id > $5)
     order by t.id limit $6`,
    [merchant, programme, role, state, after, limit],
  );
  return rows.map(staffOf);
}

export async function insertStaff(
  tx: Transaction,
  staff: Pick<Staff, 'id' | 'key' | 'name' | 'email' | 'role' | 'merchant' | 'programme'> & {
    readonly at: Instant;
    readonly by: Uuid | null;
    readonly demo: boolean;
  },
): Promise<void> {
  const { id, key, name, email, role, merchant, programme, at, by, demo } = staff;
  await tx.query(
    `insert into staff (id, key, name, email, role, demo, merchant, programme, created_at_ms, created_by, changed_at_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9)`,
    [
      id,
      key,
      name,
      email,
      role,
      demo,
      merchant,
      merchant === null ? (programme?.id ?? null) : null,
      at,
      by,
    ],
  );
}

export async function updateStaff(
  tx: Transaction,
  id: Uuid,
  { name, role, state }: Pick<Staff, 'name' | 'role' | 'state'>,
  at: Instant,
): Promise<void> {
  await tx.query(
    'update staff set name = $2, role = $3, state = $4, changed_at_ms = $5 where id = $1',
    [id, name, role, state, at],
  );
  await tx.query('update staff_login set name = $2 where id = $1', [id, name]);
}

/** Writes an invitation down, instead of the one before; null: there is none any more. */
export async function putInvitation(
  tx: Transaction,
  id: Uuid,
  invitation: { readonly hash: Buffer; readonly until: Instant } | null,
): Promise<void> {
  await tx.query('update staff set invitation = $2, invitation_until_ms = $3 where id = $1', [
    id,
    invitation?.hash ?? null,
    invitation?.until ?? null,
  ]);
}
