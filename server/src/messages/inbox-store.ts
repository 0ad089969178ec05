import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { int4s, int8s, uuids } from '../platform/columns.ts';
import type { Sql } from '../platform/database.ts';
import {
  ADVERTISING,
  type Evidence,
  type Message,
  type MessageChannel,
  type MessageKind,
} from './message.ts';

/** A message as its member has it. */
export interface Received extends Message {
  readonly fetchedAt: Instant | null;
  readonly readAt: Instant | null;
}

/** Whose messages are read: the member's own, of all who have become part of them, and their programmes'. */
export interface Inbox {
  readonly member: Uuid;
  /** The member among them. */
  readonly owners: readonly Uuid[];
  /** The programmes whose announcements they see. */
  readonly programmes: readonly number[];
  /** The time in every programme. */
  readonly times: readonly { readonly programme: number; readonly now: Instant }[];
  /** Whether they consent to advertising by this channel. */
  readonly withAdvertising: boolean;
  readonly onlyUnread: boolean;
}

/** A place in a list by when messages are due, the latest first. */
export interface MessagePlace {
  readonly dueAt: Instant;
  readonly id: Uuid;
}

interface Row extends Omit<Message, 'zh' | 'en'> {
  readonly zhTitle: string;
  readonly zhText: string;
  readonly enTitle: string;
  readonly enText: string;
  readonly kind: MessageKind;
  readonly channel: MessageChannel;
}

const MESSAGE = `m.id, m.programme, m.member, m.kind, m.channel, m.dedupe_key as "dedupeKey", m.facts,
  m.zh_title as "zhTitle", m.zh_text as "zhText", m.en_title as "enTitle", m.en_text as "enText",
  m.due_at_ms as "dueAt", m.expires_at_ms as "expiresAt", m.made_at_ms as "madeAt"`;

function messageOf<R extends Row>({ zhTitle, zhText, enTitle, enText, ...rest }: R) {
  return {
    ...rest,
    zh: { title: zhTitle, text: zhText },
    en: { title: enTitle, text: enText },
  };
}

// Of an announcement, the evidence is each member's; of a message, its own member's, who may have become
// part of another one since.
const EVIDENCE_OF = 'coalesce(m.member, $1)';

/** What a member sees now; $1 member $2 owners $3 programmes $4, $5 times $6 advertising $7 only unread. */
const visible = (
  whose: string,
): string => `from message m join unnest($4::int4[], $5::int8[]) as t (programme, now_ms)
    on t.programme = m.programme
  where ${whose} and m.due_at_ms <= t.now_ms and (m.expires_at_ms is null or m.expires_at_ms > t.now_ms)
    and ($6 or m.kind <> '${ADVERTISING}')
    and not ($7 and exists (select from message_evidence e
      where e.message = m.id and e.member = ${EVIDENCE_OF} and e.what = 'read'))`;
const OWN = 'm.member = any ($2::uuid[])';
const ANNOUNCED = 'm.member is null and m.programme = any ($3::int4[])';

const PAGE = `and ($8::int8 is null or (m.due_at_ms, m.id) < ($8, $9::uuid)) order by m.due_at_ms desc, m.id desc limit $10`;

const INBOX = `select ${MESSAGE}, f.at_ms as "fetchedAt", r.at_ms as "readAt" from (
    (select m.* ${visible(OWN)} ${PAGE}) union all (select m.* ${visible(ANNOUNCED)} ${PAGE})
  ) m
  left join message_evidence f on f.message = m.id and f.member = ${EVIDENCE_OF} and f.what = 'fetched'
  left join message_evidence r on r.message = m.id and r.member = ${EVIDENCE_OF} and r.what = 'read'
  order by m.due_at_ms desc, m.id desc limit $10`;
const COUNT = `select (select count(*) ${visible(OWN)}) + (select count(*) ${visible(ANNOUNCED)}) as count`;

