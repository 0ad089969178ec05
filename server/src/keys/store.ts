import type { Instant } from '../kernel/clock.ts';
import type { Uuid } from '../kernel/id.ts';
import type { Sql, Transaction } from '../platform/database.ts';
import { tell } from '../platform/news.ts';
import type { Principal, Scope } from '../platform/web/auth.ts';
import type { ApiKey, KeyToMake } from './api-key.ts';
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
  expires_at: Instant | null;
  rotated_at: Instant | null;
  previous_until: Instant | null;
  last_used_at: Instant | null;
}
const COLUMNS = `k.id, k.name, k.scopes, k.merchant, k.root, k.created_at, k.revoked_at,
  k.expires_at, k.rotated_at, k.previous_until, k.last_used_at,
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
    expiresAt: row.expires_at,
    rotatedAt: row.rotated_at,
    previousUntil: row.previous_until,
    lastUsedAt: row.last_used_at,
  };
}

/** A key that opens, and until when the secret that was looked for does. */
export interface OpenKey {
  readonly key: ApiKey;
  /** Null: until somebody says otherwise. */
  readonly until: Instant | null;
}

/** The key that a secret of this hash opens now: its own, or the one before it while that lasts. */
export async function findBySecretHash(
  sql: Sql,
  hash: Buffer,
  now: Instant,
): Promise<OpenKey | undefined> {
  const { rows } = await sql.query<Row & { until: Instant | null }>({
    name: 'find-api-key',
    // least() passes over a null: what has no end.
    text: `select ${COLUMNS},
        least(k.expires_at, case when k.secret_hash = $1 then null else k.previous_until end) as until
      from api_key k ${PROGRAMME}
      where (k.secret_hash = $1 or k.previous_hash = $1) and k.revoked_at is null`,
    values: [hash],
  });
  const [row] = rows;
  if (row === undefined || (row.until !== null && row.until <= now)) return undefined;
  return { key: keyOf(row), until: row.until };
}

export async function insertKey(tx: Transaction, key: KeyToMake, hash: Buffer): Promise<void> {
  await tx.query(
    `insert into api_key (id, name, secret_hash, scopes, merchant, programme, root, created_at, expires_at, person)
     values ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8::float8 / 1000), to_timestamp($9::float8 / 1000), $10)`,
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
      key.expiresAt ?? null,
      key.person ?? false,
    ],
  );
}

/** Who asks: keys within their reach are those of their merchant, of their programme and its merchants, or all there are. */
export type KeysOf = Pick<Principal, 'merchant' | 'programme'>;

/** Of keys called k, those within reach of $1 and $2 that are not a person's: persons are on the list of staff. */
const REACHED = `not k.person and ($1::uuid is null or k.merchant = $1)
  and ($2::int is null or coalesce(k.programme, m.programme) = $2)`;
const reachOf = ({ merchant, programme }: KeysOf) => [merchant, programme?.id ?? null];

/** A key within reach that is not a person's, locked until the transaction ends. */
export async function lockKey(tx: Transaction, id: Uuid, of: KeysOf): Promise<ApiKey | undefined> {
  const { rows } = await tx.query<Row>(
    `select ${COLUMNS} from api_key k ${PROGRAMME}
      where ${REACHED} and k.id = $3 for update of k`,
    [...reachOf(of), id],
  );
  return rows[0] === undefined ? undefined : keyOf(rows[0]);
}

/** A key within reach that is not a person's. */
export async function readKey(sql: Sql, id: Uuid, of: KeysOf): Promise<ApiKey | undefined> {
  const { rows } = await sql.query<Row>(
    `select ${COLUMNS} from api_key k ${PROGRAMME}
      where ${REACHED} and k.id = $3`,
    [...reachOf(of), id],
  );
  return rows[0] === undefined ? undefined : keyOf(rows[0]);
}

/** Gives a key a new secret; the one it had works until `previousUntil`, and one that was before that no more. */
export async function rotateSecret(
  tx: Transaction,
  id: Uuid,
  { hash, now, previousUntil }: { hash: Buffer; now: Instant; previousUntil: Instant },
): Promise<void> {
  await tx.query(
    `update api_key set previous_hash = secret_hash, previous_until = to_timestamp($4::float8 / 1000),
       secret_hash = $2, rotated_at = to_timestamp($3::float8 / 1000)
     where id = $1`,
    [id, hash, now, previousUntil],
  );
  await tell(tx, 'keys');
}

/** Notes when keys were used. */
export async function noteUses(sql: Sql, uses: ReadonlyMap<Uuid, Instant>): Promise<void> {
  await sql.query(
    `update api_key k set last_used_at = to_timestamp(u.at / 1000)
       from unnest($1::uuid[], $2::float8[]) as u (id, at)
      where k.id = u.id and (k.last_used_at is null or k.last_used_at <= to_timestamp(u.at / 1000) - interval '1 hour')`,
    [[...uses.keys()], [...uses.values()]],
  );
}

/** Revokes a key that is neither the root nor a person's; undefined when there is none within reach, the key as it is now otherwise. */
export async function revokeKey(
  tx: Transaction,
  id: Uuid,
  now: Instant,
  of: KeysOf,
): Promise<ApiKey | undefined> {
  const key = await lockKey(tx, id, of);
  if (key === undefined || key.root) return key;
  const revokedAt = key.revokedAt ?? now;
  await tx.query('update api_key set revoked_at = to_timestamp($2::float8 / 1000) where id = $1', [
    id,
    revokedAt,
  ]);
  await tell(tx, 'key', id);
  return { ...key, revokedAt };
}

/** The key of this id, whether it opens something or not. */
export async function findKey(sql: Sql, id: Uuid): Promise<ApiKey | undefined> {
  const { rows } = await sql.query<Row>({
    name: 'find-api-key-by-id',
    text: `select ${COLUMNS} from api_key k ${PROGRAMME} where k.id = $1`,
    values: [id],
  });
  return rows[0] === undefined ? undefined : keyOf(rows[0]);
}

/** Says what a person is called, and makes every process ask anew what they may. */
export async function changePersonsKey(tx: Transaction, id: Uuid, name: string): Promise<void> {
  await tx.query('update api_key set name = $2 where id = $1 and person', [id, name]);
  await tell(tx, 'keys');
}

/** Keys within reach by age, after the key `after`. */
export async function listKeys(
  sql: Sql,
  of: KeysOf,
  after: Uuid | null,
  limit: number,
): Promise<ApiKey[]> {
  const { rows } = await sql.query<Row>(
    `select ${COLUMNS} from api_key k ${PROGRAMME}
      where ${REACHED} and ($3::uuid is null or k.id > $3) order by k.id limit $4`,
    [...reachOf(of), after, limit],
  );
  return rows.map(keyOf);
}

/** Gives the one root key this hash and these scopes, making it when there is none. */
export async function putRootKey(tx: Transaction, key: KeyToMake, hash: Buffer): Promise<void> {
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
): Promise<NonNullable<ApiKey['programme']> | undefined> {
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
