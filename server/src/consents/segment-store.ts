import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import { tell } from '../platform/news.ts';
import type { MemberSegment, Segment } from './segment.ts';

const SEGMENT = `code, zh, en, service_reason as "serviceReason", created_at_ms as "createdAt"`;

/** The programme's number, for a write: whatever this process remembers, the row decides. */
export async function readProgrammeId(sql: Sql, code: string): Promise<number | undefined> {
  const { rows } = await sql.query<{ id: number }>('select id from programme where code = $1', [
    code,
  ]);
  return rows[0]?.id;
}

/** False when the programme has a segment of this code. */
export async function insertSegment(
  tx: Transaction,
  programme: number,
  segment: Segment,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into segment (programme, code, zh, en, service_reason, created_at_ms) values ($1, $2, $3, $4, $5, $6)
     on conflict do nothing`,
    [programme, segment.code, segment.zh, segment.en, segment.serviceReason, segment.createdAt],
  );
  return rowCount === 1;
}

export async function readSegment(
  sql: Sql,
  programme: number,
  code: string,
): Promise<Segment | undefined> {
  const { rows } = await sql.query<Segment>(
    `select ${SEGMENT} from segment where programme = $1 and code = $2`,
    [programme, code],
  );
  return rows[0];
}

/** Segments of a programme by code, after `after`. */
export async function listSegments(
  sql: Sql,
  programme: number,
  after: string,
  limit: number,
): Promise<Segment[]> {
  const { rows } = await sql.query<Segment>(
    `select ${SEGMENT} from segment where programme = $1 and code > $2 order by code limit $3`,
    [programme, after, limit],
  );
  return rows;
}

/** The segments a member is in, all of them: nobody is in more than a few. */
export async function readMemberSegments(sql: Sql, member: Uuid): Promise<MemberSegment[]> {
  const { rows } = await sql.query<MemberSegment>(
    `select programme, code, s.zh, s.en, s.service_reason as "serviceReason", i.since_ms as since, i.set_by as "setBy"
     from member_segment i join segment s using (programme, code) where i.member = $1 order by programme, code`,
    [member],
  );
  return rows;
}

export interface Into {
  readonly member: Uuid;
  readonly programme: number;
  readonly code: string;
}

/** Puts a member into a segment; who is in it stays. */
export async function insertMemberSegment(
  tx: Transaction,
  { member, programme, code }: Into,
  by: { readonly at: Instant; readonly key: Uuid },
): Promise<void> {
  await tx.query(
    `insert into member_segment (member, programme, code, since_ms, set_by) values ($1, $2, $3, $4, $5)
     on conflict do nothing`,
    [member, programme, code, by.at, by.key],
  );
  await tell(tx, 'consent', member);
}

/** True when the member was in it. */
export async function deleteMemberSegment(
  tx: Transaction,
  { member, programme, code }: Into,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    'delete from member_segment where member = $1 and programme = $2 and code = $3',
    [member, programme, code],
  );
  if (rowCount === 1) await tell(tx, 'consent', member);
  return rowCount === 1;
}

/** Takes a member out of every segment. */
export async function deleteSegments(tx: Transaction, member: Uuid): Promise<void> {
  await tx.query('delete from member_segment where member = $1', [member]);
}

/** Takes a member out of every segment that needs consent. */
export async function deletePersonalSegments(tx: Transaction, member: Uuid): Promise<void> {
  await tx.query(
    `delete from member_segment i using segment s
     where i.member = $1 and s.programme = i.programme and s.code = i.code and s.service_reason is null`,
    [member],
  );
}
