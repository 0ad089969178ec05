import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import { tell } from '../platform/news.ts';
import type { Scope } from '../platform/web/auth.ts';
import type { ApiKey } from './api-key.ts';
import { ALL_SCOPES } from './api-key.ts';

interface Row {
  id: Uuid;
  name: string;
  scopes: string[];
  merchant: Uuid | null;
  programme: number | null;
  programme_code: string | null;
  root: boolean;
  created_at: Instant;
  revoked_at: Instant | null;
}
const COLUMNS = `k.id, k.name, k.scopes, k.merchant, k.root, k.created_at, k.revoked_at,
  p.id as programme, p.code as programme_code`;
/** A key that is called k with the programme it reaches. */
const PROGRAMME = `left join merchant m on m.id = k.merchant left join programme p on p.id = coalesce(k.programme, m.programme)`;

const known = new Set<string>(ALL_SCOPES);

function keyOf(row: Row): ApiKey {
  return {
    id: row.id,
    name: row.name,
    // A scope that a newer version granted means nothing to this one.
    scopes: row.scopes.filter((scope): scope is Scope => known.has(scope)),
    merchant: row.merchant,
    programme:
      row.programme === null || row.programme_code === null
        ? null
        : { id: row.programme, code: row.programme_code },
    root: row.root,
    createdAt: row.created_at,
    revokedAt: row.revoked_at,
  };
}

/** The live key with this hash. */
export async function findBySecretHash(sql: Sql, hash: Buffer): Promise<ApiKey | undefined> {
  const { rows } = await sql.query<Row>({
    name: 'find-api-key',
    text: `select ${COLUMNS} from api_key k ${PROGRAMME} where k.secret_hash = $1 and k.revoked_at is null`,
    values: [hash],
  });
  return rows[0] === undefined ? undefined : keyOf(rows[0]);
}

export async function insertKey(tx: Transaction, key: ApiKey, hash: Buffer): Promise<void> {
  await tx.query(
    `insert into api_key (id, name, secret_hash, scopes, merchant, programme, root, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8::float8 / 1000))`,
    [
      key.id,
      key.name,
      hash,
      key.scopes,
      key.merchant,
      // A merchant's key goes with its merchant.
      key.merchant === null ? (key.programme?.id ?? null) : null,
      key.root,
      key.createdAt,
    ],
  );
}

/** Revokes a key that is not the root; null when there is none, the key as it is now otherwise. */
export async function revokeKey(
  tx: Transaction,
  id: Uuid,
  now: Instant,
): Promise<ApiKey | undefined> {
  const { rows } = await tx.query<Row>(
    `with revoked as (
       update api_key set revoked_at = case when root then null else coalesce(revoked_at, to_timestamp($2::float8 / 1000)) end
       where id = $1 returning *
     ) select ${COLUMNS} from revoked k ${PROGRAMME}`,
    [id, now],
  );
  if (rows[0] === undefined) return undefined;
  if (rows[0].revoked_at !== null) await tell(tx, 'key', id);
  return keyOf(rows[0]);
}

/** Keys by age, after the key `after`. */
export async function listKeys(sql: Sql, after: Uuid | null, limit: number): Promise<ApiKey[]> {
  const { rows } = await sql.query<Row>(
    `select ${COLUMNS} from api_key k ${PROGRAMME} where $1::uuid is null or k.id > $1 order by k.id limit $2`,
    [after, limit],
  );
  return rows.map(keyOf);
}

/** Gives the one root key this hash and these scopes, making it when there is none. */
export async function putRootKey(tx: Transaction, key: ApiKey, hash: Buffer): Promise<void> {
  // Processes that start together must not make two.
  await tx.query("select pg_advisory_xact_lock(hashtext('hongmi root key'))");
  const updated = await tx.query(
    `update api_key set secret_hash = $1, scopes = $2 where root and (secret_hash <> $1 or scopes <> $2)`,
    [hash, key.scopes],
  );
  if (updated.rowCount !== 0) return await tell(tx, 'keys');
  const { rows } = await tx.query('select 1 from api_key where root');
  if (rows.length === 0) await insertKey(tx, key, hash);
}

/** The programme that a merchant takes part in; undefined when there is no such merchant. */
export async function programmeOfMerchant(
  sql: Sql,
  id: Uuid,
): Promise<ApiKey['programme'] | undefined> {
  const { rows } = await sql.query<NonNullable<ApiKey['programme']>>(
    'select p.id, p.code from merchant m join programme p on p.id = m.programme where m.id = $1',
    [id],
  );
  return rows[0];
}

export async function findProgramme(
  sql: Sql,
  code: string,
): Promise<NonNullable<ApiKey['programme']> | undefined> {
  const { rows } = await sql.query<NonNullable<ApiKey['programme']>>(
    'select id, code from programme where code = $1',
    [code],
  );
  return rows[0];
}
