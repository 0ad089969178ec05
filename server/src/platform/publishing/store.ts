import type { Instant } from '../../kernel/clock.ts';
import type { Uuid } from '../../kernel/id.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import { Conflict, type Sql, type Transaction } from '../database.ts';
import { problem } from '../web/problem.ts';
import { CODES, type Family } from './family.ts';
import {
  type Change,
  type Draft,
  type Item,
  type ItemState,
  isOwn,
  type NumberedChange,
  type View,
} from './published.ts';

// Of a family its name alone goes into a statement, and that is one of three.

const itemsOf = (
  family: Family,
): string => `select r.id, r.programme, p.code as "programmeCode", p.clock_offset_ms as "clockOffsetMs", r.merchant, r.code,
  r.made_at_ms as "madeAt", r.made_by as "madeBy" from ${family} r join programme p on p.id = r.programme`;

const seenOf = (
  family: Family,
): string => `($1::int is null or r.programme = $1) and ($2::uuid is null or r.merchant = $2
  or r.merchant is null and exists (select from ${family}_version v where v.${family} = r.id))`;

/** Which items are asked for. */
export interface ItemFilter {
  readonly programme: number | null;
  readonly merchant: Uuid | null;
  readonly code: string | null;
  /** As it is at `now`, by the machine's clock; null: in any. Drafts of others are nobody's. */
  readonly state: ItemState | null;
  readonly now: Instant;
}

/** The condition of each state, for a programme's clock at $8 by the machine's. */
function conditionsOf(family: Family): Readonly<Record<ItemState, string>> {
  const now = '$8::int8 + p.clock_offset_ms';
  const has = (what: string): string =>
    `exists (select from ${family}_version v where v.${family} = r.id and (${what}))`;
  const draft = `exists (select from ${family}_draft d where d.${family} = r.id and ($2::uuid is null or r.merchant = $2))`;
  return {
    in_force: has(`v.from_ms <= ${now} and (v.until_ms is null or v.until_ms > ${now})`),
    announced: has(`v.from_ms > ${now} and (v.until_ms is null or v.until_ms > v.from_ms)`),
    draft,
    ended: `not ${has(`v.until_ms is null or v.until_ms > ${now} and v.until_ms > v.from_ms`)} and not ${draft}`,
  };
}

export async function findItem(
  sql: Sql,
  family: Family,
  id: Uuid,
  view: View,
): Promise<Item | undefined> {
  const { rows } = await sql.query<Item>(
    `${itemsOf(family)} where ${seenOf(family)} and r.id = $3`,
    [view.programme, view.merchant, id],
  );
  return rows[0];
}

/** Items by age, after the item `after`. */
export async function listItems(
  sql: Sql,
  family: Family,
  { programme, merchant, code, state, now }: ItemFilter,
  view: View,
  after: Uuid | null,
  limit: number,
): Promise<Item[]> {
  const { rows } = await sql.query<Item>(
    `${itemsOf(family)} where ${seenOf(family)} and ($3::int is null or r.programme = $3)
       and ($4::uuid is null or r.merchant = $4)
       and ($5::text is null or r.code = $5) and ($6::uuid is null or r.id > $6)
       and $8::int8 is not null ${state === null ? '' : `and ${conditionsOf(family)[state]}`} order by r.id limit $7`,
    [view.programme, view.merchant, programme, merchant, code, after, limit, now],
  );
  return rows;
}

/** The id of another item that has this code there; null when the item was inserted. */
export async function insertItem(
  tx: Transaction,
  family: Family,
  item: Omit<Item, 'programmeCode' | 'clockOffsetMs'>,
): Promise<Uuid | null> {
  const { rowCount } = await tx.query(
    `insert into ${family} (id, programme, merchant, code, made_at_ms, made_by) values ($1, $2, $3, $4, $5, $6)
     on conflict (programme, merchant, code) do nothing`,
    [item.id, item.programme, item.merchant, item.code, item.madeAt, item.madeBy],
  );
  if (rowCount === 1) return null;
  const { rows } = await tx.query<{ id: Uuid }>(
    `select id from ${family} where programme = $1 and merchant is not distinct from $2 and code = $3`,
    [item.programme, item.merchant, item.code],
  );
  if (rows[0] === undefined) throw new Conflict('what had this code is gone again');
  return rows[0].id;
}

