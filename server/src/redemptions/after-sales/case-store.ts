import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import { int4s, int8s, texts, uuids } from '../../platform/columns.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import { UNSETTLED } from '../../platform/unsettled.ts';
import type { Case, CaseEntry } from './case.ts';
import type { CaseState } from './case-steps.ts';

const COLUMNS = `c.id, c.redemption, c.programme, c.member, c.merchant, c.kind, c.reason, c.note, c.places, c.remedy,
  c.on_shelf as "onShelf", c.state, c.steps, c.due_at_ms as "dueAt", c.opened_at_ms as "openedAt", c.back`;
/** What sorts behind every deadline. */
const NEVER = Number.MAX_SAFE_INTEGER;

export async function insertCase(
  tx: Transaction,
  each: Case,
  {
    recordedAt,
    cancellation,
  }: { readonly recordedAt: Instant; readonly cancellation: Uuid | null },
): Promise<void> {
  await tx.query({
    name: 'after-sales-insert',
    text: `insert into after_sales_case (id, redemption, programme, member, merchant, kind, reason, note, places, remedy, on_shelf,
        state, steps, due_at_ms, opened_at_ms, back, cancellation, recorded_at_ms)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
    values: [
      ...[each.id, each.redemption, each.programme, each.member, each.merchant, each.kind],
      ...[each.reason, each.note, int4s(each.places), each.remedy, each.onShelf, each.state],
      ...[each.steps, each.dueAt, each.openedAt, jsonOf(each.back), cancellation, recordedAt],
    ],
  });
}

const jsonOf = (back: Case['back']): string | null => (back === null ? null : JSON.stringify(back));

/** Writes how far cases came that are locked, and what was done about them. */
export async function writeCases(tx: Transaction, list: readonly Case[]): Promise<void> {
  await tx.query({
    name: 'after-sales-write',
    text: `update after_sales_case c set state = n.state, steps = n.steps, due_at_ms = n.due_at, remedy = n.remedy,
        on_shelf = n.on_shelf::boolean, back = n.back::jsonb
      from unnest($1::uuid[], $2::text[], $3::int4[], $4::int8[], $5::text[], $6::text[], $7::text[])
        as n (id, state, steps, due_at, remedy, on_shelf, back) where c.id = n.id`,
    values: [
      uuids(list, (each) => each.id),
      texts(list, (each) => each.state),
      int4s(list, (each) => each.steps),
      int8s(list, (each) => each.dueAt),
      texts(list, (each) => each.remedy),
      texts(list, ({ onShelf }) => (onShelf === null ? null : String(onShelf))),
      texts(list, ({ back }) => jsonOf(back)),
    ],
  });
}

export async function insertEntries(tx: Transaction, list: readonly CaseEntry[]): Promise<void> {
  await tx.query({
    name: 'after-sales-steps-insert',
    text: `insert into after_sales_step (case_id, number, step, state, at_ms, taken_by, actor, reason, note)
      select * from unnest($1::uuid[], $2::int4[], $3::text[], $4::text[], $5::int8[], $6::uuid[], $7::text[], $8::text[], $9::text[])`,
    values: [
      uuids(list, (each) => each.case),
      int4s(list, (each) => each.number),
      texts(list, (each) => each.step),
      texts(list, (each) => each.state),
      int8s(list, (each) => each.at),
      uuids(list, (each) => each.by),
      texts(list, (each) => each.actor),
      texts(list, (each) => each.reason),
      texts(list, (each) => each.note),
    ],
  });
}

/** What was done about these cases, in order. */
export async function readEntries(sql: Sql, cases: readonly Uuid[]): Promise<CaseEntry[]> {
  const { rows } = await sql.query<CaseEntry>({
    name: 'after-sales-steps-of',
    text: `select case_id as case, number, step, state, at_ms as at, taken_by as by, actor, reason, note
      from after_sales_step where case_id = any ($1::uuid[]) order by case_id, number`,
    values: [uuids(cases)],
  });
  return rows;
}

export async function readCases(sql: Sql, ids: readonly Uuid[]): Promise<Map<Uuid, Case>> {
  const { rows } = await sql.query<Case>({
    name: 'after-sales-by-id',
    text: `select ${COLUMNS} from after_sales_case c where c.id = any ($1::uuid[])`,
    values: [uuids(ids)],
  });
  return new Map(rows.map((each) => [each.id, each]));
}

/** Locks them until the transaction ends, in one order; those that `skip` are locked by others already are left out. */
export async function lockCases(
  tx: Transaction,
  ids: readonly Uuid[],
  skip: 'none' | 'locked' = 'none',
): Promise<Map<Uuid, Case>> {
  const { rows } = await tx.query<Case>(
    `select ${COLUMNS} from after_sales_case c where c.id = any ($1::uuid[]) order by c.id
      for update ${skip === 'locked' ? 'skip locked' : ''}`,
    [uuids(ids)],
  );
  return new Map(rows.map((each) => [each.id, each]));
}

/** All cases about a redemption, locked: who opens another has locked the redemption before. */
export async function lockCasesOf(tx: Transaction, redemption: Uuid): Promise<Case[]> {
  const { rows } = await tx.query<Case>({
    name: 'after-sales-lock-of',
    text: `select ${COLUMNS} from after_sales_case c where c.redemption = $1 order by c.id for update`,
    values: [redemption],
  });
  return rows;
}

/** Whether units of a redemption came back, or may: then it cannot be undone as a whole any more. */
export async function hasCases(sql: Sql, redemption: Uuid): Promise<boolean> {
  const { rows } = await sql.query<{ held: boolean }>({
    name: 'after-sales-has',
    text: `select exists (select from after_sales_case where redemption = $1
      and state not in ('refused', 'exchanged', 'mended', 'dismissed', 'withdrawn')) as held`,
    values: [redemption],
  });
  return rows[0]?.held === true;
}

/** Cases of a programme whose deadline has passed, the longest first, but none of these. */
export async function readDueCases(
  sql: Sql,
  programme: number,
  now: Instant,
  but: readonly Uuid[],
  limit: number,
): Promise<{ readonly id: Uuid; readonly redemption: Uuid; readonly state: CaseState }[]> {
  const { rows } = await sql.query<{ id: Uuid; redemption: Uuid; state: CaseState }>({
    name: 'after-sales-due',
    text: `select id, redemption, state from after_sales_case
      where programme = $1 and due_at_ms <= $2 and id <> all ($3::uuid[]) order by due_at_ms, id limit $4`,
    values: [programme, now, uuids(but), limit],
  });
  return rows;
}

/** What is settling waits for the ledger. */
export async function noteSettling(tx: Transaction, id: Uuid, since: Instant): Promise<void> {
  await tx.query('insert into unsettled (id, kind, since_ms) values ($1, $2, $3)', [
    id,
    UNSETTLED.afterSales,
    since,
  ]);
}

/** Notes how many units of a locked redemption came back. Of what came back whole nobody is reminded. */
export async function addReturned(tx: Transaction, redemption: Uuid, units: number): Promise<void> {
  await tx.query({
    name: 'after-sales-returned',
    text: `with counted as (
        update redemption set returned = returned + $2 where id = $1 returning id, returned = quantity as whole
      )
      update booking b set remind_at_ms = null from counted c where b.redemption = c.id and c.whole`,
    values: [redemption, units],
  });
}

/** Where a worklist stands: a deadline (the largest number for none), and a case. */
export type WorkPosition = readonly [due: number, id: Uuid];
export const positionOf = ({ dueAt, id }: Pick<Case, 'dueAt' | 'id'>): WorkPosition => [
  dueAt ?? NEVER,
  id,
];

/** A page of cases, the next deadline first and those without one behind, behind this position. */
export async function listCases(
  sql: Sql,
  by: {
    readonly programme: number | null;
    readonly merchant: Uuid | null;
    /** A person's, all of them. */
    readonly members: readonly Uuid[] | null;
    readonly redemption: Uuid | null;
    readonly state: CaseState | null;
    readonly dueBefore: Instant | null;
  },
  after: WorkPosition | null,
  limit: number,
): Promise<Case[]> {
  const { rows } = await sql.query<Case>(
    `select ${COLUMNS} from after_sales_case c
      where ($1::int is null or c.programme = $1) and ($2::uuid is null or c.merchant = $2)
        and ($3::uuid[] is null or c.member = any ($3)) and ($4::uuid is null or c.redemption = $4)
        and ($5::text is null or c.state = $5) and ($6::int8 is null or c.due_at_ms < $6)
        and ($7::int8 is null or (coalesce(c.due_at_ms, ${NEVER}), c.id) > ($7, $8::uuid))
      order by coalesce(c.due_at_ms, ${NEVER}), c.id limit $9`,
    [
      ...[by.programme, by.merchant, by.members, by.redemption, by.state, by.dueBefore],
      ...[after?.[0] ?? null, after?.[1] ?? null, limit],
    ],
  );
  return rows;
}

/** How many cases wait, and for how many of them the merchant has let the time pass; by the clocks of their programmes. */
export async function countWaiting(
  sql: Sql,
  now: Instant,
): Promise<{ readonly open: number; readonly overdue: number; readonly escalated: number }> {
  const { rows } = await sql.query<{ open: number; overdue: number; escalated: number }>({
    name: 'after-sales-waiting',
    text: `select count(*)::int as open, count(*) filter (where c.state = 'escalated')::int as escalated,
        count(*) filter (where c.due_at_ms <= $1 + p.clock_offset_ms)::int as overdue
      from after_sales_case c join programme p on p.id = c.programme
      where c.state in ('opened', 'accepted', 'sent', 'received', 'escalated', 'settling')`,
    values: [now],
  });
  return rows[0] ?? { open: 0, overdue: 0, escalated: 0 };
}
