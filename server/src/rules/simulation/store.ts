import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Sql, Transaction } from '../../platform/database.ts';
import type { View } from '../../platform/publishing/published.ts';
import type { ListedSimulation, Simulation } from './simulation.ts';

const HEAD = `s.id, s.programme, p.code as "programmeCode", s.merchant, s.owner, s.from_ms as "from", s.until_ms as until,
  s.rules, s.as_of_ms as "asOf", s.drafts, s.without, s.state, s.attempts, s.done, s.total, s.failure,
  s.made_at_ms as "madeAt", s.finished_at_ms as "finishedAt"`;
const COLUMNS = `${HEAD}, s.result`;
const FROM = 'from rule_simulation s join programme p on p.id = s.programme';
/** Of simulations called s, those that the caller sees: a merchant's key sees what its merchant's keys asked for. */
const SEEN = '($1::uuid is null or s.owner = $1) and ($2::int is null or s.programme = $2)';
/** Finished ones that everybody keeps. */
const KEPT_MAX = 50;

type New = Pick<
  Simulation,
  | 'id'
  | 'programme'
  | 'merchant'
  | 'owner'
  | 'from'
  | 'until'
  | 'rules'
  | 'asOf'
  | 'drafts'
  | 'without'
  | 'madeAt'
>;

/** Inserts one, unless its owner has one that is not finished: then that one's id. */
export async function insertSimulation(
  tx: Transaction,
  simulation: New & { readonly madeBy: Uuid },
): Promise<Uuid | null> {
  const { programme, owner } = simulation;
  await tx.query(
    `delete from rule_simulation where id in (select id from rule_simulation
      where programme = $1 and owner is not distinct from $2 and finished_at_ms is not null order by id desc offset $3)`,
    [programme, owner, KEPT_MAX - 1],
  );
  const { rowCount } = await tx.query(
    `insert into rule_simulation (id, programme, merchant, owner, from_ms, until_ms, rules, as_of_ms, drafts, without,
       made_at_ms, made_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing`,
    [
      simulation.id,
      programme,
      simulation.merchant,
      owner,
      simulation.from,
      simulation.until,
      simulation.rules,
      simulation.asOf,
      JSON.stringify(simulation.drafts),
      simulation.without,
      simulation.madeAt,
      simulation.madeBy,
    ],
  );
  if (rowCount === 1) return null;
  const { rows } = await tx.query<{ id: Uuid }>(
    'select id from rule_simulation where programme = $1 and owner is not distinct from $2 and finished_at_ms is null',
    [programme, owner],
  );
  // It may have finished in between: then it was there all the same.
  return rows[0]?.id ?? simulation.id;
}

/** The simulation, when the caller sees it. */
export async function findSimulation(
  sql: Sql,
  id: Uuid,
  { programme, merchant }: View,
): Promise<Simulation | undefined> {
  const { rows } = await sql.query<Simulation>(
    `select ${COLUMNS} ${FROM} where ${SEEN} and s.id = $3`,
    [merchant, programme, id],
  );
  return rows[0];
}

export interface SimulationFilter {
  readonly programme: number | null;
  /** One of whose draft is tried, or which is left out. */
  readonly rule: Uuid | null;
}

/** Simulations that the caller sees, the newest first, before the one `before`: without what came of them, which is long. */
export async function listSimulations(
  sql: Sql,
  filter: SimulationFilter,
  view: View,
  before: Uuid | null,
  limit: number,
): Promise<ListedSimulation[]> {
  const { rows } = await sql.query<ListedSimulation>(
    `select ${HEAD}, s.made_by as "madeBy" ${FROM} where ${SEEN} and ($3::int is null or s.programme = $3)
       and ($4::uuid is null or $4 = any (s.without)
         or exists (select from json_array_elements(s.drafts) d where (d ->> 'rule')::uuid = $4))
       and ($5::uuid is null or s.id < $5) order by s.id desc limit $6`,
    [view.merchant, view.programme, filter.programme, filter.rule, before, limit],
  );
  return rows;
}

export async function isAnyUnfinished(sql: Sql): Promise<boolean> {
  const { rows } = await sql.query<{ any: boolean }>(
    'select exists (select from rule_simulation where finished_at_ms is null) as any',
  );
  return rows[0]?.any === true;
}

/** Begins the next one, or the one that a process left behind: first what was begun least often, then the oldest. */
export async function beginNext(sql: Sql): Promise<Simulation | undefined> {
  const { rows } = await sql.query<Simulation>(
    `update rule_simulation s set state = 'running', attempts = s.attempts + 1, done = 0
      from programme p where p.id = s.programme and s.id = (
        select id from rule_simulation where finished_at_ms is null order by attempts, id limit 1)
      and s.finished_at_ms is null returning ${COLUMNS}`,
  );
  return rows[0];
}

/** Notes how far one has come; false when it is not to go on. */
export async function noteProgress(
  sql: Sql,
  id: Uuid,
  { done, total }: { readonly done: number; readonly total: number },
): Promise<boolean> {
  const { rowCount } = await sql.query(
    "update rule_simulation set done = $2, total = $3 where id = $1 and state = 'running'",
    [id, done, total],
  );
  return rowCount === 1;
}

export type Ending =
  | { readonly state: 'done'; readonly result: NonNullable<Simulation['result']> }
  | { readonly state: 'failed'; readonly failure: string }
  | { readonly state: 'cancelled' };

/** Ends one, unless it has ended; what counts is what was first. */
export async function endSimulation(
  sql: Sql,
  id: Uuid,
  ending: Ending,
  now: Instant,
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `update rule_simulation set state = $2, result = $3, failure = $4, finished_at_ms = $5
      where id = $1 and finished_at_ms is null`,
    [
      id,
      ending.state,
      ending.state === 'done' ? JSON.stringify(ending.result) : null,
      ending.state === 'failed' ? ending.failure : null,
      now,
    ],
  );
  return rowCount === 1;
}

/** What budgets of a programme have in all. */
export async function readBudgets(sql: Sql, programme: number): Promise<Map<Uuid, number>> {
  const { rows } = await sql.query<{ id: Uuid; total: number }>(
    'select id, total from ledger.budget where programme = $1',
    [programme],
  );
  return new Map(rows.map(({ id, total }) => [id, total]));
}