const valuesOf = (inbox: Inbox): unknown[] => [
  inbox.member,
  uuids(inbox.owners),
  int4s(inbox.programmes),
  int4s(inbox.times, (each) => each.programme),
  int8s(inbox.times, (each) => each.now),
  inbox.withAdvertising,
  inbox.onlyUnread,
];

/** A page of what a member sees now, the latest first, before a place. */
export async function readInbox(
  sql: Sql,
  inbox: Inbox,
  before: MessagePlace | null,
  limit: number,
): Promise<Received[]> {
  const { rows } = await sql.query<Row & Pick<Received, 'fetchedAt' | 'readAt'>>({
    name: 'read-inbox',
    text: INBOX,
    values: [...valuesOf(inbox), before?.dueAt ?? null, before?.id ?? null, limit],
  });
  return rows.map(messageOf);
}

/** How many messages a member sees now and has not read. */
export async function countUnread(sql: Sql, inbox: Inbox): Promise<number> {
  const { rows } = await sql.query<{ count: number }>({
    name: 'count-unread',
    text: COUNT,
    values: valuesOf({ ...inbox, onlyUnread: true }),
  });
  return rows[0]?.count ?? 0;
}

export async function findMessage(sql: Sql, id: Uuid): Promise<Message | undefined> {
  const { rows } = await sql.query<Row>({
    name: 'find-message',
    text: `select ${MESSAGE} from message m where m.id = $1`,
    values: [id],
  });
  return rows[0] === undefined ? undefined : messageOf(rows[0]);
}

/** Everything ever written to a member, the latest due first, before a place; for the operator. */
export async function listSent(
  sql: Sql,
  member: Uuid,
  before: MessagePlace | null,
  limit: number,
): Promise<Message[]> {
  const { rows } = await sql.query<Row>(
    `select ${MESSAGE} from message m where m.member = $1
      and ($2::int8 is null or (m.due_at_ms, m.id) < ($2, $3::uuid)) order by m.due_at_ms desc, m.id desc limit $4`,
    [member, before?.dueAt ?? null, before?.id ?? null, limit],
  );
  return rows.map(messageOf);
}

/** The announcements of a programme, the latest due first, before a place; for the operator. */
export async function listAnnounced(
  sql: Sql,
  programme: number,
  before: MessagePlace | null,
  limit: number,
): Promise<Message[]> {
  const { rows } = await sql.query<Row>(
    `select ${MESSAGE} from message m where m.member is null and m.programme = $1
      and ($2::int8 is null or (m.due_at_ms, m.id) < ($2, $3::uuid)) order by m.due_at_ms desc, m.id desc limit $4`,
    [programme, before?.dueAt ?? null, before?.id ?? null, limit],
  );
  return rows.map(messageOf);
}

/** The evidence of a message by member, after an entry. */
export async function readEvidence(
  sql: Sql,
  message: Uuid,
  after: { readonly member: Uuid; readonly what: string } | null,
  limit: number,
): Promise<Evidence[]> {
  const { rows } = await sql.query<Evidence>(
    `select message, member, what, at_ms as at, by_key as "byKey" from message_evidence
      where message = $1 and ($2::uuid is null or (member, what) > ($2, $3)) order by member, what limit $4`,
    [message, after?.member ?? null, after?.what ?? null, limit],
  );
  return rows;
}

/** The evidence that one member has of a message. */
export async function readEvidenceOf(
  sql: Sql,
  message: Uuid,
  member: Uuid,
): Promise<Pick<Received, 'fetchedAt' | 'readAt'>> {
  const { rows } = await sql.query<Pick<Evidence, 'what' | 'at'>>(
    'select what, at_ms as at from message_evidence where message = $1 and member = $2',
    [message, member],
  );
  const at = (what: string): Instant | null => rows.find((each) => each.what === what)?.at ?? null;
  return { fetchedAt: at('fetched'), readAt: at('read') };
}
