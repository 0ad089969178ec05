import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import { byteas, int4s, int8s, texts, uuids } from '../platform/columns.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import type { Method, Saving } from './method.ts';

const METHOD = `m.id, m.programme, m.behaviour, m.number, m.name, m.source, m.region, m.year, m.unit, m.attribute,
  m.baseline_mg as "baselineMg", m.actual_mg as "actualMg", m.from_ms as "from", m.actor, m.created_at_ms as "createdAt"`;

/** The method of a behaviour that begins last; nobody publishes another one until the transaction ends. */
export async function lockLastMethod(
  tx: Transaction,
  programme: number,
  behaviour: string,
): Promise<Method | undefined> {
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `carbon method ${programme} ${behaviour}`,
  ]);
  const { rows } = await tx.query<Method>(
    `select ${METHOD} from carbon_method m where m.programme = $1 and m.behaviour = $2 order by m.number desc limit 1`,
    [programme, behaviour],
  );
  return rows[0];
}

export async function insertMethod(tx: Transaction, made: Method): Promise<void> {
  await tx.query(
    `insert into carbon_method (id, programme, behaviour, number, name, source, region, year, unit, attribute, baseline_mg,
       actual_mg, from_ms, actor, created_at_ms) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      ...[
        made.id,
        made.programme,
        made.behaviour,
        made.number,
        made.name,
        made.source,
        made.region,
      ],
      ...[made.year, made.unit, made.attribute, made.baselineMg, made.actualMg, made.from],
      ...[made.actor, made.createdAt],
    ],
  );
}

export async function findMethod(sql: Sql, id: Uuid): Promise<Method | undefined> {
  const { rows } = await sql.query<Method>(
    `select ${METHOD} from carbon_method m where m.id = $1`,
    [id],
  );
  return rows[0];
}

export interface MethodFilter {
  /** Null: of all. */
  readonly programme: number | null;
  readonly behaviour: string | null;
}

/** Methods by age. */
export async function listMethods(
  sql: Sql,
  { programme, behaviour }: MethodFilter,
  after: Uuid | null,
  limit: number,
): Promise<Method[]> {
  const { rows } = await sql.query<Method>(
    `select ${METHOD} from carbon_method m where ($1::int4 is null or m.programme = $1) and ($2::text is null or m.behaviour = $2)
       and ($3::uuid is null or m.id > $3) order by m.id limit $4`,
    [programme, behaviour, after, limit],
  );
  return rows;
}

/** Something green that was done. */
export interface Deed {
  readonly programme: number;
  readonly behaviour: string;
  readonly at: Instant;
  /** SHA-256 of what proves it. */
  readonly evidence: Buffer;
}

/** By which method each counts; in order. By none does evidence that has counted. */
export async function readMethodsAt(
  sql: Sql,
  deeds: readonly Deed[],
): Promise<(Method | undefined)[]> {
  const { rows } = await sql.query<Method & { readonly place: number }>({
    name: 'carbon-methods-at',
    text: `select ${METHOD}, a.place::int4 as place
      from unnest($1::int4[], $2::text[], $3::int8[], $4::bytea[]) with ordinality as a (programme, behaviour, at_ms, evidence, place)
      cross join lateral (select * from carbon_method m where m.programme = a.programme and m.behaviour = a.behaviour
        and m.from_ms <= a.at_ms order by m.from_ms desc limit 1) m
      where not exists (select from carbon_entry e where e.evidence = a.evidence)`,
    values: [
      int4s(deeds, (each) => each.programme),
      texts(deeds, (each) => each.behaviour),
      int8s(deeds, (each) => each.at),
      byteas(deeds, (each) => each.evidence),
    ],
  });
  const found = new Map(rows.map(({ place, ...method }) => [place, method]));
  return deeds.map((_, index) => found.get(index + 1));
}

export interface Entry extends Saving {
  readonly id: Uuid;
  readonly activity: Uuid;
  readonly programme: number;
  readonly merchant: Uuid;
  readonly behaviour: string;
  readonly at: Instant;
}

export interface EntryFilter {
  readonly members: readonly Uuid[];
  /** Null: of all. */
  readonly programme: number | null;
  readonly merchant: Uuid | null;
  /** From, and until (not included). */
  readonly from: Instant;
  readonly until: Instant;
}

const ENTRIES = `carbon_entry e join carbon_method m on m.id = e.method
  where e.member = any ($1::uuid[]) and ($2::int4 is null or e.programme = $2) and ($3::uuid is null or e.merchant = $3)
    and e.at_ms >= $4 and e.at_ms < $5`;

/** What members saved, by age. */
export async function listEntries(
  sql: Sql,
  filter: EntryFilter,
  after: Uuid | null,
  limit: number,
): Promise<Entry[]> {
  const { rows } = await sql.query<Entry>(
    `select e.id, e.activity, e.programme, e.merchant, e.method, m.behaviour, e.quantity, e.grams, e.at_ms as at from ${ENTRIES}
       and ($6::uuid is null or e.id > $6) order by e.id limit $7`,
    [...valuesOf(filter), after, limit],
  );
  return rows;
}

/** g CO2e that members saved altogether. */
export async function sumEntries(sql: Sql, filter: EntryFilter): Promise<number> {
  const { rows } = await sql.query<{ grams: number }>(
    `select coalesce(sum(e.grams), 0)::int8 as grams from ${ENTRIES}`,
    valuesOf(filter),
  );
  return rows[0]?.grams ?? 0;
}

function valuesOf({ members, programme, merchant, from, until }: EntryFilter) {
  return [uuids(members), programme, merchant, from, until];
}

export interface Total extends Saving {
  readonly behaviour: string;
  readonly activities: number;
}

/** What was saved in a programme in a period, by method. */
export async function totalByMethod(
  sql: Sql,
  programme: number,
  { from, until }: { readonly from: Instant; readonly until: Instant },
): Promise<Total[]> {
  const { rows } = await sql.query<Total>(
    `select m.id as method, m.behaviour, t.activities, t.quantity, t.grams from carbon_method m join (
         select method, sum(sign(grams))::int8 as activities, sum(quantity)::int8 as quantity, sum(grams)::int8 as grams
         from carbon_entry where programme = $1 and at_ms >= $2 and at_ms < $3 group by method
       ) t on t.method = m.id order by m.behaviour, m.number`,
    [programme, from, until],
  );
  return rows;
}
