import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { uuids } from '../../platform/columns.ts';
import type { Sql, Transaction } from '../../platform/database.ts';

/** The code of a member's invitation to a programme; undefined: they have none yet. */
export async function readInvitation(
  sql: Sql,
  member: Uuid,
  programme: number,
): Promise<string | undefined> {
  const { rows } = await sql.query<{ code: string }>(
    'select code from invitation where member = $1 and programme = $2',
    [member, programme],
  );
  return rows[0]?.code;
}

/** Keeps a code for a member's invitation, unless they have one. False: the code is another one's, and nothing was written. */
export async function insertInvitation(
  tx: Transaction,
  asked: {
    readonly code: string;
    readonly member: Uuid;
    readonly programme: number;
    readonly at: Instant;
  },
): Promise<boolean> {
  await tx.query(
    `insert into invitation (code, member, programme, made_at_ms) values ($1, $2, $3, $4) on conflict do nothing`,
    [asked.code, asked.member, asked.programme, asked.at],
  );
  return (await readInvitation(tx, asked.member, asked.programme)) !== undefined;
}

/** Who invites to a programme by this code, as long as they take part in it themselves: of an absorbed member, the survivor. */
export async function readInviter(
  sql: Sql,
  code: string,
  programme: number,
): Promise<Uuid | undefined> {
  const { rows } = await sql.query<{ member: Uuid }>(
    `select s.member from invitation i join member m on m.id = i.member
      join membership s on s.programme = i.programme
        and s.member = case when m.merged_into is null then m.id else survivor_of(m.id) end
      where i.code = $1 and i.programme = $2`,
    [code, programme],
  );
  return rows[0]?.member;
}

/** Forgets the invitations of these members: what their links carry leads to nobody. */
export async function deleteInvitationsOf(
  tx: Transaction,
  members: readonly Uuid[],
): Promise<void> {
  await tx.query('delete from invitation where member = any ($1::uuid[])', [uuids(members)]);
}

/** Where a member joined a programme; null: nowhere in particular, or not at all. */
export async function readJoinedAt(
  sql: Sql,
  member: Uuid,
  programme: number,
): Promise<Uuid | null> {
  const { rows } = await sql.query<{ merchant: Uuid | null }>(
    'select merchant from membership where member = $1 and programme = $2',
    [member, programme],
  );
  return rows[0]?.merchant ?? null;
}

/** Somebody has become a member by an invitation, and the referral is not recorded yet. */
export interface Invited {
  readonly member: Uuid;
  readonly programme: number;
  readonly by: Uuid;
  /** By the machine's clock. */
  readonly since: Instant;
}

const COLUMNS = 'member, programme, by, since_ms as since';

export async function insertInvited(tx: Transaction, invited: Invited): Promise<void> {
  await tx.query('insert into invited (member, programme, by, since_ms) values ($1, $2, $3, $4)', [
    invited.member,
    invited.programme,
    invited.by,
    invited.since,
  ]);
}

/** Of these members, those that have just come by an invitation. */
export async function readInvited(sql: Sql, members: readonly Uuid[]): Promise<Invited[]> {
  const { rows } = await sql.query<Invited>({
    name: 'invited',
    text: `select ${COLUMNS} from invited where member = any ($1::uuid[]) order by since_ms, member`,
    values: [uuids(members)],
  });
  return rows;
}

/** Those that have waited since before `before`, the oldest first, behind `after`. */
export async function readLateInvited(
  sql: Sql,
  before: Instant,
  after: Invited | null,
  limit: number,
): Promise<Invited[]> {
  const { rows } = await sql.query<Invited>({
    name: 'invited-late',
    text: `select ${COLUMNS} from invited
      where since_ms < $1 and ($2::int8 is null or (since_ms, member) > ($2, $3::uuid)) order by since_ms, member limit $4`,
    values: [before, after?.since ?? null, after?.member ?? null, limit],
  });
  return rows;
}

/** Notes that what follows from these is recorded. */
export async function endInvited(sql: Sql, list: readonly Invited[]): Promise<void> {
  await sql.query({
    name: 'invited-end',
    text: 'delete from invited where member = any ($1::uuid[])',
    values: [uuids(list, (each) => each.member)],
  });
}
