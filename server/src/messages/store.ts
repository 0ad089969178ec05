import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { int4s, int8s, texts, uuids } from '../platform/columns.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import type { Evidence, Message, MessageKind } from './message.ts';
import { DEFAULT_POLICY, type MessageCap, type MessagePolicy } from './policy.ts';

/** What programmes decided about sending; those that did not have the usual policy. */
export async function readPolicies(
  sql: Sql,
  programmes: readonly number[],
): Promise<Map<number, MessagePolicy>> {
  const { rows } = await sql.query<{
    programme: number;
    days: number[];
    from: string | null;
    to: string | null;
    caps: MessageCap[];
  }>({
    name: 'read-message-policies',
    text: `select distinct on (programme) programme, expiry_notice_days as days, quiet_from as "from", quiet_to as "to", caps
      from message_policy where programme = any ($1::int4[]) order by programme, number desc`,
    values: [int4s(programmes)],
  });
  const decided = new Map(
    rows.map(({ programme, days, from, to, caps }) => {
      const quietHours = from === null || to === null ? null : { from, to };
      return [programme, { expiryNoticeDays: days, quietHours, caps }] as const;
    }),
  );
  return new Map(programmes.map((id) => [id, decided.get(id) ?? DEFAULT_POLICY]));
}

export async function insertPolicy(
  tx: Transaction,
  programme: number,
  { expiryNoticeDays, quietHours, caps }: MessagePolicy,
  by: { readonly at: Instant; readonly key: Uuid },
): Promise<void> {
  await tx.query(
    `insert into message_policy (programme, expiry_notice_days, quiet_from, quiet_to, caps, changed_at_ms, changed_by)
     values ($1, $2, $3, $4, $5, $6, $7)`,
    [
      programme,
      expiryNoticeDays,
      quietHours?.from ?? null,
      quietHours?.to ?? null,
      JSON.stringify(caps),
      by.at,
      by.key,
    ],
  );
}

/** Writes messages into the outbox; answers the dedupe keys of those that were not there before. */
export async function insertMessages(
  tx: Transaction,
  messages: readonly Message[],
): Promise<ReadonlySet<string>> {
  // In one order, so that two who tell the same wait for each other instead of deadlocking.
  const ordered = [...messages].sort((a, b) => (a.dedupeKey < b.dedupeKey ? -1 : 1));
  const { rows } = await tx.query<{ key: string }>({
    name: 'insert-messages',
    text: `insert into message (id, programme, member, kind, channel, dedupe_key, facts, zh_title, zh_text, en_title, en_text,
        due_at_ms, expires_at_ms, made_at_ms)
      select id, programme, member, kind, channel, key, facts::json, zh_title, zh_text, en_title, en_text, due, expires, made
      from unnest($1::uuid[], $2::int4[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[],
          $10::text[], $11::text[], $12::int8[], $13::int8[], $14::int8[]) with ordinality
        as m (id, programme, member, kind, channel, key, facts, zh_title, zh_text, en_title, en_text, due, expires, made, n)
      order by n on conflict (dedupe_key) do nothing returning dedupe_key as key`,
    values: [
      uuids(ordered, (each) => each.id),
      int4s(ordered, (each) => each.programme),
      uuids(ordered, (each) => each.member),
      texts(ordered, (each) => each.kind),
      texts(ordered, (each) => each.channel),
      texts(ordered, (each) => each.dedupeKey),
      texts(ordered, (each) => JSON.stringify(each.facts)),
      texts(ordered, (each) => each.zh.title),
      texts(ordered, (each) => each.zh.text),
      texts(ordered, (each) => each.en.title),
      texts(ordered, (each) => each.en.text),
      int8s(ordered, (each) => each.dueAt),
      int8s(ordered, (each) => each.expiresAt),
      int8s(ordered, (each) => each.madeAt),
    ],
  });
  return new Set(rows.map(({ key }) => key));
}

/** Keeps what is written to these members under caps in one order. */
export async function lockMembers(tx: Transaction, members: readonly Uuid[]): Promise<void> {
  await tx.query('select from member where id = any ($1::uuid[]) order by id for no key update', [
    uuids([...new Set(members)]),
  ]);
}

/** Whether a message of this key is in the outbox. */
export async function isTold(sql: Sql, dedupeKey: string): Promise<boolean> {
  const { rows } = await sql.query('select from message where dedupe_key = $1', [dedupeKey]);
  return rows.length === 1;
}

/** How many messages of a kind are due to a member between two instants, neither included. */
export async function countDue(
  sql: Sql,
  what: { readonly member: Uuid; readonly programme: number; readonly kind: MessageKind },
  { after, before }: { readonly after: Instant; readonly before: Instant },
): Promise<number> {
  const { rows } = await sql.query<{ count: number }>({
    name: 'count-due-messages',
    text: `select count(*) as count from message
      where member = $1 and programme = $2 and kind = $3 and due_at_ms > $4 and due_at_ms < $5`,
    values: [what.member, what.programme, what.kind, after, before],
  });
  return rows[0]?.count ?? 0;
}

/** Notes what happened to messages; only the first time counts. */
export async function insertEvidence(sql: Sql, evidence: readonly Evidence[]): Promise<void> {
  const ordered = [...evidence].sort((a, b) => (a.message < b.message ? -1 : 1));
  await sql.query({
    name: 'insert-message-evidence',
    text: `insert into message_evidence (message, member, what, at_ms, by_key)
      select message, member, what, at, key from unnest($1::uuid[], $2::uuid[], $3::text[], $4::int8[], $5::uuid[])
        with ordinality as e (message, member, what, at, key, n) order by n on conflict do nothing`,
    values: [
      uuids(ordered, (each) => each.message),
      uuids(ordered, (each) => each.member),
      texts(ordered, (each) => each.what),
      int8s(ordered, (each) => each.at),
      uuids(ordered, (each) => each.byKey),
    ],
  });
}
