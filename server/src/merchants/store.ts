import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import { tell } from '../platform/news.ts';
import type { Merchant, Term } from './merchant.ts';
import type { Store } from './stores.ts';
import type { NumberedTerm, TermChange } from './terms.ts';

interface Row {
  id: Uuid;
  programme: number;
  programme_code: string;
  name: string;
  category: string;
  created_at: Instant;
  clock_offset_ms: number;
  terms: Term[];
}

const TERM = `json_build_object('from', t.from_ms, 'earnRatio', json_build_object('points', t.earn_points, 'perFen', t.earn_per_fen))`;
const SELECT = `select m.id, m.programme, p.code as programme_code, m.name, m.category, m.created_at, p.clock_offset_ms,
  (select json_agg(${TERM} order by t.from_ms, t.number) from merchant_term t where t.merchant = m.id) as terms
  from merchant m join programme p on p.id = m.programme`;

function merchantOf(row: Row): Merchant {
  return {
    id: row.id,
    programme: row.programme,
    programmeCode: row.programme_code,
    name: row.name,
    category: row.category,
    terms: row.terms,
    clockOffsetMs: row.clock_offset_ms,
    createdAt: row.created_at,
  };
}

/** The merchants among `ids` that exist. */
export async function readMerchants(sql: Sql, ids: readonly Uuid[]): Promise<Merchant[]> {
  const { rows } = await sql.query<Row>({
    name: 'read-merchants',
    text: `${SELECT} where m.id = any ($1::uuid[])`,
    values: [ids],
  });
  return rows.map(merchantOf);
}

export async function readMerchantByName(
  sql: Sql,
  programme: number,
  name: string,
): Promise<Merchant | undefined> {
  const { rows } = await sql.query<Row>(`${SELECT} where m.programme = $1 and m.name = $2`, [
    programme,
    name,
  ]);
  return rows[0] === undefined ? undefined : merchantOf(rows[0]);
}

export interface MerchantFilter {
  readonly programme: number | null;
  readonly name: string | null;
  readonly only: Uuid | null;
}

/** Merchants by age, after the merchant `after`. */
export async function listMerchants(
  sql: Sql,
  filter: MerchantFilter,
  after: Uuid | null,
  limit: number,
): Promise<Merchant[]> {
  const { rows } = await sql.query<Row>(
    `${SELECT} where ($1::int is null or m.programme = $1) and ($2::text is null or m.name = $2)
       and ($3::uuid is null or m.id = $3) and ($4::uuid is null or m.id > $4)
     order by m.id limit $5`,
    [filter.programme, filter.name, filter.only, after, limit],
  );
  return rows.map(merchantOf);
}

/** False when its name is taken in the programme. Its terms are inserted beside it. */
export async function insertMerchant(
  tx: Transaction,
  merchant: Omit<Merchant, 'terms' | 'clockOffsetMs'>,
): Promise<boolean> {
  const inserted = await tx.query(
    `insert into merchant (id, programme, name, category, created_at)
     values ($1, $2, $3, $4, to_timestamp($5::float8 / 1000)) on conflict (programme, name) do nothing`,
    [merchant.id, merchant.programme, merchant.name, merchant.category, merchant.createdAt],
  );
  return inserted.rowCount === 1;
}

/** What of a programme decides on terms. */
export interface ProgrammeOfTerms {
  readonly id: number;
  readonly timeZone: string;
  readonly clockOffsetMs: number;
  /** Of a change that is worse for members. */
  readonly noticeDays: number;
}

/** The programme for a write: whatever this process remembers, the row decides; its clock is not moved meanwhile. */
export async function readProgramme(
  tx: Transaction,
  code: string,
): Promise<ProgrammeOfTerms | undefined> {
  const { rows } = await tx.query<ProgrammeOfTerms>(
    `select id, time_zone as "timeZone", clock_offset_ms as "clockOffsetMs", rule_notice_days as "noticeDays"
     from programme where code = $1 for share`,
    [code],
  );
  return rows[0];
}

