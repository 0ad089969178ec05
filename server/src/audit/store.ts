import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql } from '../platform/database.ts';
import type { Entry, EntryOutcome, OutcomeName, ToldEntry } from './entry.ts';

export async function insertEntry(sql: Sql, entry: Entry): Promise<void> {
  await sql.query({
    name: 'insert-audit-entry',
    text: `insert into audit_entry (id, at_ms, actor, staff, tenant, merchant, programme, operation, address, user_agent, about, request)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    values: [
      entry.id,
      entry.at,
      entry.actor,
      entry.staff,
      entry.tenant,
      entry.merchant,
      entry.programme,
      entry.operation,
      entry.address,
      entry.userAgent,
      entry.about,
      entry.request,
    ],
  });
}

export async function insertOutcome(sql: Sql, entry: Uuid, outcome: EntryOutcome): Promise<void> {
  await sql.query({
    name: 'insert-audit-outcome',
    text: 'insert into audit_outcome (entry, at_ms, status, problem, made) values ($1, $2, $3, $4, $5)',
    values: [entry, outcome.at, outcome.status, outcome.problem, outcome.made],
  });
}

/** Drops the oldest entries of before a moment, at most so many; answers how many. The table itself lets nobody delete. */
export async function dropEntries(sql: Sql, before: Instant, most: number): Promise<number> {
  const { rows } = await sql.query<{ dropped: number }>('select audit_forget($1, $2) as dropped', [
    before,
    most,
  ]);
  return rows[0]?.dropped ?? 0;
}

/** Which entries are asked for; what is null does not matter. */
export interface EntryFilter {
  readonly from: Instant | null;
  readonly until: Instant | null;
  readonly actor: Uuid | null;
  readonly staff: Uuid | null;
  readonly operation: string | null;
  readonly merchant: Uuid | null;
  /** The number of a programme. */
  readonly programme: number | null;
  /** An id or code that the entry is about, or of what came of it. */
  readonly about: string | null;
  readonly outcome: OutcomeName | null;
}

const OF_OUTCOME: Readonly<Record<OutcomeName, string>> = {
  done: 'o.status < 400',
  refused: 'o.status between 400 and 499',
  failed: 'o.status >= 500',
  unknown: 'o.entry is null',
};

/** Entries of a filter, newest first, before the entry `before`. */
export async function readEntries(
  sql: Sql,
  filter: EntryFilter,
  before: Uuid | null,
  limit: number,
): Promise<ToldEntry[]> {
  const values: unknown[] = [limit];
  const conditions: string[] = [];
  // Only what is asked for stands in the statement, so that the index fits which it is found by.
  const where = (value: unknown, condition: (place: string) => string): void => {
    if (value === null) return;
    values.push(value);
    conditions.push(condition(`$${values.length}`));
  };
  where(before, (place) => `e.id < ${place}`);
  where(filter.from, (place) => `e.at_ms >= ${place}`);
  where(filter.until, (place) => `e.at_ms < ${place}`);
  // By the time in the id as well, which is what the order is by.
  where(filter.from, (place) => `e.id >= ${earliestId(place)}`);
  where(filter.until, (place) => `e.id < ${earliestId(place)}`);
  where(filter.actor, (place) => `e.actor = ${place}`);
  where(filter.staff, (place) => `e.staff = ${place}`);
  where(filter.operation, (place) => `e.operation = ${place}`);
  where(filter.merchant, (place) => `e.merchant = ${place}`);
  where(filter.programme, (place) => `e.programme = ${place}`);
  where(
    filter.about,
    (place) =>
      `(e.about @> array[${place}] or e.id in (select entry from audit_outcome where made = ${place}))`,
  );
  if (filter.outcome !== null) conditions.push(OF_OUTCOME[filter.outcome]);
  const { rows } = await sql.query<Row>(
    `select e.*, p.code as programme_code, o.at_ms as outcome_at_ms, o.status, o.problem, o.made
       from audit_entry e left join audit_outcome o on o.entry = e.id left join programme p on p.id = e.programme
       ${conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`}
      order by e.id desc limit $1`,
    values,
  );
  return rows.map(toldOf);
}

/** The least UUIDv7 of a moment. */
const earliestId = (place: string): string =>
  `(lpad(to_hex(${place}::bigint), 12, '0') || '70008000000000000000')::uuid`;

interface Row {
  readonly id: Uuid;
  readonly at_ms: Instant;
  readonly actor: Uuid | null;
  readonly staff: Uuid | null;
  readonly merchant: Uuid | null;
  readonly programme_code: string | null;
  readonly operation: string;
  readonly address: string;
  readonly user_agent: string | null;
  readonly about: string[];
  readonly request: string;
  readonly outcome_at_ms: Instant | null;
  readonly status: number | null;
  readonly problem: string | null;
  readonly made: string | null;
}

function toldOf(row: Row): ToldEntry {
  const { id, actor, staff, merchant, operation, address, about, request } = row;
  const { status, outcome_at_ms: at, problem, made } = row;
  return {
    ...{ id, actor, staff, merchant, operation, address, about, request },
    at: row.at_ms,
    programme: row.programme_code,
    userAgent: row.user_agent,
    outcome: status === null || at === null ? null : { at, status, problem, made },
  };
}
