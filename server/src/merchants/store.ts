import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import type { Merchant } from './merchant.ts';

interface Row {
  id: Uuid;
  programme: number;
  programme_code: string;
  name: string;
  category: string;
  earn_points: number;
  earn_per_fen: number;
  created_at: Instant;
}

const SELECT = `select m.id, m.programme, p.code as programme_code, m.name, m.category, m.earn_points, m.earn_per_fen,
  m.created_at from merchant m join programme p on p.id = m.programme`;

function merchantOf(row: Row): Merchant {
  return {
    id: row.id,
    programme: row.programme,
    programmeCode: row.programme_code,
    name: row.name,
    category: row.category,
    earnRatio: { points: row.earn_points, perFen: row.earn_per_fen },
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

/** False when its name is taken in the programme. */
export async function insertMerchant(tx: Transaction, merchant: Merchant): Promise<boolean> {
  const inserted = await tx.query(
    `insert into merchant (id, programme, name, category, earn_points, earn_per_fen, created_at)
     values ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8 / 1000)) on conflict (programme, name) do nothing`,
    [
      merchant.id,
      merchant.programme,
      merchant.name,
      merchant.category,
      merchant.earnRatio.points,
      merchant.earnRatio.perFen,
      merchant.createdAt,
    ],
  );
  return inserted.rowCount === 1;
}

/** The programme's number, for a write: whatever this process remembers, the row decides. */
export async function readProgrammeId(tx: Transaction, code: string): Promise<number | undefined> {
  const { rows } = await tx.query<{ id: number }>('select id from programme where code = $1', [
    code,
  ]);
  return rows[0]?.id;
}