/** One merchant, locked against a concurrent change of what belongs to it. */
export async function lockMerchant(tx: Transaction, id: Uuid): Promise<Merchant | undefined> {
  // A statement that waits for the lock reads terms as they were when it began to wait.
  await tx.query('select from merchant where id = $1 for update', [id]);
  const [merchant] = await readMerchants(tx, [id]);
  return merchant;
}

/** Writes down what a merchant's orders earn from a moment on, and tells every process. */
export async function insertTerm(tx: Transaction, merchant: Uuid, term: TermChange): Promise<void> {
  const { from, earnRatio, changedAt, changedBy } = term;
  await tx.query(
    `insert into merchant_term (merchant, from_ms, earn_points, earn_per_fen, changed_at_ms, changed_by)
     values ($1, $2, $3, $4, $5, $6)`,
    [merchant, from, earnRatio.points, earnRatio.perFen, changedAt, changedBy],
  );
  await tell(tx, 'merchant', merchant);
}

/** Terms of a merchant in the order they were written down, after the one with the number `after`. */
export async function listTerms(
  sql: Sql,
  merchant: Uuid,
  after: number,
  limit: number,
): Promise<NumberedTerm[]> {
  const { rows } = await sql.query<Omit<NumberedTerm, 'earnRatio'> & NumberedTerm['earnRatio']>(
    `select number, from_ms as "from", earn_points as points, earn_per_fen as "perFen", changed_at_ms as "changedAt",
       changed_by as "changedBy"
     from merchant_term where merchant = $1 and number > $2 order by number limit $3`,
    [merchant, after, limit],
  );
  return rows.map(({ points, perFen, ...term }) => ({ ...term, earnRatio: { points, perFen } }));
}

const STORE_COLUMNS = 'merchant, code, name, zone, state, created_at as "createdAt"';

/** False when the merchant has a store of this code. */
export async function insertStore(tx: Transaction, store: Store): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into store (merchant, code, name, zone, state, created_at)
     values ($1, $2, $3, $4, $5, to_timestamp($6::float8 / 1000)) on conflict do nothing`,
    [store.merchant, store.code, store.name, store.zone, store.state, store.createdAt],
  );
  return rowCount === 1;
}

export async function lockStore(
  tx: Transaction,
  merchant: Uuid,
  code: string,
): Promise<Store | undefined> {
  const { rows } = await tx.query<Store>(
    `select ${STORE_COLUMNS} from store where merchant = $1 and code = $2 for update`,
    [merchant, code],
  );
  return rows[0];
}

/** Writes what of a store may change, and tells every process. */
export async function updateStore(tx: Transaction, store: Store): Promise<void> {
  const { merchant, code, name, zone, state } = store;
  await tx.query(
    'update store set name = $3, zone = $4, state = $5 where merchant = $1 and code = $2',
    [merchant, code, name, zone, state],
  );
  await tell(tx, 'merchant', merchant);
}

/** The stores among those named by merchant and code that there are. */
export async function readStores(
  sql: Sql,
  wanted: readonly Pick<Store, 'merchant' | 'code'>[],
): Promise<Store[]> {
  const { rows } = await sql.query<Store>({
    name: 'read-stores',
    text: `select ${STORE_COLUMNS} from store
      where (merchant, code) in (select * from unnest($1::uuid[], $2::text[]))`,
    values: [wanted.map(({ merchant }) => merchant), wanted.map(({ code }) => code)],
  });
  return rows;
}

/** Stores of a merchant by code, after the code `after`. */
export async function listStores(
  sql: Sql,
  merchant: Uuid,
  after: string,
  limit: number,
): Promise<Store[]> {
  const { rows } = await sql.query<Store>(
    `select ${STORE_COLUMNS} from store where merchant = $1 and code > $2 order by code limit $3`,
    [merchant, after, limit],
  );
  return rows;
}