/**
 * The item, when the caller may write it: nobody else does until the transaction ends. It is not found when the caller does
 * not even see it, and out of reach when it only does.
 */
export async function lockItem(
  tx: Transaction,
  family: Family,
  id: Uuid,
  view: View,
): Promise<Item | Refusal> {
  // Before it is looked for: of two that remove an item the second finds nothing. The table's trigger takes it too.
  await tx.query('select pg_advisory_xact_lock(hashtext($1), hashtext($2))', [
    `hongmi ${family}`,
    id,
  ]);
  const item = await findItem(tx, family, id, view);
  if (item === undefined) return problem(CODES[family].notFound);
  return isOwn(view, item) ? item : problem('merchant_out_of_reach');
}

export async function deleteItem(tx: Transaction, family: Family, id: Uuid): Promise<void> {
  await tx.query(`delete from ${family} where id = $1`, [id]);
}

const draftsOf = (family: Family): string =>
  `select ${family} as "of", id, number, body, made_at_ms as "madeAt", made_by as "madeBy" from ${family}_draft`;

/** The drafts of these items. */
export async function readDrafts<Body>(
  sql: Sql,
  family: Family,
  items: readonly Pick<Item, 'id'>[],
): Promise<Map<Uuid, Draft<Body>>> {
  const { rows } = await sql.query<Draft<Body>>(
    `${draftsOf(family)} where ${family} = any ($1::uuid[])`,
    [items.map(({ id }) => id)],
  );
  return new Map(rows.map((each) => [each.of, each]));
}

export async function findDraft<Body>(
  sql: Sql,
  family: Family,
  id: Uuid,
): Promise<Draft<Body> | undefined> {
  const { rows } = await sql.query<Draft<Body>>(`${draftsOf(family)} where id = $1`, [id]);
  return rows[0];
}

/** Writes the draft of a locked item, in place of the one there is. */
export async function putDraft<Body>(
  tx: Transaction,
  family: Family,
  draft: Draft<Body>,
): Promise<void> {
  await tx.query(
    `insert into ${family}_draft (${family}, id, number, body, made_at_ms, made_by) values ($1, $2, $3, $4, $5, $6)
     on conflict (${family}) do update set body = excluded.body, made_at_ms = excluded.made_at_ms, made_by = excluded.made_by`,
    [draft.of, draft.id, draft.number, JSON.stringify(draft.body), draft.madeAt, draft.madeBy],
  );
}

export async function deleteDraft(tx: Transaction, family: Family, of: Uuid): Promise<void> {
  await tx.query(`delete from ${family}_draft where ${family} = $1`, [of]);
}

/** Something that is done with an item. */
interface NewChange extends Pick<Change, 'programme' | 'of' | 'kind'> {
  /** What it is done with; null: the item itself. */
  readonly draft: Pick<Draft<unknown>, 'id' | 'number'> | null;
  readonly at: Instant;
  /** An API key. */
  readonly by: Uuid;
  /** When it takes effect, if not at once. */
  readonly from?: Instant;
}

/** Writes down who did what. */
export async function insertChange(
  tx: Transaction,
  family: Family,
  { programme, of, kind, draft, at, by, from }: NewChange,
): Promise<void> {
  await tx.query(
    `insert into ${family}_change (programme, ${family}, kind, version, version_number, changed_at_ms, changed_by, from_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [programme, of, kind, draft?.id ?? null, draft?.number ?? null, at, by, from ?? null],
  );
}

/** What was done with an item by age, after the change with the number `after`. */
export async function listChanges(
  sql: Sql,
  family: Family,
  of: Uuid,
  after: number,
  limit: number,
): Promise<NumberedChange[]> {
  const { rows } = await sql.query<NumberedChange>(
    `select number, programme, ${family} as "of", kind, version, version_number as "versionNumber",
       changed_at_ms as "changedAt", changed_by as "changedBy", from_ms as "from" from ${family}_change
     where ${family} = $1 and number > $2 order by number limit $3`,
    [of, after, limit],
  );
  return rows;
}
